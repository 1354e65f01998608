/// How long connections and the stop may take.
package struct TimeoutSettings: Sendable {
    package var idle: Duration
    package var requestBody: Duration
    package var shutdown: Duration

    init(reading reader: inout SettingsReader) {
        reader.begin("Times")
        idle = reader.value(
            "WHARF_IDLE_TIMEOUT",
            .duration(.seconds(1) ... .seconds(3_600)),
            standard: .seconds(60),
            help: "How long a connection may stay open between two requests."
        )
        requestBody = reader.value(
            "WHARF_REQUEST_TIMEOUT",
            .duration(.seconds(1) ... .seconds(3_600)),
            standard: .seconds(30),
            help: "How long a client may take to send the body of a request."
        )
        shutdown = reader.value(
            "WHARF_SHUTDOWN_TIMEOUT",
            .duration(.seconds(1) ... .seconds(10)),
            standard: .seconds(8),
            help: "How long what is under way may still take after SIGTERM or SIGINT."
        )
    }
}
