/// The WhatsApp-like server that `--sandbox` starts in the same process.
package struct SandboxSettings: Sendable {
    package var isOn: Bool
    package var host: String
    package var port: Int
    package var snapshot: String?
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
        snapshot = reader.optional(
            "WHARF_SANDBOX_SNAPSHOT",
            .path,
            help: "File in which the sandbox keeps its phones over a restart; without it they are forgotten."
        )
        url = reader.optional(
            "WHARF_SANDBOX_URL",
            .webAddress,
            help: "Link simulated phones of the sandbox that runs at this address, instead of real ones."
        )
    }
}
