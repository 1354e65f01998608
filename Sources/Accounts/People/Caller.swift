/// Who asks, as far as the network tells: for limits, lists of devices and the audit log.
package struct Caller: Sendable, Equatable {
    /// The address as text.
    package let address: String
    /// What counts as one visitor: an IPv4 address, or an IPv6 /64.
    package let network: String
    /// What the browser says it is, shortened and without control characters.
    package let userAgent: String

    package init(address: String, network: String, userAgent: String) {
        self.address = String(address.prefix(64))
        self.network = String(network.prefix(64))
        self.userAgent = String(
            String.UnicodeScalarView(
                userAgent.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)
            )
        )
    }

    /// The program itself, at its start.
    package static let console = Caller(address: "console", network: "console", userAgent: "")
}
