import Testing

@testable import SignalProtocol

struct RatchetVectorTests {
    private let fixture: RatchetFixture
    private let alice: LocalIdentity
    private let bob: LocalIdentity
    private let bobSignedPreKey: SignedPreKey
    private let bobPreKey: PreKey

    init() throws {
        fixture = try RatchetFixture.load()
        let keys = fixture.x3dh.keys
        alice = LocalIdentity(
            keyPair: try Curve25519KeyPair(privateKey: keys.aliceIdentityPrivate.bytes),
            registrationID: keys.aliceRegistrationId
        )
        bob = LocalIdentity(
            keyPair: try Curve25519KeyPair(privateKey: keys.bobIdentityPrivate.bytes),
            registrationID: keys.bobRegistrationId
        )
        bobSignedPreKey = SignedPreKey(
            id: keys.bobSignedPrekeyId,
            keyPair: try Curve25519KeyPair(privateKey: keys.bobSignedPrekeyPrivate.bytes),
            signature: keys.bobSignedPrekeySignature.bytes
        )
        bobPreKey = PreKey(
            id: keys.bobOneTimePrekeyId,
            keyPair: try Curve25519KeyPair(privateKey: keys.bobOneTimePrekeyPrivate.bytes)
        )
    }

    private func bobBundle(withPreKey: Bool) -> PreKeyBundle {
        PreKeyBundle(
            registrationID: bob.registrationID,
            identityKey: bob.keyPair.publicKey,
            signedPreKeyID: bobSignedPreKey.id,
            signedPreKey: bobSignedPreKey.keyPair.publicKey,
            signature: bobSignedPreKey.signature,
            preKey: withPreKey ? (bobPreKey.id, bobPreKey.keyPair.publicKey) : nil
        )
    }

    private func aliceSession(withPreKey: Bool) throws -> SignalSession {
        let keys = fixture.x3dh.keys
        var random = ScriptedGenerator(keys.aliceBasePrivate.bytes, keys.aliceRatchet0Private.bytes)
        var session = SignalSession()
        try session.start(with: bobBundle(withPreKey: withPreKey), local: alice, using: &random)
        #expect(random.isUsedUp)
        return session
    }

    @Test(arguments: [true, false])
    func agreementGivesThePublishedKeys(withPreKey: Bool) throws {
        let expected = try #require(fixture.x3dh.cases.first { $0.oneTimePrekeyUsed == withPreKey })
        let state = try #require(try aliceSession(withPreKey: withPreKey).current)
        #expect(state.rootKey.bytes == expected.rootKeyAfterInitiatorStep.bytes)
        #expect(state.sending.key.bytes == expected.initiatorSendingChainKey.bytes)
        #expect(state.receiving.first?.keys.chain.key.bytes == expected.derivedChainKey.bytes)
    }

    @Test func chainGivesThePublishedKeys() throws {
        let first = try #require(fixture.chain.steps.first)
        var chain = ChainKey(key: try #require(Key256(first.chainKey.bytes)), index: 0)
        for step in fixture.chain.steps {
            #expect(chain.key.bytes == step.chainKey.bytes)
            let seed = try chain.advance()
            #expect(seed.bytes == step.messageSeed.bytes)
            let keys = MessageKeys(seed: seed)
            #expect(keys.cipher.cipherKey.bytes == step.cipherKey.bytes)
            #expect(keys.macKey.bytes == step.macKey.bytes)
            #expect(withUnsafeBytes(of: keys.cipher.iv) { Array($0) } == step.iv.bytes)
            #expect(chain.key.bytes == step.nextChainKey.bytes)
        }
    }

    @Test(arguments: [true, false])
    func conversationIsThePublishedOne(withPreKey: Bool) throws {
        let steps = withPreKey ? fixture.sessionFlow.withOneTimePrekey : fixture.sessionFlow.withoutOneTimePrekey
        var sessions = ["alice": try aliceSession(withPreKey: withPreKey), "bob": SignalSession()]
        var sent: [String: SignalCiphertext] = [:]
        for step in steps {
            let local = step.by == "alice" ? alice : bob
            var session = try #require(sessions[step.by])
            if step.action == "encrypt" {
                let ciphertext = try session.encrypt(step.plaintext.bytes, local: local)
                sent[step.name] = ciphertext
                #expect(ciphertext == (try expected(step)))
            } else {
                var random = ScriptedGenerator(step.ratchetStep?.newRatchetPrivate.bytes ?? [])
                let plaintext: [UInt8]
                switch try #require(sent[step.name]) {
                case .message(let bytes): plaintext = try session.decrypt(bytes, local: local, using: &random)
                case .preKeyMessage(let bytes):
                    plaintext = try session.decrypt(
                        try PreKeySignalMessage(bytes),
                        local: local,
                        signedPreKey: bobSignedPreKey,
                        preKey: withPreKey ? bobPreKey : nil,
                        using: &random
                    )
                }
                #expect(plaintext == step.plaintext.bytes)
                #expect(random.isUsedUp)
                try check(try #require(session.current), against: try #require(step.stateAfter))
            }
            // Each step also goes through the stored form.
            let stored = try SignalSession(serialized: session.serialized())
            #expect(stored == session)
            sessions[step.by] = stored
        }
    }

    private func expected(_ step: RatchetFixture.Step) throws -> SignalCiphertext {
        step.type == "pkmsg"
            ? .preKeyMessage(try #require(step.prekeySignalMessage).bytes)
            : .message(try #require(step.signalMessage).bytes)
    }

    private func check(_ state: SessionState, against expected: RatchetFixture.State) throws {
        #expect(state.rootKey.bytes == expected.rootKey.bytes)
        #expect([0x05] + state.ratchet.publicKey.bytes == expected.senderRatchetPublic.bytes)
        #expect(state.sending.key.bytes == expected.senderChainKey.bytes)
        #expect(state.sending.index == expected.senderChainIndex)
        #expect(state.previousCounter == expected.previousCounter)
        #expect(state.pending == nil)
        #expect(state.receiving.count == expected.receiverChains.count)
        for (chain, expected) in zip(state.receiving, expected.receiverChains) {
            #expect([0x05] + chain.ratchetKey.bytes == expected.ratchetPublic.bytes)
            #expect(chain.keys.chain.key.bytes == expected.chainKey.bytes)
            #expect(chain.keys.chain.index == expected.index)
            let seeds = chain.keys.skipped.map { ("\($0.counter)", $0.seed.bytes) }
            #expect(Dictionary(uniqueKeysWithValues: seeds) == expected.storedMessageSeeds.mapValues(\.bytes))
        }
    }

    @Test func sessionsThatCrossConverge() throws {
        let crossing = fixture.simultaneousInitiation
        let aliceSigned = SignedPreKey(
            id: 3,
            keyPair: try Curve25519KeyPair(privateKey: crossing.aliceSignedPrekeyPrivate.bytes),
            signature: crossing.aliceSignedPrekeySignature.bytes
        )
        let alicePreKey = PreKey(
            id: 7,
            keyPair: try Curve25519KeyPair(privateKey: crossing.aliceOneTimePrekeyPrivate.bytes)
        )
        let bundle = PreKeyBundle(
            registrationID: alice.registrationID,
            identityKey: alice.keyPair.publicKey,
            signedPreKeyID: aliceSigned.id,
            signedPreKey: aliceSigned.keyPair.publicKey,
            signature: aliceSigned.signature,
            preKey: (alicePreKey.id, alicePreKey.keyPair.publicKey)
        )
        var random = ScriptedGenerator(crossing.bobBasePrivate.bytes, crossing.bobRatchet0Private.bytes)
        var bobSession = SignalSession()
        try bobSession.start(with: bundle, local: bob, using: &random)
        var sessions = ["alice": try aliceSession(withPreKey: true), "bob": bobSession]
        var underway: [String: (bytes: [UInt8], text: String, type: String)] = [:]
        for step in crossing.steps {
            let local = step.by == "alice" ? alice : bob
            var session = try #require(sessions[step.by])
            if let bytes = step.bytes?.bytes, let text = step.plaintextUtf8, let type = step.type {
                let ciphertext = try session.encrypt(Array(text.utf8), local: local)
                #expect(ciphertext == (type == "pkmsg" ? .preKeyMessage(bytes) : .message(bytes)))
                underway[step.by] = (bytes, text, type)
            } else {
                let message = try #require(underway[step.by == "alice" ? "bob" : "alice"])
                random = ScriptedGenerator(try #require(step.ratchetStep).newRatchetPrivate.bytes)
                let plaintext =
                    message.type == "msg"
                    ? try session.decrypt(message.bytes, local: local, using: &random)
                    : try session.decrypt(
                        try PreKeySignalMessage(message.bytes),
                        local: local,
                        signedPreKey: step.by == "alice" ? aliceSigned : bobSignedPreKey,
                        preKey: step.by == "alice" ? alicePreKey : bobPreKey,
                        using: &random
                    )
                #expect(String(decoding: plaintext, as: UTF8.self) == message.text)
                #expect(random.isUsedUp)
            }
            sessions[step.by] = session
        }
        #expect(sessions["alice"]?.baseKey == sessions["bob"]?.baseKey)
        #expect(sessions["alice"]?.archived.count == 1)
        #expect(sessions["bob"]?.archived.count == 1)
    }
}
