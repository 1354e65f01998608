/// A way to write credentials as one text, all of it in the text.
///
/// The raw value is the `format` of the HTTP API.
package enum SessionIDDialect: String, Sendable, Hashable, CaseIterable, Codable {
    /// `NAME~` + base64(gzip(creds.json)), what most bots of 2025 and 2026 read.
    case tildeGzip = "tilde-gzip"
    /// `NAME~` + base64(creds.json).
    case tilde = "tilde"
    /// `NAME;;;` + base64(gzip(creds.json)).
    case semicolonsGzip = "semicolons-gzip"
    /// `NAME!` + base64(gzip(creds.json)).
    case exclamationGzip = "exclamation-gzip"
    /// base64(creds.json) with nothing in front.
    case bare = "bare"
    /// `creds.json` itself, to be put into the bot's session folder.
    case credentialsFile = "creds.json"

    /// What stands between prefix and payload; nil where there is no prefix.
    package var separator: String? {
        switch self {
        case .tildeGzip, .tilde: "~"
        case .semicolonsGzip: ";;;"
        case .exclamationGzip: "!"
        case .bare, .credentialsFile: nil
        }
    }

    package var hasPrefix: Bool { separator != nil }

    /// Whether the JSON is packed with gzip.
    package var isCompressed: Bool {
        switch self {
        case .tildeGzip, .semicolonsGzip, .exclamationGzip: true
        case .tilde, .bare, .credentialsFile: false
        }
    }

    /// The form in words, for a list to choose from.
    package func form(prefix: SessionIDPrefix) -> String {
        switch self {
        case .credentialsFile: "creds.json"
        case .bare: "base64(creds.json)"
        case .tilde: "\(prefix.text)~base64(creds.json)"
        case .tildeGzip, .semicolonsGzip, .exclamationGzip:
            "\(prefix.text)\(separator ?? "")base64(gzip(creds.json))"
        }
    }
}
