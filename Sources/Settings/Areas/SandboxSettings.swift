/// The WhatsApp-like server that `--sandbox` starts in the same process.
package struct SandboxSettings: Sendable {
    package var isOn: Bool
    package var host: String
    package var port: Int
    package var tlsPort: Int?
    package var tlsNames: [String]
    package var snapshot: String?
    /// Files below it may be sent by path.
    package var files: String?
    /// A sandbox that runs as a process of its own.
    package var url: String?

    init(reading reader: inout SettingsReader) {
        reader.begin("Sandbox")
        isOn = reader.value(
            "WHARF_SANDBOX",
            .switching,
            standard: false,
            help: "Link simulated phones instead of real ones: starts a WhatsApp-like server in the same process."
        )
        host = reader.value(
            "WHARF_SANDBOX_HOST",
            .host,
            standard: "127.0.0.1",
            help: "Address that the sandbox listens on."
        )
        port = reader.value(
            "WHARF_SANDBOX_PORT",
            .wholeNumber(0...65_535),
            standard: 7_080,
            help: "Port that the sandbox listens on; 0 for any free one."
        )
        tlsPort = reader.optional(
            "WHARF_SANDBOX_TLS_PORT",
            .wholeNumber(0...65_535),
            help: "A second port for the sandbox, such as 443. Both take TLS and plain connections."
        )
        tlsNames = reader.value(
            "WHARF_SANDBOX_TLS_NAMES",
            .list(of: .host),
            standard: [],
            help: "Further names of this machine by which clients find the sandbox's TLS."
        )
        snapshot = reader.optional(
            "WHARF_SANDBOX_SNAPSHOT",
            .path,
            help: "File in which the sandbox keeps its phones over a restart; without it they are forgotten."
        )
        files = reader.optional(
            "WHARF_SANDBOX_FILES",
            .path,
            help: "Folder of files that phones may send by path; without it, any if the sandbox is local."
        )
        url = reader.optional(
            "WHARF_SANDBOX_URL",
            .webAddress,
            help: "Link simulated phones of the sandbox that runs at this address, instead of real ones."
        )
    }
}
