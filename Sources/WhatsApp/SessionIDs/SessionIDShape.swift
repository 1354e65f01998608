/// How an imported session ID was written.
package struct SessionIDShape: Sendable, Hashable {
    package enum Container: String, Sendable, Hashable {
        /// `creds.json` as it is.
        case json
        case base64
        /// base64 of a zlib or gzip stream.
        case base64Compressed = "base64-compressed"
    }

    package let container: Container
    /// What stood in front, without the separator; nil when nothing did.
    package let prefix: String?
    package let separator: String?
    /// How many files beside `creds.json` came along when it is a whole session folder; nil when it is credentials alone.
    package let folderFiles: Int?

    /// The dialect that writes this form; nil when none does.
    package var dialect: SessionIDDialect? {
        guard folderFiles == nil else { return nil }
        return switch (container, separator) {
        case (.json, _): .credentialsFile
        case (.base64, nil): .bare
        case (.base64, "~"): .tilde
        case (.base64Compressed, "~"): .tildeGzip
        case (.base64Compressed, ";;;"): .semicolonsGzip
        case (.base64Compressed, "!"): .exclamationGzip
        default: nil
        }
    }

    /// The form in words.
    package var text: String {
        let content = folderFiles == nil ? "creds.json" : "session folder"
        let payload =
            switch container {
            case .json: content
            case .base64: "base64(\(content))"
            case .base64Compressed: "base64(gzip(\(content)))"
            }
        return "\(prefix ?? "")\(separator ?? "")\(payload)"
    }
}
