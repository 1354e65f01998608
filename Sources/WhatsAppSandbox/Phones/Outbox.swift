import NIOCore
import WhatsAppWire

/// Stanzas for a device that it has not confirmed yet, in order.
///
/// What was sent on a connection that closed before the confirmation goes out again at the next login.
struct Outbox: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let id: String
        let node: BinaryNode
        var isSent: Bool
    }

    /// How many stanzas of each kind wait, as a device is told when it logs in.
    struct Tally: Sendable, Equatable {
        var messages = 0
        var notifications = 0
        var receipts = 0
        var calls = 0
        var all: Int { messages + notifications + receipts + calls }
    }

    /// As many as wait for a device that never comes; the oldest make room.
    static let capacity = 20_000

    private var waiting = CircularBuffer<Entry>(initialCapacity: 0)

    var count: Int { waiting.count }
    var entries: [Entry] { Array(waiting) }

    mutating func add(_ node: BinaryNode, id: String, sent: Bool) {
        waiting.append(Entry(id: id, node: node, isSent: sent))
        if waiting.count > Self.capacity { waiting.removeFirst() }
    }

    /// Forgets the first stanza of that kind and identifier that was sent, and gives it back.
    ///
    /// `type` tells receipts of one message apart; nil takes any.
    @discardableResult
    mutating func confirm(_ id: String, tag: String, type: String? = nil) -> BinaryNode? {
        let index = waiting.firstIndex { entry in
            entry.isSent && entry.id == id && entry.node.tag == tag
                && (type == nil || entry.node.attributes.text("type") == type)
        }
        guard let index else { return nil }
        let node = waiting[index].node
        if index == waiting.startIndex { waiting.removeFirst() } else { waiting.remove(at: index) }
        return node
    }

    /// The connection is gone: nothing counts as sent.
    mutating func rewind() {
        for index in waiting.indices { waiting[index].isSent = false }
    }

    /// What waits and was not sent yet.
    var tally: Tally {
        var tally = Tally()
        for entry in waiting where !entry.isSent {
            switch entry.node.tag {
            case "message": tally.messages += 1
            case "receipt": tally.receipts += 1
            case "call": tally.calls += 1
            default: tally.notifications += 1
            }
        }
        return tally
    }

    /// Everything that waits, marked as backlog; it counts as sent from now on.
    mutating func takeBacklog() -> [BinaryNode] {
        var backlog: [BinaryNode] = []
        for index in waiting.indices where !waiting[index].isSent {
            waiting[index].isSent = true
            var node = waiting[index].node
            node.attributes["offline"] = "0"
            backlog.append(node)
        }
        return backlog
    }
}
