/// Reads a stored record; anything that does not fit is `corruptRecord`.
struct RecordReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Starts behind the version byte, which must be this one.
    init(_ bytes: some Collection<UInt8>, version: UInt8) throws(SignalError) {
        self.bytes = Array(bytes)
        guard try byte() == version else { throw .corruptRecord }
    }

    mutating func byte() throws(SignalError) -> UInt8 {
        guard position < bytes.count else { throw .corruptRecord }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func key() throws(SignalError) -> Key256 {
        guard bytes.count - position >= Key256.count,
            let key = Key256(bytes[position..<(position + Key256.count)])
        else { throw .corruptRecord }
        position += Key256.count
        return key
    }

    mutating func number() throws(SignalError) -> UInt32 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 35 {
            let byte = try byte()
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 {
                guard let number = UInt32(exactly: value) else { throw .corruptRecord }
                return number
            }
            shift += 7
        }
        throw .corruptRecord
    }

    mutating func count(atMost limit: Int) throws(SignalError) -> Int {
        guard let count = Int(exactly: try number()), count <= limit else { throw .corruptRecord }
        return count
    }

    mutating func receivingChain() throws(SignalError) -> ReceivingChain {
        let chain = ChainKey(key: try key(), index: try number())
        var skipped: [SkippedKey] = []
        for _ in 0..<(try count(atMost: ReceivingChain.skippedLimit)) {
            let key = SkippedKey(counter: try number(), seed: try key())
            guard key.counter < chain.index, skipped.last.map({ $0.counter < key.counter }) ?? true else {
                throw .corruptRecord
            }
            skipped.append(key)
        }
        return ReceivingChain(chain: chain, skipped: skipped)
    }

    func finish() throws(SignalError) {
        guard position == bytes.count else { throw .corruptRecord }
    }
}

/// Appends parts of a stored record.
extension Array where Element == UInt8 {
    mutating func append(_ chain: ReceivingChain) {
        append(chain.chain.key)
        appendVarint(UInt64(chain.chain.index))
        appendVarint(UInt64(chain.skipped.count))
        for key in chain.skipped {
            appendVarint(UInt64(key.counter))
            append(key.seed)
        }
    }
}
