/// Which pre-keys a session was begun with, told until the other side has answered.
struct PendingPreKey: Sendable, Equatable {
    let preKeyID: UInt32?
    let signedPreKeyID: UInt32
}

/// One Double Ratchet with one device.
struct SessionState: Sendable, Equatable {
    struct Receiving: Sendable, Equatable {
        let ratchetKey: Key256
        var keys: ReceivingChain
    }

    let remoteIdentity: Key256
    let remoteRegistrationID: UInt32
    /// The initiator's base key, which names the session.
    let baseKey: Key256
    var rootKey: Key256
    var ratchet: RatchetKeyPair
    var sending: ChainKey
    var previousCounter: UInt32
    /// Oldest first.
    var receiving: [Receiving]
    var pending: PendingPreKey?

    static let receivingLimit = 5

    /// A session that this device begins.
    init(
        with bundle: PreKeyBundle,
        local: LocalIdentity,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) {
        guard let identity = Key256(bundle.identityKey), let signedPreKey = Key256(bundle.signedPreKey) else {
            throw .malformed
        }
        var preKey: Key256?
        if let offered = bundle.preKey {
            guard let key = Key256(offered.key) else { throw .malformed }
            preKey = key
        }
        let signed = [SignalEnvelope.keyType] + bundle.signedPreKey
        guard XEdDSA.isValid(bundle.signature, for: signed, publicKey: bundle.identityKey) else {
            throw .invalidSignature
        }
        let base = RatchetKeyPair.generate(using: &random)
        let secret = try KeyAgreement.Initiator(
            identity: local.pair,
            base: base,
            theirIdentity: identity,
            theirSignedPreKey: signedPreKey,
            theirPreKey: preKey
        ).secret()
        ratchet = .generate(using: &random)
        let turned = RootKey.step(secret.root, agreement: try ratchet.sharedSecret(with: signedPreKey))
        remoteIdentity = identity
        remoteRegistrationID = bundle.registrationID
        baseKey = base.publicKey
        rootKey = turned.root
        sending = ChainKey(key: turned.chain, index: 0)
        previousCounter = 0
        let first = ReceivingChain(chain: ChainKey(key: secret.chain, index: 0))
        receiving = [Receiving(ratchetKey: signedPreKey, keys: first)]
        pending = PendingPreKey(preKeyID: bundle.preKey?.id, signedPreKeyID: bundle.signedPreKeyID)
    }

    /// A session that the other device has begun.
    init(
        answering message: PreKeySignalMessage,
        local: LocalIdentity,
        signedPreKey: SignedPreKey,
        preKey: PreKey?
    ) throws(SignalError) {
        let signedPair = RatchetKeyPair(signedPreKey.keyPair)
        let secret = try KeyAgreement.Responder(
            identity: local.pair,
            signedPreKey: signedPair,
            preKey: preKey.map { RatchetKeyPair($0.keyPair) },
            theirIdentity: message.identity,
            theirBase: message.base
        ).secret()
        remoteIdentity = message.identity
        remoteRegistrationID = message.registrationID
        baseKey = message.base
        rootKey = secret.root
        ratchet = signedPair
        sending = ChainKey(key: secret.chain, index: 0)
        previousCounter = 0
        receiving = []
        pending = nil
    }

    /// A state as it was stored.
    init(
        remoteIdentity: Key256,
        remoteRegistrationID: UInt32,
        baseKey: Key256,
        rootKey: Key256,
        ratchet: RatchetKeyPair,
        sending: ChainKey,
        previousCounter: UInt32,
        receiving: [Receiving],
        pending: PendingPreKey?
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

    var skippedCount: Int { receiving.reduce(0) { $0 + $1.keys.skipped.count } }
}
