internal import Foundation

/// What a client asks of a proxy: a tunnel, or one plain request that is passed on.
struct ProxyRequest: Equatable {
    let host: String
    let port: Int
    /// What goes to the server first; nil for a tunnel.
    let head: [UInt8]?

    static let headLimit = 32 << 10

    /// Reads a request's head without the empty line at its end; nil for what is none.
    init?(head text: String) {
        var lines = text.components(separatedBy: "\r\n")
        guard let first = lines.first else { return nil }
        lines.removeFirst()
        let parts = first.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].hasPrefix("HTTP/1.") else { return nil }
        if parts[0] == "CONNECT" {
            guard let place = Self.place(String(parts[1])) else { return nil }
            (host, port) = place
            head = nil
            return
        }
        guard
            let url = URLComponents(string: String(parts[1])), url.scheme?.lowercased() == "http",
            let name = url.host, !name.isEmpty
        else { return nil }
        host = name.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        port = url.port ?? 80
        guard (1...65_535).contains(port) else { return nil }
        let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
        let query = url.percentEncodedQuery.map { "?\($0)" } ?? ""
        // One request for one connection, so that the next one is looked at anew.
        let kept = lines.filter { line in
            let name = line.prefix { $0 != ":" }.lowercased()
            return !["connection", "proxy-connection", "keep-alive", "proxy-authorization"].contains(name)
        }
        let new = ["\(parts[0]) \(path)\(query) HTTP/1.1"] + kept + ["Connection: close", "", ""]
        head = Array(new.joined(separator: "\r\n").utf8)
    }

    /// `host:port`, or `[address]:port`.
    private static func place(_ text: String) -> (String, Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return host.isEmpty || host.utf8.count > 253 ? nil : (host, port)
    }
}
