extension SessionState {
    mutating func encrypt(_ plaintext: [UInt8], local: LocalIdentity) throws(SignalError) -> SignalCiphertext {
        var next = sending
        let counter = next.index
        let keys = MessageKeys(seed: try next.advance())
        let message = SignalMessage.frame(
            ratchetKey: ratchet.publicKey,
            counter: counter,
            previousCounter: previousCounter,
            ciphertext: try keys.cipher.encrypt(plaintext),
            macKey: keys.macKey,
            sender: local.pair.publicKey,
            receiver: remoteIdentity
        )
        sending = next
        guard let pending else { return .message(message) }
        return .preKeyMessage(
            PreKeySignalMessage.frame(
                message,
                pending: pending,
                base: baseKey,
                identity: local.pair.publicKey,
                registrationID: local.registrationID
            )
        )
    }

    /// The plaintext; on an error nothing has changed.
    mutating func decrypt(
        _ message: SignalMessage,
        local: LocalIdentity,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        if let position = receiving.firstIndex(where: { $0.ratchetKey == message.ratchetKey }) {
            let (seed, step) = try receiving[position].keys.find(message.counter)
            let plaintext = try open(message, seed: seed, local: local)
            receiving[position].keys.apply(step)
            pending = nil
            return plaintext
        }
        let theirs = RootKey.step(rootKey, agreement: try ratchet.sharedSecret(with: message.ratchetKey))
        var chain = ReceivingChain(chain: ChainKey(key: theirs.chain, index: 0))
        let (seed, step) = try chain.find(message.counter)
        let plaintext = try open(message, seed: seed, local: local)
        chain.apply(step)

        let fresh = RatchetKeyPair.generate(using: &random)
        let own = RootKey.step(theirs.root, agreement: try fresh.sharedSecret(with: message.ratchetKey))
        rootKey = own.root
        ratchet = fresh
        // Some receivers fill the old chain up to this number; below zero it would be four thousand million.
        previousCounter = sending.index == 0 ? 0 : sending.index - 1
        sending = ChainKey(key: own.chain, index: 0)
        receiving.append(Receiving(ratchetKey: message.ratchetKey, keys: chain))
        if receiving.count > Self.receivingLimit { receiving.removeFirst() }
        pending = nil
        return plaintext
    }

    private func open(_ message: SignalMessage, seed: Key256, local: LocalIdentity) throws(SignalError) -> [UInt8] {
        let keys = MessageKeys(seed: seed)
        let isAuthentic = message.isAuthentic(
            macKey: keys.macKey,
            sender: remoteIdentity,
            receiver: local.pair.publicKey
        )
        guard isAuthentic else { throw .badMAC }
        return try keys.cipher.decrypt(message.ciphertext)
    }
}
