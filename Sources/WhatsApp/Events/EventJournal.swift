/// What has been told and not yet been heard, as it stands in the store.
///
/// Each commit that brings events writes them as one chunk, into a place whose events have all been heard, so that in the
/// ordinary run of things one row is written over and over. A chunk begins with the mark up to which everything has been
/// heard: what other places still hold below the highest mark counts for nothing.
struct EventJournal {
    /// A chunk's row.
    enum Place: Equatable {
        /// No row.
        case none
        /// A row whose events have all been heard.
        case free
        /// A row with events up to this number.
        case taken(last: UInt64)
    }

    /// An event's number, how many numbers it takes, and its form.
    struct Entry: Equatable {
        var number: UInt64
        var count: UInt64
        var record: EventRecord
    }

    private(set) var places: [Place] = []
    private var staged: [Entry] = []
    private(set) var lastNumber: UInt64 = 0
    /// The highest mark that was handed to the store.
    private(set) var writtenMark: UInt64 = 0
    /// Chunks that were let go before they were heard.
    private(set) var lost = 0

    /// Chunks in the store; beyond it the oldest is let go.
    static let limit = 1024
    static let entryLimit = 4096

    var hasStaged: Bool { !staged.isEmpty }

    /// Numbers some events; those of one stanza follow each other.
    mutating func number(_ count: Int) -> ClosedRange<UInt64> {
        let first = lastNumber + 1
        lastNumber += UInt64(max(1, count))
        return first...lastNumber
    }

    /// Keeps events with the next chunk.
    mutating func stage(_ record: EventRecord, _ numbers: ClosedRange<UInt64>) {
        staged.append(
            Entry(number: numbers.lowerBound, count: numbers.upperBound - numbers.lowerBound + 1, record: record)
        )
    }

    /// Writes what is staged into a batch; `mark` is up to where everything has been heard.
    mutating func write(to batch: inout StoreBatch, mark: UInt64) {
        guard let last = staged.last else { return }
        release(upTo: mark)
        let place = freePlace()
        batch.put(.untoldEvents, Self.name(place), Self.encode(staged, mark: mark))
        places[place] = .taken(last: last.number + last.count - 1)
        writtenMark = mark
        staged = []
    }

    /// Writes down what has been heard, without new events; rows that are of no more use go.
    mutating func settle(to batch: inout StoreBatch, mark: UInt64) {
        guard staged.isEmpty, mark > writtenMark else { return }
        release(upTo: mark)
        let place = freePlace()
        batch.put(.untoldEvents, Self.name(place), Self.encode([], mark: mark))
        places[place] = .free
        writtenMark = mark
        for other in places.indices where other != place && places[other] == .free {
            batch.delete(.untoldEvents, Self.name(other))
            places[other] = .none
        }
        while places.last == Place.none { places.removeLast() }
    }

    private mutating func release(upTo mark: UInt64) {
        for place in places.indices {
            if case .taken(let last) = places[place], last <= mark { places[place] = .free }
        }
    }

    private mutating func freePlace() -> Int {
        for place in places.indices {
            if case .taken = places[place] { continue }
            return place
        }
        guard places.count >= Self.limit else {
            places.append(.none)
            return places.count - 1
        }
        lost += 1
        let oldest = places.indices.min { left, right in
            guard case .taken(let one) = places[left], case .taken(let other) = places[right] else { return false }
            return one < other
        }
        return oldest ?? 0
    }

    static func name(_ place: Int) -> String { String(place) }

    // MARK: Rows

    static func encode(_ entries: [Entry], mark: UInt64) -> [UInt8] {
        var writer = RecordWriter(capacity: 16 + 96 * entries.count)
        writer.write(mark)
        var last = mark
        for entry in entries {
            writer.write(entry.number &- last)
            writer.write(entry.count)
            entry.record.encode(to: &writer)
            last = entry.number
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(RecordFormatError) -> (mark: UInt64, entries: [Entry]) {
        var reader = RecordReader(bytes)
        let mark = try reader.number()
        var entries: [Entry] = []
        var last = mark
        while !reader.isAtEnd {
            last = last &+ (try reader.number())
            let count = try reader.number()
            guard count > 0, count <= UInt64(entryLimit), last < .max - count, entries.count < entryLimit else {
                throw RecordFormatError()
            }
            entries.append(Entry(number: last, count: count, record: try EventRecord(&reader)))
        }
        return (mark, entries)
    }

    /// Takes over what an earlier run has left; returns what has not been heard, in order.
    ///
    /// New numbers begin above all that were given, and above `floor`. A row that cannot be read is passed over.
    mutating func load(_ rows: [(name: String, value: [UInt8])], floor: UInt64) -> [Entry] {
        var chunks: [(place: Int, entries: [Entry])] = []
        for row in rows {
            guard let place = Int(row.name), (0..<Self.limit).contains(place) else { continue }
            guard let (mark, entries) = try? Self.decode(row.value) else {
                chunks.append((place, []))
                continue
            }
            writtenMark = max(writtenMark, mark)
            chunks.append((place, entries))
        }
        lastNumber = max(floor, writtenMark)
        var left: [Entry] = []
        for (place, entries) in chunks {
            while places.count <= place { places.append(.none) }
            let open = entries.filter { $0.number + $0.count - 1 > writtenMark }
            places[place] = open.last.map { .taken(last: $0.number + $0.count - 1) } ?? .free
            left += open
        }
        left.sort { $0.number < $1.number }
        if let last = left.last { lastNumber = max(lastNumber, last.number + last.count - 1) }
        return left
    }
}
