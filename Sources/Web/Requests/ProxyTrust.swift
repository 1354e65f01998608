package import HTTPTypes

/// Who sent a request, when proxies that the operator named may stand in between.
package struct ProxyTrust: Sendable {
    /// The one header that the operator's proxies write.
    ///
    /// Only one is believed: a proxy passes the other on as its sender wrote it.
    package enum Header: String, Sendable, CaseIterable {
        case xForwardedFor = "x-forwarded-for"
        case forwarded
    }

    private let ranges: [AddressRange]
    private let header: Header

    package init(ranges: [AddressRange], header: Header = .xForwardedFor) {
        self.ranges = ranges
        self.header = header
    }

    package func isTrusted(_ address: NetworkAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// The right-most address that no trusted proxy has, or the nearest one known when the rest cannot be read.
    package func client(peer: NetworkAddress, headers: HTTPFields) -> NetworkAddress {
        var nearest = peer
        guard isTrusted(peer) else { return peer }
        for hop in hops(headers).reversed() {
            guard let address = Self.address(hop) else { return nearest }
            nearest = address
            guard isTrusted(address) else { return address }
        }
        return nearest
    }

    private func hops(_ headers: HTTPFields) -> [Substring] {
        switch header {
        case .xForwardedFor:
            headers[values: .xForwardedFor].joined(separator: ",").split(
                separator: ",",
                omittingEmptySubsequences: false
            )
        case .forwarded:
            headers[values: .forwarded].joined(separator: ",").split(separator: ",").map { element in
                element.split(separator: ";").lazy
                    .map { $0.trimmed }
                    .first { $0.lowercased().hasPrefix("for=") }
                    .map { $0.dropFirst(4) } ?? ""
            }
        }
    }

    /// Reads `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1`, `[2001:db8::1]:80`, each also in quotation marks.
    private static func address(_ hop: Substring) -> NetworkAddress? {
        let text = hop.trimmed.filter { $0 != "\"" }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return NetworkAddress(text[text.index(after: text.startIndex)..<end])
        }
        if let plain = NetworkAddress(text) { return plain }
        guard let colon = text.firstIndex(of: ":"), text[colon...].dropFirst().allSatisfy(\.isNumber) else {
            return nil
        }
        return NetworkAddress(text[..<colon])
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    var trimmed: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isBlank)
        let end = start.lastIndex { !isBlank($0) }
        return end.map { start[...$0] } ?? start[..<start.startIndex]
    }
}

extension HTTPField.Name {
    /// A name that is written out in our sources and is known to be a token.
    static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("Not a field name") }
        return name
    }

    static let xForwardedFor = known("X-Forwarded-For")
    static let forwarded = known("Forwarded")
    static let requestID = known("X-Request-ID")
    static let csrfToken = known("X-CSRF-Token")
    static let expiresAt = known("X-Expires-At")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let permissionsPolicy = known("Permissions-Policy")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    static let referrerPolicy = known("Referrer-Policy")
    static let robotsTag = known("X-Robots-Tag")
}
