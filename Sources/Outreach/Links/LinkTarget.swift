import Foundation

/// An address that a short link may lead to: `http` or `https`, a full host name, no credentials, ASCII throughout.
package struct LinkTarget: Sendable, Equatable {
    /// Bytes.
    package static let limit = 2_048

    package let address: String

    /// The address as people write it; without a scheme it is `https`.
    ///
    /// `own` is the server's public address, whose short links cannot be shortened again. A host name in other letters
    /// than ASCII is taken in its form with `xn--` alone.
    ///
    /// - Throws: ``LinkError/invalidTarget(_:)``.
    package init(_ text: String, own: String) throws(LinkError) {
        let written = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard written.utf8.count <= Self.limit else { throw .invalidTarget(.tooLong(limit: Self.limit)) }
        guard written.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7f }),
            let url = URL(string: written.contains("://") ? written : "https://\(written)"),
            let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(percentEncoded: true)?.lowercased(), Self.isFull(host)
        else { throw .invalidTarget(.notAnAddress) }
        guard url.user == nil, url.password == nil else { throw .invalidTarget(.credentials) }
        let address = url.absoluteString
        // It becomes a field of an answer.
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw .invalidTarget(.notAnAddress) }
        guard address.utf8.count <= Self.limit else { throw .invalidTarget(.tooLong(limit: Self.limit)) }
        if let own = URL(string: own), own.host()?.lowercased() == host, own.port == url.port,
            url.path().lowercased().hasPrefix("/link/")
        {
            throw .invalidTarget(.circular)
        }
        self.address = address
    }

    /// Several labels of letters, digits and hyphens, the last of them not of digits alone: neither a machine nearby nor
    /// an address of numbers.
    private static func isFull(_ host: String) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, host.utf8.count <= 253, let last = labels.last else { return false }
        let areSound = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
        return areSound && last != "local" && last != "localhost" && !last.utf8.allSatisfy { isDigit($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x7a).contains(byte) }
}
