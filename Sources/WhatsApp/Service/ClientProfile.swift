/// How a linked device presents itself; the same over its whole life.
package struct ClientProfile: Sendable {
    package let versions: ClientVersionSource
    package let browser: Browser
    package let operatingSystem: OperatingSystem
    /// The name in the phone's list of linked devices.
    package let deviceName: String

    package init(
        versions: ClientVersionSource,
        browser: Browser = .chrome,
        operatingSystem: OperatingSystem = .linux,
        deviceName: String = "Wharf"
    ) {
        self.versions = versions
        self.browser = browser
        self.operatingSystem = operatingSystem
        self.deviceName = deviceName
    }

    /// The browsers that the service knows; each sets the icon in the phone's list.
    package enum Browser: String, Sendable, CaseIterable {
        case chrome, edge, firefox, opera, safari

        /// As the pairing code's request wants it: any other name is answered with 400.
        package var displayName: String {
            switch self {
            case .chrome: "Chrome"
            case .edge: "Edge"
            case .firefox: "Firefox"
            case .opera: "Opera"
            case .safari: "Safari"
            }
        }

        /// The last field of a QR text, and `companion_platform_id`.
        package var clientType: String {
            switch self {
            case .chrome: "1"
            case .edge: "2"
            case .firefox: "3"
            case .opera: "5"
            case .safari: "6"
            }
        }
    }

    /// The systems that the pairing code's request may name.
    package enum OperatingSystem: String, Sendable, CaseIterable {
        case windows, mac, linux

        package var displayName: String {
            switch self {
            case .windows: "Windows"
            case .mac: "Mac OS"
            case .linux: "Linux"
            }
        }
    }

    /// `Chrome (Linux)`.
    var platformDisplay: String { "\(browser.displayName) (\(operatingSystem.displayName))" }
}
