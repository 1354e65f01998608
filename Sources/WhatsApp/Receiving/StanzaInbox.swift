internal import WhatsAppWire

/// Stanzas in the order of their arrival, worked on one after the other.
struct StanzaInbox {
    private var nodes: [BinaryNode] = []
    private var first = 0
    var isWorking = false

    var count: Int { nodes.count - first }

    mutating func append(_ node: BinaryNode) {
        nodes.append(node)
    }

    mutating func popFirst() -> BinaryNode? {
        guard first < nodes.count else {
            if !nodes.isEmpty { nodes = [] }
            first = 0
            return nil
        }
        defer { first += 1 }
        if first >= 64, first * 2 >= nodes.count {
            nodes.removeFirst(first)
            first = 0
        }
        return nodes[first]
    }

    mutating func removeAll() {
        nodes = []
        first = 0
    }
}
