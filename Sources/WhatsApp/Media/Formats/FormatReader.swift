/// Reads numbers from a file's first bytes; nil beyond them.
struct FormatReader {
    let bytes: ArraySlice<UInt8>
    private(set) var position = 0

    init(_ bytes: some Collection<UInt8>) {
        self.bytes = ArraySlice(Array(bytes))
    }

    var remaining: Int { bytes.count - position }

    /// Where it is not possible it stands at the end.
    mutating func skip(_ count: Int) {
        position = count >= 0 && count <= remaining ? position + count : bytes.count
    }

    mutating func move(to target: Int) -> Bool {
        guard (0...bytes.count).contains(target) else { return false }
        position = target
        return true
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { position += count }
        return bytes[(bytes.startIndex + position)..<(bytes.startIndex + position + count)]
    }

    mutating func byte() -> UInt8? { take(1)?.first }

    mutating func bigEndian(_ count: Int) -> UInt64? {
        take(count).map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    mutating func littleEndian(_ count: Int) -> UInt64? {
        take(count).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    mutating func tag() -> String? {
        take(4).map { String(decoding: $0, as: UTF8.self) }
    }
}
