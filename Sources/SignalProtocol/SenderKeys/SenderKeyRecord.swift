/// The sender keys that one device of a group has handed out, newest first.
///
/// Errors leave the record as it was.
package struct SenderKeyRecord: Sendable, Equatable {
    struct State: Sendable, Equatable {
        let id: UInt32
        let signingKey: Key256
        var keys: ReceivingChain
        var point = VerifyingPoint()
    }

    private(set) var states: [State] = []

    static let stateLimit = 5
    /// Keys of skipped messages in all states together; the oldest go first.
    static let skippedLimit = 4000
    private static let recordVersion: UInt8 = 1

    package init() {}

    init(states: [State]) {
        self.states = states
    }

    /// Takes in a key that the device has sent.
    ///
    /// The same key again keeps what is known of it, which may be further on; another key of the same number replaces it.
    package mutating func process(_ distribution: SenderKeyDistribution) {
        let known = states.firstIndex { $0.id == distribution.id }.map { states.remove(at: $0) }
        if let known, known.signingKey == distribution.signingKey {
            states.insert(known, at: 0)
            return
        }
        let chain = ChainKey(key: distribution.chainKey, index: distribution.iteration)
        let state = State(
            id: distribution.id,
            signingKey: distribution.signingKey,
            keys: ReceivingChain(chain: chain)
        )
        states.insert(state, at: 0)
        if states.count > Self.stateLimit { states.removeLast(states.count - Self.stateLimit) }
    }

    /// Whether a key of that number has come.
    package func knows(id: UInt32) -> Bool {
        states.contains { $0.id == id }
    }

    /// Decrypts a `skmsg`.
    package mutating func decrypt(_ message: some Collection<UInt8>) throws(SignalError) -> [UInt8] {
        let message = try SenderKeyMessage(Array(message))
        guard let position = states.firstIndex(where: { $0.id == message.id }) else {
            throw .noSenderKey(message.id)
        }
        guard message.isSigned(with: states[position].signingKey, keeping: &states[position].point) else {
            throw .invalidSignature
        }
        let (seed, step) = try states[position].keys.find(message.iteration)
        let plaintext = try CBCKeys(groupSeed: seed).decrypt(message.ciphertext)
        states[position].keys.apply(step)
        boundSkipped()
        return plaintext
    }

    private mutating func boundSkipped() {
        var room = Self.skippedLimit
        guard states.reduce(0, { $0 + $1.keys.skipped.count }) > room else { return }
        for position in states.indices {
            states[position].keys.forget(keeping: room)
            room -= states[position].keys.skipped.count
        }
    }

    /// Reads what `serialized()` gave.
    package init(serialized: some Collection<UInt8>) throws(SignalError) {
        var reader = try RecordReader(serialized, version: Self.recordVersion)
        for _ in 0..<(try reader.count(atMost: Self.stateLimit)) {
            let state = State(
                id: try reader.number(),
                signingKey: try reader.key(),
                keys: try reader.receivingChain()
            )
            states.append(state)
        }
        try reader.finish()
    }

    /// The record in a form of our own; some eighty bytes for one key.
    package func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + 80 * states.count)
        bytes.append(Self.recordVersion)
        bytes.appendVarint(UInt64(states.count))
        for state in states {
            bytes.appendVarint(UInt64(state.id))
            bytes.append(state.signingKey)
            bytes.append(state.keys)
        }
        return bytes
    }
}

extension CBCKeys {
    /// The keys of one message to a group: the vector comes first here.
    init(groupSeed seed: Key256) {
        var expansion = KeyExpansion(of: seed, info: "WhisperGroup")
        let first = expansion.next().words
        let second = expansion.next().words
        self.init(cipherKey: Key256(words: (first.2, first.3, second.0, second.1)), iv: (first.0, first.1))
    }
}
