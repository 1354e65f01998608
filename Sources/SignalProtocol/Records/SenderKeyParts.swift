/// A sender key in its parts, for the stores of other programs; keys have 32 bytes.
package struct SenderKeyParts: Sendable, Equatable {
    package let id: UInt32
    package let signingKey: [UInt8]
    package let chain: ChainParts

    package init(id: UInt32, signingKey: [UInt8], chain: ChainParts) {
        self.id = id
        self.signingKey = signingKey
        self.chain = chain
    }
}

extension SenderKeyRecord {
    /// A record from the keys of another program's store, newest first; of more than five the newest.
    package init(parts: [SenderKeyParts]) throws(SignalError) {
        var states: [State] = []
        for parts in parts.prefix(Self.stateLimit) {
            guard let signingKey = Key256(parts.signingKey) else { throw .corruptRecord }
            states.append(State(id: parts.id, signingKey: signingKey, keys: try ReceivingChain(parts.chain)))
        }
        self.init(states: states)
    }

    /// Newest first.
    package var parts: [SenderKeyParts] {
        states.map { SenderKeyParts(id: $0.id, signingKey: $0.signingKey.bytes, chain: $0.keys.parts) }
    }
}

extension OwnSenderKey {
    /// An own key from another program's store; the chain's key has 32 bytes.
    package init(id: UInt32, chainKey: [UInt8], iteration: UInt32, signing: Curve25519KeyPair) throws(SignalError) {
        guard let key = Key256(chainKey) else { throw .corruptRecord }
        self.init(id: id, chain: ChainKey(key: key, index: iteration), signing: signing)
    }

    /// The key of the next message's link of the chain, 32 bytes.
    package var chainKey: [UInt8] { chain.key.bytes }
    /// The pair that signs.
    package var signingPair: Curve25519KeyPair { signing }
}
