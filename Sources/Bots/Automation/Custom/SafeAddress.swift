import Foundation

/// Which addresses a bot may be made to ask.
enum SafeAddress {
    /// Whether the host is one of these, or below one of them.
    static func isAllowed(_ host: String, by hosts: [String]) -> Bool {
        let host = host.lowercased()
        return hosts.contains { host == $0.lowercased() || host.hasSuffix(".\($0.lowercased())") }
    }

    /// A value that must stay inside of one part of an address.
    static func escaped(_ value: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return value.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
