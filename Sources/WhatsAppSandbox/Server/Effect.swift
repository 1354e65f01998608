import WhatsAppWire

/// One WebSocket connection, for as long as the server runs.
struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    let rawValue: UInt64
    var description: String { String(rawValue) }
}

/// One order to a phone that waits for its companion's answer.
struct OperationID: Hashable, Sendable {
    let rawValue: UInt64
}

/// What the server wants done outside of itself.
enum Effect: Sendable, Equatable {
    case send(BinaryNode, to: ConnectionID, Shaping)
    /// Closes once everything sent before has gone out.
    case close(ConnectionID)
    /// Closes the socket at once, without a word.
    case cut(ConnectionID)
    case schedule(ServerTimer, after: Duration)
    case cancel(ServerTimer)
    case finish(OperationID, Result<LinkOutcome, SandboxError>)
    /// Something that a snapshot holds has changed.
    case save
    /// Something worth a line in the log; never with secrets.
    case note(ServerNote, ConnectionID)
}

/// A moment that the server waits for.
enum ServerTimer: Hashable, Sendable {
    /// The references that a connection shows run out.
    case references(ConnectionID)
    /// A phone waits no longer for its companion.
    case operation(OperationID)
    /// The owner of a phone does not present the passkey in time.
    case passkey(ConnectionID)
    /// No other message has overtaken the one that is held back.
    case heldMessage(DeviceAddress)
}

/// What became of a scan or of a typed code.
package enum LinkOutcome: Sendable, Equatable {
    case linked(SandboxDevice)
    /// The account wants a passkey: the companion has been asked for an assertion with these options (JSON).
    case passkeyDemanded(options: [UInt8])
}

/// Facts for the log.
enum ServerNote: Sendable, Equatable {
    case registered
    case loggedIn(JID)
    case loginRefused(reason: Int)
    case linked(JID)
    case linkFailed(String)
    case unknownRequest(namespace: String, child: String)
    case malformed(String)
    /// A phone asks for a message again; why.
    case undecryptable(String)
}
