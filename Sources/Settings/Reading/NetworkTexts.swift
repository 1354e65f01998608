import Glibc

/// The parts of an `http` or `https` address, where it is one.
struct WebAddress {
    /// Scheme, host and port.
    let origin: String
    let path: String
    var text: String { origin + path }

    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        path = String(rest.dropFirst(authority.count))
        guard !authority.isEmpty, authority.count <= 255, text.count <= 2_000,
            authority.utf8.allSatisfy({ byte in
                byte > 0x20 && byte < 0x7F && !"@?#\\\"<>{}|^`".utf8.contains(byte)
            }),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { return nil }
        let afterHost =
            authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        let host = authority.dropLast(afterHost.count)
        guard !host.isEmpty, host != "[" else { return nil }
        if !afterHost.isEmpty {
            guard afterHost.hasPrefix(":"), let port = Int(afterHost.dropFirst()), (1...65_535).contains(port) else {
                return nil
            }
        }
        origin = scheme + "://" + authority.lowercased()
    }
}

/// Address ranges as they are written.
enum CIDR {
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count <= 2 else { return false }
        let bits: Int
        var buffer = in6_addr()
        if inet_pton(AF_INET, String(address), &buffer) == 1 {
            bits = 32
        } else if inet_pton(AF_INET6, String(address), &buffer) == 1 {
            bits = 128
        } else {
            return false
        }
        guard parts.count == 2, let last = parts.last else { return true }
        return last.allSatisfy { $0.isASCII && $0.isNumber } && Int(last).map { (0...bits).contains($0) } == true
    }
}
