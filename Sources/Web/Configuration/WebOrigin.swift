/// Scheme, host and port of a page, as a browser writes them into `Origin`.
package struct WebOrigin: Hashable, Sendable, CustomStringConvertible {
    package let scheme: String
    /// Lower case, with the port unless it is the scheme's own.
    package let authority: String

    /// Reads `https://wharf.example[:port]`; a path, a query or user data is refused.
    package init?(_ text: some StringProtocol) {
        let lower = text.lowercased()
        guard let colon = lower.firstRange(of: "://") else { return nil }
        scheme = String(lower[..<colon.lowerBound])
        guard scheme == "http" || scheme == "https" else { return nil }
        guard let authority = Self.authority(lower[colon.upperBound...], scheme: scheme) else { return nil }
        self.authority = authority
    }

    /// Normalises a `Host` field the same way; nil when it is none.
    static func authority(_ text: some StringProtocol, scheme: String) -> String? {
        let lower = text.lowercased()
        let isHost: (Unicode.Scalar) -> Bool = { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", "-", ".", ":", "[", "]", "_": true
            default: false
            }
        }
        guard !lower.isEmpty, lower.utf8.count <= 260, lower.unicodeScalars.allSatisfy(isHost) else { return nil }
        let ownPort = scheme == "https" ? ":443" : ":80"
        let plain = lower.hasSuffix(ownPort) ? String(lower.dropLast(ownPort.count)) : lower
        return plain.isEmpty ? nil : plain
    }

    package var description: String { "\(scheme)://\(authority)" }
}
