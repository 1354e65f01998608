import Testing

@testable import SignalProtocol

struct SenderKeyVectorTests {
    private let vector: RatchetFixture.SenderKey
    private let own: OwnSenderKey

    init() throws {
        vector = try RatchetFixture.load().senderKey
        own = OwnSenderKey(
            id: vector.keyId,
            chain: ChainKey(key: try #require(Key256(vector.chainKey.bytes)), index: 0),
            signing: try Curve25519KeyPair(privateKey: vector.signingPrivate.bytes)
        )
    }

    @Test func messagesAreThePublishedOnes() throws {
        var key = own
        #expect(key.distribution() == vector.distributionMessageIteration0.bytes)
        for message in vector.messages {
            if message.iteration == 3 { #expect(key.distribution() == vector.distributionMessageIteration3.bytes) }
            #expect(key.chain.key.bytes == message.chainKey.bytes)
            var random = ScriptedGenerator(message.signatureRandom.bytes)
            let ciphertext = try key.encrypt(Array(message.plaintextUtf8.utf8), using: &random)
            #expect(ciphertext == message.message.bytes)
            #expect(key.chain.key.bytes == message.nextChainKey.bytes)
            key = try OwnSenderKey(serialized: key.serialized())
        }
    }

    @Test func messagesAreReadInAnyOrder() throws {
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(vector.distributionMessageIteration0.bytes))
        for position in [0, 3, 1, 5, 2, 4] {
            let message = vector.messages[position]
            #expect(try record.decrypt(message.message.bytes) == Array(message.plaintextUtf8.utf8))
            let stored = try SenderKeyRecord(serialized: record.serialized())
            #expect(stored == record)
            record = stored
        }
        for message in vector.messages {
            #expect(throws: SignalError.duplicate(counter: message.iteration)) {
                try record.decrypt(message.message.bytes)
            }
        }
    }

    @Test func laterKeyDoesNotReadEarlierMessages() throws {
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(vector.distributionMessageIteration3.bytes))
        for message in vector.messages where message.iteration >= 3 {
            #expect(try record.decrypt(message.message.bytes) == Array(message.plaintextUtf8.utf8))
        }
        #expect(throws: SignalError.duplicate(counter: 0)) { try record.decrypt(vector.messages[0].message.bytes) }
    }
}
