/// The version of WhatsApp Web that a connection claims to be: `2.3000.N`.
package struct ClientVersion: Sendable, Equatable, Hashable, CustomStringConvertible {
    package let primary: UInt32
    package let secondary: UInt32
    package let tertiary: UInt32

    package init(primary: UInt32, secondary: UInt32, tertiary: UInt32) {
        self.primary = primary
        self.secondary = secondary
        self.tertiary = tertiary
    }

    /// Reads three numbers with dots between them.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let primary = UInt32(parts[0]), let secondary = UInt32(parts[1]),
            let tertiary = UInt32(parts[2])
        else { return nil }
        self.init(primary: primary, secondary: secondary, tertiary: tertiary)
    }

    /// What is known to be accepted as of this release; older ones than the service wants are refused with 405.
    package static let builtIn = ClientVersion(primary: 2, secondary: 3000, tertiary: 1_045_649_367)

    package var description: String { "\(primary).\(secondary).\(tertiary)" }
}
