import Foundation

/// The network address that somebody asks from, as far as limits tell people apart.
package struct ClientAddress: Hashable, Sendable {
    /// An IPv4 address, or the /64 of an IPv6 one: what a provider gives to one customer.
    package let bucket: String

    /// Reads an IP address without a port.
    ///
    /// IPv4 in IPv6's clothes (`::ffff:192.0.2.1`) is IPv4, and a zone (`%eth0`) is ignored. Nil when it is no address.
    package init?(parsing text: String) {
        let address = String(text.prefix { $0 != "%" })
        // Longer than any address; and C would stop at a zero byte.
        guard address.utf8.count <= 64, !address.utf8.contains(0) else { return nil }
        if let bytes = Self.bytes(of: address, family: AF_INET, count: 4) {
            bucket = Self.text(ofIPv4: bytes)
        } else if let bytes = Self.bytes(of: address, family: AF_INET6, count: 16) {
            let isMapped = bytes.starts(with: Self.mappedPrefix)
            bucket = isMapped ? Self.text(ofIPv4: bytes.suffix(4)) : Self.text(ofNetwork: bytes)
        } else {
            return nil
        }
    }

    private static func bytes(of address: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, address, &bytes) == 1 ? bytes : nil
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private static func text(ofIPv4 bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0) }.joined(separator: ".")
    }

    private static func text(ofNetwork bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}

extension ClientAddress: CustomStringConvertible {
    package var description: String { "ClientAddress" }
}
