internal import Glibc
package import NIOCore

/// Which addresses a downloader may reach: the public internet, and what was allowed by name.
package struct OutboundRules: Sendable {
    /// Addresses with their port that are allowed although they are not public, for example `127.0.0.1:8080`.
    package var allowed: Set<String>

    package init(allowed: Set<String> = []) {
        self.allowed = allowed
    }

    package func admits(_ address: SocketAddress) -> Bool {
        guard let host = address.ipAddress, let port = address.port else { return false }
        if allowed.contains("\(host):\(port)") { return true }
        guard port == 80 || port == 443 || port >= 1_024 else { return false }
        switch address {
        case .v4(let address): return Self.isPublic(v4: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            return Self.isPublic(v6: withUnsafeBytes(of: address.address.sin6_addr) { Array($0) })
        case .unixDomainSocket: return false
        }
    }

    /// The blocks of IANA's registry of special addresses, and multicast.
    private static let special: [(UInt32, UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
        (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
        (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 4), (0xF000_0000, 4),
    ]

    static func isPublic(v4 address: UInt32) -> Bool {
        !special.contains { block, length in
            let mask = UInt32.max << (32 - length)
            return address & mask == block
        }
    }

    static func isPublic(v6 bytes: [UInt8]) -> Bool {
        guard bytes.count == 16 else { return false }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped { return isPublic(v4: number(bytes[12...])) }
        // Only global unicast, without the blocks in it that carry other addresses or mean nothing.
        guard bytes[0] & 0xe0 == 0x20 else { return false }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return isPublic(v4: number(bytes[2..<6])) }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] < 0x02 { return false }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] == 0x0d, bytes[3] == 0xb8 { return false }
        return !(bytes[0] == 0x3f && bytes[1] == 0xff && bytes[2] < 0x10)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
