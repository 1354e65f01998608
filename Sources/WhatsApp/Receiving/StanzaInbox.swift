internal import WhatsAppWire

/// Stanzas in the order of their arrival, worked on one after the other.
struct StanzaInbox {
    private var entries: [(node: BinaryNode, weight: Int)] = []
    private var first = 0
    /// About how much memory the waiting ones take.
    private(set) var bytes = 0
    var isWorking = false

    var count: Int { entries.count - first }

    mutating func append(_ node: BinaryNode) {
        let weight = node.weight
        entries.append((node, weight))
        bytes += weight
    }

    mutating func popFirst() -> BinaryNode? {
        guard first < entries.count else {
            if !entries.isEmpty { entries = [] }
            first = 0
            return nil
        }
        if first >= 64, first * 2 >= entries.count {
            entries.removeFirst(first)
            first = 0
        }
        let entry = entries[first]
        // Its content is let go of as soon as it has been worked on.
        entries[first].node = BinaryNode("")
        bytes -= entry.weight
        first += 1
        return entry.node
    }
}

/// What has come in and has not been worked through: messages and what belongs to them; notifications; and the questions of
/// those who could not read a message, whose answers take the service.
///
/// Each has a worker of its own, so that none holds up another.
final class SessionInboxes {
    enum Name { case inbox, notifications, retries }

    var inbox = StanzaInbox()
    var notifications = StanzaInbox()
    var retries = StanzaInbox()
    /// The session is stopping: nothing more is worked on.
    var isClosed = false

    subscript(name: Name) -> StanzaInbox {
        _read {
            switch name {
            case .inbox: yield inbox
            case .notifications: yield notifications
            case .retries: yield retries
            }
        }
        _modify {
            switch name {
            case .inbox: yield &inbox
            case .notifications: yield &notifications
            case .retries: yield &retries
            }
        }
    }

    /// Those whose work never waits for an answer of the service: while they are full the socket is not read.
    var count: Int { inbox.count + notifications.count }
    var bytes: Int { inbox.bytes + notifications.bytes }
}

extension BinaryNode {
    /// About how much memory it takes.
    var weight: Int {
        switch content {
        case .none: 128
        case .bytes(let bytes): 128 + bytes.count
        case .text(let text): 128 + text.utf8.count
        case .jid: 192
        case .nodes(let nodes): nodes.reduce(128) { $0 + $1.weight }
        }
    }
}
