import Testing

@testable import SignalProtocol

struct HostileMessageTests {
    @Test func everyFlippedBitIsNoticed() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let message = try alice.encrypt("untouched")
        let before = bob.session
        for index in message.bytes.indices {
            for bit in 0..<8 {
                var bytes = message.bytes
                bytes[index] ^= 1 << bit
                // The low half of the version byte says what the sender could do; it is under the MAC as well.
                #expect(throws: SignalError.self, "byte \(index), bit \(bit)") {
                    try bob.decrypt(message.with(bytes))
                }
            }
        }
        #expect(bob.session == before)
        #expect(try bob.decrypt(message) == "untouched")
    }

    @Test func everyTruncationIsRefused() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        try alice.start(with: bob, preKey: 4)
        let message = try alice.encrypt("whole")
        for count in 0..<message.bytes.count {
            #expect(throws: SignalError.self) {
                try bob.decrypt(message.with(Array(message.bytes.prefix(count))))
            }
        }
        #expect(!bob.session.hasCurrentState)
        #expect(try bob.decrypt(message) == "whole")
    }

    @Test func otherVersionsAreNamed() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        var bytes = try alice.encrypt("x").bytes
        bytes[0] = 0x23
        #expect(throws: SignalError.unsupportedVersion(2)) { try bob.decrypt(.message(bytes)) }
        bytes[0] = 0x44
        #expect(throws: SignalError.unsupportedVersion(4)) { try bob.decrypt(.message(bytes)) }
        #expect(throws: SignalError.malformed) { try bob.decrypt(.message([])) }
    }

    @Test func ratchetKeyOfSmallOrderIsRefused() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let genuine = try SignalMessage(try alice.encrypt("x").bytes)
        let forged = SignalMessage.frame(
            ratchetKey: Key256(),
            counter: 0,
            previousCounter: 0,
            ciphertext: Array(genuine.ciphertext),
            macKey: Key256(),
            sender: Key256(),
            receiver: Key256()
        )
        #expect(throws: SignalError.weakKey) { try bob.decrypt(.message(forged)) }
    }

    @Test func baseKeyOfAnotherIdentityBeginsNoKnownSession() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        let mallory = TestDevice(seed: 3)
        try alice.start(with: bob)
        let genuine = try PreKeySignalMessage(try alice.encrypt("x").bytes)
        #expect(try bob.decrypt(alice.encrypt("y")) == "y")
        let forged = PreKeySignalMessage.frame(
            genuine.message,
            pending: PendingPreKey(preKeyID: nil, signedPreKeyID: 5),
            base: genuine.base,
            identity: mallory.local.pair.publicKey,
            registrationID: 1
        )
        #expect(throws: SignalError.badMAC) { try bob.decrypt(.preKeyMessage(forged)) }
    }

    /// Any bytes at all, and broken genuine ones: an error or a plaintext, and the record as it was after an error.
    @Test(arguments: 1...6)
    func anyBytesEndInAnError(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var (alice, bob) = try TestDevice.pair(seed: UInt64(seed))
        var fresh = TestDevice(seed: 77)
        try alice.start(with: fresh, preKey: 2)
        let preKeyMessage = try alice.encrypt("begin")
        let before = (bob.session, fresh.session)
        for _ in 0..<400 {
            let count = Int.random(in: 0...200, using: &random)
            var bytes = Bool.random(using: &random) ? preKeyMessage.bytes : random.bytes(count)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            if bytes.first != nil, Bool.random(using: &random) { bytes[0] = 0x33 }
            guard bytes != preKeyMessage.bytes else { continue }
            #expect(throws: SignalError.self) { try bob.decrypt(.message(bytes)) }
            _ = try? SenderKeyDistribution(bytes)
            _ = try? SignalSession(serialized: bytes)
            _ = try? SenderKeyRecord(serialized: bytes)
            _ = try? OwnSenderKey(serialized: bytes)
            if let opened = try? fresh.decrypt(.preKeyMessage(bytes)) {
                // Only what lies outside the MAC may have changed: identifiers that this device does not use.
                #expect(opened == "begin")
                fresh.session = before.1
            }
        }
        #expect(bob.session == before.0)
        #expect(fresh.session == before.1)
    }

    @Test func brokenRecordsAreRefusedOrWholeAgain() throws {
        var random = SeededGenerator(seed: 9)
        var (alice, bob) = try TestDevice.pair(seed: 4)
        _ = try alice.encrypt("skipped")
        #expect(try bob.decrypt(alice.encrypt("kept")) == "kept")
        try bob.start(with: alice)
        let record = bob.session.serialized()
        for count in 0..<record.count {
            #expect(throws: SignalError.corruptRecord) { try SignalSession(serialized: record.prefix(count)) }
        }
        #expect(throws: SignalError.corruptRecord) { try SignalSession(serialized: record + [0]) }
        for _ in 0..<500 {
            var bytes = record
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let session = try? SignalSession(serialized: bytes) else { continue }
            #expect(try SignalSession(serialized: session.serialized()) == session)
        }
    }
}
