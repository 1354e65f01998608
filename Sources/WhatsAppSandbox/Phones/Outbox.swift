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

    /// As many as wait for a device that never comes; the oldest make room.
    static let capacity = 1_000

    private(set) var entries: [Entry] = []

    mutating func add(_ node: BinaryNode, id: String, sent: Bool) {
        entries.append(Entry(id: id, node: node, isSent: sent))
        if entries.count > Self.capacity { entries.removeFirst(entries.count - Self.capacity) }
    }

    mutating func confirm(_ id: String) {
        entries.removeAll { $0.isSent && $0.id == id }
    }

    /// The connection is gone: nothing counts as sent.
    mutating func rewind() {
        for index in entries.indices { entries[index].isSent = false }
    }

    /// Everything that waits, marked as backlog; it counts as sent from now on.
    mutating func takeBacklog() -> [BinaryNode] {
        entries.indices.compactMap { index in
            guard !entries[index].isSent else { return nil }
            entries[index].isSent = true
            var node = entries[index].node
            node.attributes["offline"] = "0"
            return node
        }
    }
}
