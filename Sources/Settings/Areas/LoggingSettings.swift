package import Logging

/// What is logged, and in which form.
package struct LoggingSettings: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case console
        case json
    }

    package var format: Format
    package var level: Logger.Level

    init(reading reader: inout SettingsReader) {
        reader.begin("Logging")
        format = reader.value(
            "WHARF_LOG_FORMAT",
            .choice,
            standard: .console,
            help: "Form of the log on standard error: lines for people, or one JSON object a line."
        )
        level = reader.value(
            "WHARF_LOG_LEVEL",
            .choice,
            standard: .info,
            help: "Least important messages that are still written."
        )
    }
}
