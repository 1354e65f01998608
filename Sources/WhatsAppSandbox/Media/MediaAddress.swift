import Foundation
import NIOHTTP1

/// A request to the media host, by its address.
enum MediaAddress: Equatable {
    /// `/mms/TYPE/TOKEN?auth&token[&resume=1][&file_offset=N]`, also `/newsletter/newsletter-TYPE/TOKEN`.
    case upload(Upload)
    /// `/v/…?…`.
    case download(path: String)
    /// `DELETE /mms/TYPE/TOKEN?auth&d_md=…`.
    case delete(type: String, authorization: String, directPath: String)

    struct Upload: Equatable {
        var type: String
        var isPlain: Bool
        /// The hash that the file has, 32 bytes.
        var hash: [UInt8]
        var authorization: String
        var step: Step
    }

    enum Step: Equatable {
        case whole
        /// How much is there?
        case question
        case rest(offset: UInt64)
    }

    /// Whether the address belongs to the media host at all.
    static func isMedia(_ uri: String) -> Bool {
        ["/mms/", "/newsletter/", "/v/"].contains { uri.hasPrefix($0) }
    }

    /// Nil where nothing of the kind is.
    init?(_ head: HTTPRequestHead) {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        let query = Self.fields(parts.count > 1 ? parts[1] : "")
        if path.hasPrefix("/v/") {
            guard head.method == .GET else { return nil }
            self = .download(path: path)
            return
        }
        let pieces = path.split(separator: "/").map(String.init)
        guard pieces.count == 3, let authorization = query["auth"] else { return nil }
        switch (head.method, pieces[0]) {
        case (.DELETE, "mms"):
            guard let bytes = query["d_md"].flatMap({ Base64URL.decode($0) }) else { return nil }
            self = .delete(
                type: pieces[1],
                authorization: authorization,
                directPath: String(decoding: bytes, as: UTF8.self)
            )
        case (.POST, "mms"), (.POST, "newsletter"):
            let isPlain = pieces[0] == "newsletter"
            guard
                let hash = Base64URL.decode(pieces[2].removingPercentEncoding ?? pieces[2]), hash.count == 32,
                let step = Self.step(query)
            else { return nil }
            let type = isPlain ? pieces[1].dropFirst("newsletter-".count) : pieces[1][...]
            self = .upload(
                Upload(
                    type: String(type),
                    isPlain: isPlain,
                    hash: hash,
                    authorization: authorization,
                    step: step
                )
            )
        default: return nil
        }
    }

    private static func step(_ query: [String: String]) -> Step? {
        if query["resume"] == "1" { return .question }
        guard let text = query["file_offset"] else { return .whole }
        return UInt64(text).map { .rest(offset: $0) }
    }

    private static func fields(_ query: Substring) -> [String: String] {
        var fields: [String: String] = [:]
        for field in query.split(separator: "&").prefix(32) {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = pair.first else { continue }
            let value = pair.count > 1 ? String(pair[1]) : ""
            fields[String(key)] = value.removingPercentEncoding ?? value
        }
        return fields
    }
}
