/// The unix socket over which the command line talks to the running server: one JSON document a line, both ways.
enum ControlSocket {
    static let fileName = "control.sock"
    /// A line at most; the longest session ID fits.
    static let lineLimit = 4 << 20
}

/// What the command line wants.
struct ControlRequest: Codable, Sendable {
    enum Command: String, Codable, Sendable {
        case list, create, start, stop, restart, logout, delete, send, tail, export
        case takeIn = "import"
    }

    var command: Command
    /// Name or identifier.
    var session: String?
    var to: String?
    var text: String?
    var format: String?

    /// The `format` of a whole session folder, file by file.
    static let folderFormat = "folder"
}

/// A line of the answer; the last one of a request has `isLast`.
struct ControlReply: Codable, Sendable {
    struct Session: Codable, Sendable {
        var id: String
        var name: String
        var status: String
        var reason: String?
        var jid: String?
        var isWanted: Bool
        var health: Int
        /// What the service does not let the account do, in words.
        var limits: [String]
    }

    var sessions: [Session]?
    /// Something to print: a message's id, a session ID.
    var text: String?
    /// The name of the file whose content `text` is.
    var file: String?
    /// A line of a log.
    var line: String?
    /// Text of a QR code to be scanned.
    var qr: String?
    /// Set when the request could not be met.
    var error: String?
    var isLast = false
}
