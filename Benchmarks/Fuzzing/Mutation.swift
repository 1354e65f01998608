/// Ways of breaking bytes.
struct Mutation {
    /// Valid inputs to start from, and to take pieces of.
    let corpus: [[UInt8]]
    /// Pieces that mean something in the format.
    let pieces: [[UInt8]]

    init(corpus: [[UInt8]], pieces: [[UInt8]] = []) {
        self.corpus = corpus
        self.pieces = pieces
    }

    /// Mostly a broken piece of the corpus; now and then pure noise, or a valid input.
    func input(_ random: inout SplitMix, noise: ClosedRange<Int> = 0...200) -> [UInt8] {
        switch random.number(0...19) {
        case 0: return random.bytes(random.number(noise))
        case 1: return random.pick(corpus)
        default:
            var bytes = random.pick(corpus)
            // One change mostly, sometimes a dozen.
            var changes = random.number(0...5) == 0 ? random.number(2...12) : random.number(1...2)
            while changes > 0 {
                change(&bytes, &random)
                changes -= 1
            }
            return bytes
        }
    }

    /// Makes one change.
    func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty else {
            bytes = random.bytes(random.number(1...8))
            return
        }
        let index = random.number(0...bytes.count - 1)
        switch random.number(0...11) {
        case 0, 1: bytes[index] ^= 1 << UInt8(random.number(0...7))
        case 2: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 3: bytes[index] = random.pick([0, 1, 0x7f, 0x80, 0xff, 0xf8, 0xf9, 0xfc, 0xfd, 0xfe])
        case 4: bytes[index] &+= random.pick([1, 0xff])
        case 5: bytes.removeSubrange(index..<min(bytes.count, index + random.number(1...8)))
        case 6: bytes.insert(contentsOf: random.bytes(random.number(1...8)), at: index)
        case 7: bytes.removeSubrange(index...)
        case 8:
            // A stretch of itself, once more or very often.
            let stretch = Array(bytes[index..<min(bytes.count, index + random.number(1...32))])
            let times = random.number(0...30) == 0 ? random.number(2...2000) : 1
            bytes.insert(contentsOf: (0..<times).flatMap { _ in stretch }, at: index)
        case 9:
            let other = random.pick(corpus)
            guard !other.isEmpty else { return }
            let from = random.number(0...other.count - 1)
            let stretch = other[from..<min(other.count, from + random.number(1...64))]
            bytes.replaceSubrange(index..<min(bytes.count, index + random.number(0...64)), with: stretch)
        case 10:
            // Lengths lie somewhere: a great number in two or four bytes.
            let width = random.pick([2, 3, 4])
            for offset in 0..<width where index + offset < bytes.count {
                bytes[index + offset] = random.pick([0xff, 0x7f, 0x00])
            }
        default:
            guard !pieces.isEmpty else { return bytes.swapAt(index, bytes.count - 1) }
            bytes.replaceSubrange(index..<min(bytes.count, index + random.number(0...4)), with: random.pick(pieces))
        }
    }
}
