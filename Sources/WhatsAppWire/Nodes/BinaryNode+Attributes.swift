extension BinaryNode {
    /// A node's attributes, in the order of the wire; there are few, so that a search is a walk.
    package struct Attributes: Sendable {
        /// Nil where there are none.
        // SAFETY: entries that are there never change. They are added by the one maker of a fresh storage before it is
        // handed out, or under a unique reference (see `append`).
        nonisolated(unsafe) private var storage: AttributeStorage?
        private var start: UInt32 = 0
        private var end: UInt32 = 0

        package init() {}

        /// What a storage has got since it had `start` entries.
        @inline(__always)
        init(_ storage: AttributeStorage, from start: Int) {
            self.storage = storage
            self.start = UInt32(truncatingIfNeeded: start)
            end = UInt32(truncatingIfNeeded: storage.count)
        }

        package var count: Int { Int(end &- start) }

        /// The first value under a key; setting nil removes it.
        package subscript(key: String) -> Value? {
            get {
                withEntries { entries in
                    for entry in entries where entry.key == key { return entry.value }
                    return nil
                }
            }
            set {
                let index = withEntries { entries in entries.firstIndex { $0.key == key } }
                if let index {
                    replace(at: index, with: newValue.map { AttributeEntry(key: key, value: $0) })
                } else if let newValue {
                    append(AttributeEntry(key: key, value: newValue))
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

        @inline(__always)
        func withEntries<Result>(_ body: (UnsafeMutableBufferPointer<AttributeEntry>) -> Result) -> Result {
            guard let storage else { return body(UnsafeMutableBufferPointer(start: nil, count: 0)) }
            return storage.withEntries(Int(start)..<Int(end), body)
        }

        fileprivate mutating func append(_ entry: AttributeEntry) {
            let isOwn = isKnownUniquelyReferenced(&storage)
            if isOwn, let storage, storage.room > 0, storage.count == Int(end) {
                storage.append(entry)
                end += 1
            } else {
                self = copy(room: Swift.max(count, 3)) { $0 }
                append(entry)
            }
        }

        private mutating func replace(at index: Int, with entry: AttributeEntry?) {
            var position = 0
            self = copy(room: 0) { old in
                defer { position += 1 }
                return position == index ? entry : old
            }
        }

        /// The entries in a storage of their own, with room for some more; nil leaves one out.
        private func copy(room: Int, _ change: (AttributeEntry) -> AttributeEntry?) -> Attributes {
            let copy = AttributeStorage.with(capacity: count + room)
            withEntries { entries in
                for entry in entries {
                    if let entry = change(entry) { copy.append(entry) }
                }
            }
            return Attributes(copy, from: 0)
        }
    }
}

extension BinaryNode.Attributes: ExpressibleByDictionaryLiteral {
    /// Later values replace earlier ones; nil leaves the attribute out.
    package init(dictionaryLiteral elements: (String, BinaryNode.Value?)...) {
        self.init()
        if !elements.isEmpty { self = Self(AttributeStorage.with(capacity: elements.count), from: 0) }
        for (key, value) in elements { self[key] = value }
    }
}

extension BinaryNode.Attributes: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate let attributes: BinaryNode.Attributes
        fileprivate var position = 0

        package mutating func next() -> (key: String, value: BinaryNode.Value)? {
            guard position < attributes.count else { return nil }
            defer { position += 1 }
            return attributes.withEntries { ($0[position].key, $0[position].value) }
        }
    }

    package func makeIterator() -> Iterator {
        Iterator(attributes: self)
    }

    package var underestimatedCount: Int { count }
}

extension BinaryNode.Attributes: Equatable {
    /// The order has no meaning.
    package static func == (left: Self, right: Self) -> Bool {
        guard left.count == right.count else { return false }
        return left.withEntries { left in
            right.withEntries { entries in
                left.elementsEqual(entries) || left.allSatisfy { right[$0.key] == $0.value }
            }
        }
    }
}
