extension BinaryNode {
    /// A node's attributes, in the order of the wire; there are few, so that a search is a walk.
    package struct Attributes: Sendable {
        var entries: ContiguousArray<Entry>

        struct Entry: Sendable, Equatable {
            var key: String
            var value: Value
        }

        package init() {
            entries = []
        }

        init(entries: ContiguousArray<Entry>) {
            self.entries = entries
        }

        package var count: Int { entries.count }

        /// The first value under a key; setting nil removes it.
        package subscript(key: String) -> Value? {
            get {
                for entry in entries where entry.key == key { return entry.value }
                return nil
            }
            set {
                let index = entries.firstIndex { $0.key == key }
                switch (index, newValue) {
                case (let index?, let value?): entries[index].value = value
                case (let index?, nil): entries.remove(at: index)
                case (nil, let value?): entries.append(Entry(key: key, value: value))
                case (nil, nil): break
                }
            }
        }

        /// The value as text, in whichever form it came.
        package func text(_ key: String) -> String? { self[key]?.text }

        /// The value as a JID, in whichever form it came; nil when it is none.
        package func jid(_ key: String) -> JID? { self[key]?.jid }

        /// The value as a decimal number; nil when it is none or does not fit.
        package func integer<Number: FixedWidthInteger>(_ key: String, as type: Number.Type = Number.self) -> Number? {
            text(key).flatMap { Number($0) }
        }
    }
}

extension BinaryNode.Attributes: ExpressibleByDictionaryLiteral {
    /// Later values replace earlier ones; nil leaves the attribute out.
    package init(dictionaryLiteral elements: (String, BinaryNode.Value?)...) {
        self.init()
        entries.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }
}

extension BinaryNode.Attributes: Sequence {
    package func makeIterator() -> some IteratorProtocol<(key: String, value: BinaryNode.Value)> {
        entries.lazy.map { (key: $0.key, value: $0.value) }.makeIterator()
    }
}

extension BinaryNode.Attributes: Equatable {
    /// The order has no meaning.
    package static func == (left: Self, right: Self) -> Bool {
        left.entries == right.entries
            || left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value }
    }
}
