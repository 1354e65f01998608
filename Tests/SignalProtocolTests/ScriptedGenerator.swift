/// Gives the bytes that a vector wants where the code would draw random ones.
struct ScriptedGenerator: RandomNumberGenerator {
    private var bytes: [UInt8]

    init(_ parts: [UInt8]...) {
        bytes = parts.flatMap { $0 }
    }

    var isUsedUp: Bool { bytes.isEmpty }

    mutating func feed(_ more: [UInt8]) {
        bytes += more
    }

    mutating func next() -> UInt64 {
        let word = bytes.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
        bytes.removeFirst(min(8, bytes.count))
        return word
    }
}
