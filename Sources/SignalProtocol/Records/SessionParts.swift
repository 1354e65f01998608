/// A chain in its parts, for the stores of other programs.
package struct ChainParts: Sendable, Equatable {
    package struct Skipped: Sendable, Equatable {
        package let counter: UInt32
        /// 32 bytes.
        package let seed: [UInt8]

        package init(counter: UInt32, seed: [UInt8]) {
            self.counter = counter
            self.seed = seed
        }
    }

    /// 32 bytes; nil for a chain that gives no more keys than those that were skipped.
    package let key: [UInt8]?
    /// The counter of the next message.
    package let index: UInt32
    /// By ascending counter.
    package let skipped: [Skipped]

    package init(key: [UInt8]?, index: UInt32, skipped: [Skipped] = []) {
        self.key = key
        self.index = index
        self.skipped = skipped
    }
}

/// One ratchet in its parts, for the stores of other programs; keys have 32 bytes.
package struct SessionParts: Sendable, Equatable {
    package struct Receiving: Sendable, Equatable {
        package let ratchetKey: [UInt8]
        package let chain: ChainParts

        package init(ratchetKey: [UInt8], chain: ChainParts) {
            self.ratchetKey = ratchetKey
            self.chain = chain
        }
    }

    package struct Pending: Sendable, Equatable {
        package let preKeyID: UInt32?
        package let signedPreKeyID: UInt32

        package init(preKeyID: UInt32?, signedPreKeyID: UInt32) {
            self.preKeyID = preKeyID
            self.signedPreKeyID = signedPreKeyID
        }
    }

    package let remoteIdentity: [UInt8]
    package let remoteRegistrationID: UInt32
    package let baseKey: [UInt8]
    package let rootKey: [UInt8]
    package let ratchet: Curve25519KeyPair
    package let sending: ChainParts
    package let previousCounter: UInt32
    /// Oldest first; of more than five the newest count.
    package let receiving: [Receiving]
    package let pending: Pending?

    package init(
        remoteIdentity: [UInt8],
        remoteRegistrationID: UInt32,
        baseKey: [UInt8],
        rootKey: [UInt8],
        ratchet: Curve25519KeyPair,
        sending: ChainParts,
        previousCounter: UInt32,
        receiving: [Receiving],
        pending: Pending?
    ) {
        self.remoteIdentity = remoteIdentity
        self.remoteRegistrationID = remoteRegistrationID
        self.baseKey = baseKey
        self.rootKey = rootKey
        self.ratchet = ratchet
        self.sending = sending
        self.previousCounter = previousCounter
        self.receiving = receiving
        self.pending = pending
    }
}

extension SignalSession {
    /// A record from the ratchets of another program's store; of more than forty archived ones the newest, which come first.
    package init(current: SessionParts?, archived: [SessionParts]) throws(SignalError) {
        if let current { self.current = try SessionState(current) }
        for parts in archived.prefix(Self.archiveLimit) { self.archived.append(try SessionState(parts)) }
        boundSkipped()
    }

    package var currentParts: SessionParts? { current?.parts }
    /// Newest first.
    package var archivedParts: [SessionParts] { archived.map(\.parts) }
}

extension SessionState {
    fileprivate init(_ parts: SessionParts) throws(SignalError) {
        guard let remoteIdentity = Key256(parts.remoteIdentity), let baseKey = Key256(parts.baseKey),
            let rootKey = Key256(parts.rootKey), let sendingKey = parts.sending.key.flatMap({ Key256($0) })
        else { throw .corruptRecord }
        var receiving: [Receiving] = []
        for parts in parts.receiving.suffix(Self.receivingLimit) {
            guard let ratchetKey = Key256(parts.ratchetKey) else { throw .corruptRecord }
            receiving.append(Receiving(ratchetKey: ratchetKey, keys: try ReceivingChain(parts.chain)))
        }
        self.init(
            remoteIdentity: remoteIdentity,
            remoteRegistrationID: parts.remoteRegistrationID,
            baseKey: baseKey,
            rootKey: rootKey,
            ratchet: RatchetKeyPair(parts.ratchet),
            sending: ChainKey(key: sendingKey, index: parts.sending.index),
            previousCounter: parts.previousCounter,
            receiving: receiving,
            pending: parts.pending.map {
                PendingPreKey(preKeyID: $0.preKeyID, signedPreKeyID: $0.signedPreKeyID)
            }
        )
    }

    fileprivate var parts: SessionParts {
        SessionParts(
            remoteIdentity: remoteIdentity.bytes,
            remoteRegistrationID: remoteRegistrationID,
            baseKey: baseKey.bytes,
            rootKey: rootKey.bytes,
            ratchet: ratchet.pair,
            sending: ChainParts(key: sending.key.bytes, index: sending.index),
            previousCounter: previousCounter,
            receiving: receiving.map {
                SessionParts.Receiving(ratchetKey: $0.ratchetKey.bytes, chain: $0.keys.parts)
            },
            pending: pending.map {
                SessionParts.Pending(preKeyID: $0.preKeyID, signedPreKeyID: $0.signedPreKeyID)
            }
        )
    }
}

extension ReceivingChain {
    /// Where a chain stands that gives no more keys: every counter has been, and only what was skipped is left.
    private static let closedIndex = UInt32.max

    init(_ parts: ChainParts) throws(SignalError) {
        var skipped: [SkippedKey] = []
        for key in parts.skipped.suffix(Self.skippedLimit) {
            guard let seed = Key256(key.seed), parts.key == nil || key.counter < parts.index,
                skipped.last.map({ $0.counter < key.counter }) ?? true
            else { throw .corruptRecord }
            skipped.append(SkippedKey(counter: key.counter, seed: seed))
        }
        guard let bytes = parts.key else {
            self.init(chain: ChainKey(key: Key256(), index: Self.closedIndex), skipped: skipped)
            return
        }
        guard let key = Key256(bytes) else { throw .corruptRecord }
        self.init(chain: ChainKey(key: key, index: parts.index), skipped: skipped)
    }

    var parts: ChainParts {
        let isClosed = chain.index == Self.closedIndex
        return ChainParts(
            key: isClosed ? nil : chain.key.bytes,
            index: isClosed ? (skipped.last?.counter ?? 0) + 1 : chain.index,
            skipped: skipped.map { ChainParts.Skipped(counter: $0.counter, seed: $0.seed.bytes) }
        )
    }
}
