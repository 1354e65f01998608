internal import Foundation

/// Addresses of media, made from what the service and senders say, neither of which is trusted.
enum MediaAddress {
    /// Where downloads go when the service names nothing.
    static let standardHosts = ["mmg.whatsapp.net", "mmg-fallback.whatsapp.net"]

    private static let pathLimit = 4_096

    /// A name or an address, perhaps with a port.
    static func isHost(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
                    || byte == UInt8(ascii: "_")
            }
    }

    /// Whether it is one of the service's own hosts; a sender may write anything into a message.
    static func isOfService(_ host: some StringProtocol) -> Bool {
        host == "whatsapp.net" || host.hasSuffix(".whatsapp.net")
    }

    /// Whether it can stand behind a host: begins with a slash, and is printable ASCII without spaces.
    static func isPath(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "/") && text.utf8.count <= pathLimit
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }
    }

    /// `SCHEME://HOST` + path + `&hash=…&mms-type=…&__wa-mms=`; without the extra parameters for plain media.
    static func download(
        scheme: String,
        host: String,
        directPath: String,
        encryptedHash: [UInt8]?,
        type: String
    ) -> String {
        let base = "\(scheme)://\(host)\(directPath)"
        guard let encryptedHash else { return base }
        let separator = directPath.contains("?") ? "&" : "?"
        return "\(base)\(separator)hash=\(base64URL(encryptedHash))&mms-type=\(type)&__wa-mms="
    }

    /// `SCHEME://HOST/mms/TYPE/TOKEN?auth=AUTH&token=TOKEN`.
    static func upload(scheme: String, host: String, path: String, token: String, authorization: String) -> String {
        "\(scheme)://\(host)\(path)/\(token)?auth=\(escaped(authorization))&token=\(token)"
    }

    /// The part of a path before the query.
    static func withoutQuery(_ path: String) -> String {
        String(path.prefix { $0 != "?" })
    }

    /// An address from a message, if it leads to a host of the service or to one that it named; path and query.
    static func trustedURL(_ url: String, scheme: String, hosts: [String]) -> (host: String, path: String)? {
        let prefix = "\(scheme)://"
        guard url.hasPrefix(prefix) else { return nil }
        let rest = url.dropFirst(prefix.count)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let host = String(rest[..<slash])
        let path = String(rest[slash...])
        guard isHost(host), isPath(path), hosts.contains(host) || (!host.contains(":") && isOfService(host)) else {
            return nil
        }
        return (host, path)
    }

    /// Without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-")
            .replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Percent-encoded but for letters, digits and `-._~`.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = isAlphanumeric(byte) || "-._~".utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + hexadecimal(byte >> 4) + hexadecimal(byte & 15)
        }
        .joined()
    }

    private static func hexadecimal(_ digit: UInt8) -> String {
        String(digit, radix: 16, uppercase: true)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
