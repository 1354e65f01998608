/// Where a symmetric chain stands: it gives one seed per message and moves on.
struct ChainKey: Sendable, Equatable {
    var key: Key256
    /// The counter of the next message.
    var index: UInt32

    /// The seed of the message at the index; the chain moves on.
    mutating func advance() throws(SignalError) -> Key256 {
        guard index < .max else { throw .chainExhausted }
        let keyed = HMACSHA256(key: key)
        var seed = keyed
        seed.update(0x01)
        var next = keyed
        next.update(0x02)
        key = next.finish()
        index += 1
        return seed.finish()
    }
}

/// What remains of a message that was skipped: its counter and the seed of its keys.
struct SkippedKey: Sendable, Equatable {
    let counter: UInt32
    let seed: Key256
}

/// A chain of somebody else's messages, with the keys of those that have not come yet.
struct ReceivingChain: Sendable, Equatable {
    var chain: ChainKey
    /// Ascending counters, all below the chain's index.
    private(set) var skipped: [SkippedKey]

    /// How far a message may be ahead, and how many keys are kept; what all of WhatsApp's clients agree on.
    static let forwardLimit: UInt32 = 2000
    static let skippedLimit = 2000

    /// A chain of which nothing has been skipped, or as it was stored.
    init(chain: ChainKey, skipped: [SkippedKey] = []) {
        self.chain = chain
        self.skipped = skipped
    }

    /// What a message does to the chain, once it has proved to be genuine.
    enum Step {
        case used(position: Int)
        case advanced(to: ChainKey, skipping: [SkippedKey])
    }

    /// The seed of a message's keys and what is to change; nothing has changed yet.
    func find(_ counter: UInt32) throws(SignalError) -> (seed: Key256, step: Step) {
        if counter < chain.index {
            guard let position = position(of: counter) else { throw .duplicate(counter: counter) }
            return (skipped[position].seed, .used(position: position))
        }
        guard counter - chain.index <= Self.forwardLimit else { throw .tooFarAhead }
        var next = chain
        var between: [SkippedKey] = []
        if counter > chain.index { between.reserveCapacity(Int(counter - chain.index)) }
        while next.index < counter {
            let index = next.index
            between.append(SkippedKey(counter: index, seed: try next.advance()))
        }
        let seed = try next.advance()
        return (seed, .advanced(to: next, skipping: between))
    }

    mutating func apply(_ step: Step) {
        switch step {
        case .used(let position):
            if skipped.indices.contains(position) { skipped.remove(at: position) }
        case .advanced(let next, let between):
            chain = next
            guard !between.isEmpty else { return }
            skipped.append(contentsOf: between)
            forget(keeping: Self.skippedLimit)
        }
    }

    /// Drops the oldest skipped keys.
    mutating func forget(keeping limit: Int) {
        if skipped.count > limit { skipped.removeFirst(skipped.count - limit) }
    }

    private func position(of counter: UInt32) -> Int? {
        var low = 0
        var high = skipped.count
        while low < high {
            let middle = low + (high - low) / 2
            if skipped[middle].counter < counter { low = middle + 1 } else { high = middle }
        }
        return low < skipped.count && skipped[low].counter == counter ? low : nil
    }
}
