import Testing

@testable import SignalProtocol

struct SenderKeyRecordTests {
    private var random = SeededGenerator(seed: 1)

    private mutating func key() -> OwnSenderKey { .generate(using: &random) }

    private func distribution(_ key: OwnSenderKey) throws -> SenderKeyDistribution {
        try SenderKeyDistribution(key.distribution())
    }

    @Test mutating func messagesThatSkipIterationsAreRead() throws {
        var own = key()
        var record = SenderKeyRecord()
        record.process(try distribution(own))
        for turn in 0..<20 {
            _ = try own.encrypt([0], using: &random)
            let message = try own.encrypt(Array("\(turn)".utf8), using: &random)
            #expect(try record.decrypt(message) == Array("\(turn)".utf8))
        }
        #expect(record.states.first?.keys.skipped.count == 20)
    }

    @Test mutating func messageWithoutKeyNamesIt() throws {
        var own = key()
        var record = SenderKeyRecord()
        let message = try own.encrypt([1], using: &random)
        #expect(throws: SignalError.noSenderKey(own.id)) { try record.decrypt(message) }
        #expect(!record.knows(id: own.id))
    }

    @Test mutating func forgedMessagesAreRefused() throws {
        var own = key()
        var record = SenderKeyRecord()
        record.process(try distribution(own))
        let message = try own.encrypt(Array("genuine".utf8), using: &random)
        let before = record
        for index in message.indices {
            var bytes = message
            bytes[index] ^= 0x01
            #expect(throws: SignalError.self) { try record.decrypt(bytes) }
        }
        for count in message.indices {
            #expect(throws: SignalError.self) { try record.decrypt(message.prefix(count)) }
        }
        var forged = message
        forged[forged.count - 70] ^= 0x40
        #expect(throws: SignalError.invalidSignature) { try record.decrypt(forged) }
        #expect(record == before)
        #expect(try record.decrypt(message) == Array("genuine".utf8))
        #expect(throws: SignalError.duplicate(counter: 0)) { try record.decrypt(message) }
    }

    @Test mutating func sameKeyAgainKeepsWhatIsKnown() throws {
        var own = key()
        let first = try distribution(own)
        var record = SenderKeyRecord()
        record.process(first)
        let messages = try (0..<5).map { try own.encrypt([UInt8($0)], using: &random) }
        #expect(try record.decrypt(messages[4]) == [4])
        record.process(first)
        record.process(try distribution(own))
        #expect(record.states.count == 1)
        #expect(try record.decrypt(messages[2]) == [2])
        #expect(throws: SignalError.duplicate(counter: 4)) { try record.decrypt(messages[4]) }
    }

    @Test mutating func otherKeyOfTheSameNumberReplacesIt() throws {
        var own = key()
        var record = SenderKeyRecord()
        record.process(try distribution(own))
        let old = try own.encrypt([1], using: &random)
        let other = key()
        var renamed = OwnSenderKey(id: own.id, chain: other.chain, signing: other.signing)
        record.process(try distribution(renamed))
        #expect(record.states.count == 1)
        #expect(throws: SignalError.invalidSignature) { try record.decrypt(old) }
        #expect(try record.decrypt(renamed.encrypt([2], using: &random)) == [2])
    }

    @Test mutating func floodOfKeysLeavesTheFiveNewest() throws {
        var record = SenderKeyRecord()
        var keys: [OwnSenderKey] = []
        for _ in 0..<1000 {
            keys.append(key())
            record.process(try distribution(keys[keys.count - 1]))
        }
        #expect(record.states.map(\.id) == keys.suffix(5).reversed().map(\.id))
        #expect(record.serialized().count < 500)
        #expect(try SenderKeyRecord(serialized: record.serialized()) == record)
    }

    @Test mutating func jumpsAreBounded() throws {
        var own = key()
        var record = SenderKeyRecord()
        record.process(try distribution(own))
        for _ in 0..<2_001 { _ = try own.chain.advance() }
        #expect(throws: SignalError.tooFarAhead) { try record.decrypt(own.encrypt([1], using: &random)) }
        let far = OwnSenderKey(id: own.id, chain: ChainKey(key: Key256(), index: 1_000_000), signing: own.signing)
        var million = far
        #expect(throws: SignalError.tooFarAhead) { try record.decrypt(million.encrypt([1], using: &random)) }
    }

    @Test mutating func keysOfSkippedMessagesAreBoundedOverTheRecord() throws {
        var record = SenderKeyRecord()
        for _ in 0..<5 {
            var own = key()
            record.process(try distribution(own))
            for _ in 0..<1_900 { _ = try own.chain.advance() }
            #expect(try record.decrypt(own.encrypt([1], using: &random)) == [1])
        }
        #expect(record.states.map(\.keys.skipped.count) == [1_900, 1_900, 200, 0, 0])
    }

    @Test mutating func ownKeyIsTheSameAfterStoring() throws {
        var own = key()
        _ = try own.encrypt([1], using: &random)
        let stored = try OwnSenderKey(serialized: own.serialized())
        #expect(stored == own)
        #expect(stored.iteration == 1)
        #expect((1...0x7fff_ffff).contains(stored.id))
        for count in 0..<own.serialized().count {
            #expect(throws: SignalError.corruptRecord) { try OwnSenderKey(serialized: own.serialized().prefix(count)) }
        }
    }
}
