/// A key and its value.
struct AttributeEntry: Sendable, Equatable {
    var key: String
    var value: BinaryNode.Value
}

/// Entries that only ever grow, shared by the attributes that are ranges of them.
///
/// All nodes of a stanza that was read share one or two of these, so that a node costs no allocation for its attributes.
final class AttributeStorage: ManagedBuffer<AttributeStorage.Header, AttributeEntry> {
    struct Header {
        var count: Int
        let capacity: Int
    }

    static func with(capacity: Int) -> AttributeStorage {
        let storage = create(minimumCapacity: capacity) { _ in Header(count: 0, capacity: capacity) }
        // `create` is declared to give the base class, and gives this one.
        return unsafeDowncast(storage, to: AttributeStorage.self)
    }

    deinit {
        _ = withUnsafeMutablePointers { header, entries in
            entries.deinitialize(count: header.pointee.count)
        }
    }

    @inline(__always)
    var count: Int { withUnsafeMutablePointerToHeader { $0.pointee.count } }

    @inline(__always)
    var room: Int { withUnsafeMutablePointerToHeader { $0.pointee.capacity - $0.pointee.count } }

    /// Adds an entry; there must be room.
    @inline(__always)
    func append(_ entry: AttributeEntry) {
        withUnsafeMutablePointers { header, entries in
            precondition(header.pointee.count < header.pointee.capacity, "No room for another attribute")
            (entries + header.pointee.count).initialize(to: entry)
            header.pointee.count += 1
        }
    }

    /// The entries of a range, which must not go beyond `count`.
    @inline(__always)
    func withEntries<Result>(
        _ range: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<AttributeEntry>) -> Result
    ) -> Result {
        withUnsafeMutablePointers { header, entries in
            precondition(range.upperBound <= header.pointee.count, "There are not so many attributes")
            return body(UnsafeMutableBufferPointer(start: entries + range.lowerBound, count: range.count))
        }
    }
}
