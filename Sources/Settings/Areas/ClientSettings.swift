/// How linked devices present themselves to WhatsApp.
package struct ClientSettings: Sendable {
    package enum Browser: String, Sendable, CaseIterable {
        case chrome
        case edge
        case firefox
        case opera
        case safari
    }

    package enum OperatingSystem: String, Sendable, CaseIterable {
        case windows
        case mac
        case linux
    }

    /// Three numbers with dots; nil to follow the service.
    package var version: String?
    package var deviceName: String
    package var browser: Browser
    package var operatingSystem: OperatingSystem

    init(reading reader: inout SettingsReader) {
        reader.begin("WhatsApp client")
        version = reader.optional(
            "WHARF_CLIENT_VERSION",
            SettingType(
                expectation: "three numbers with dots, such as 2.3000.1045649367",
                parse: { text in
                    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
                    return parts.count == 3 && parts.allSatisfy { UInt32($0) != nil } ? text : nil
                },
                write: { $0 }
            ),
            help:
                "Version of WhatsApp Web to claim. Without it Wharf follows the service's web page and keeps the last good one."
        )
        deviceName = reader.value(
            "WHARF_CLIENT_DEVICE_NAME",
            .text("a name", limit: 50),
            standard: "Wharf",
            help: "Name in the phone's list of linked devices."
        )
        browser = reader.value(
            "WHARF_CLIENT_BROWSER",
            .choice,
            standard: .chrome,
            help: "Browser that a linked device says it runs in; sets the picture in the phone's list."
        )
        operatingSystem = reader.value(
            "WHARF_CLIENT_SYSTEM",
            .choice,
            standard: .linux,
            help: "Operating system that a linked device says it runs on."
        )
    }
}
