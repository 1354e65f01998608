import Testing

@testable import SignalProtocol

struct SignalSessionTests {
    @Test(arguments: 1...12)
    func randomConversationArrives(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var devices = [TestDevice(seed: UInt64(seed) &* 100), TestDevice(seed: UInt64(seed) &* 100 &+ 1)]
        try devices[0].start(with: devices[1], preKey: seed.isMultiple(of: 2) ? 3 : nil)
        // What is on its way to each device, in any order; some of it is lost for ever.
        var underway: [[(text: String, ciphertext: SignalCiphertext)]] = [[], []]
        var arrived = 0
        for step in 0..<300 {
            let device = Int.random(in: 0...1, using: &random)
            if !devices[device].session.hasCurrentState { continue }
            if Bool.random(using: &random) {
                let text = "message \(step) of \(device)"
                underway[1 - device].append((text, try devices[device].encrypt(text)))
            } else if step.isMultiple(of: 17) {
                try devices[device].restore()
            }
            for receiver in 0...1 where Int.random(in: 0...2, using: &random) > 0 && !underway[receiver].isEmpty {
                // Mostly near the front, so that chains are not pushed out of the five that are kept.
                let position = Int.random(in: 0..<min(3, underway[receiver].count), using: &random)
                let message = underway[receiver].remove(at: position)
                #expect(try devices[receiver].decrypt(message.ciphertext) == message.text, "seed \(seed), step \(step)")
                arrived += 1
            }
        }
        #expect(arrived > 50)
    }

    @Test func sameMessageIsNotReadTwice() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let message = try alice.encrypt("once")
        #expect(try bob.decrypt(message) == "once")
        let before = bob.session
        #expect(throws: SignalError.duplicate(counter: 0)) { try bob.decrypt(message) }
        #expect(bob.session == before)
    }

    @Test func firstMessagesRepeatTheKeysUntilTheAnswer() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        try alice.start(with: bob, preKey: 7)
        let first = try alice.encrypt("one")
        let second = try alice.encrypt("two")
        #expect(first.isPreKeyMessage && second.isPreKeyMessage)
        #expect(alice.session.isUnacknowledged)
        #expect(try bob.decrypt(second) == "two")
        let message = try PreKeySignalMessage(first.bytes)
        #expect(bob.session.knows(baseKey: message.baseKey))
        // The one-time key is gone by now; the session is known by its base key.
        let text = try bob.session.decrypt(
            message,
            local: bob.local,
            signedPreKey: nil,
            preKey: nil,
            using: &bob.random
        )
        #expect(text == Array("one".utf8))
        #expect(try alice.decrypt(bob.encrypt("three")) == "three")
        #expect(!alice.session.isUnacknowledged)
        #expect(try alice.encrypt("four").isPreKeyMessage == false)
    }

    @Test func missingPreKeysAreNamed() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        try alice.start(with: bob, preKey: 7)
        let message = try PreKeySignalMessage(try alice.encrypt("one").bytes)
        #expect(throws: SignalError.unknownSignedPreKey(5)) {
            try bob.session.decrypt(message, local: bob.local, signedPreKey: nil, preKey: nil, using: &bob.random)
        }
        #expect(throws: SignalError.unknownPreKey(7)) {
            try bob.session.decrypt(
                message,
                local: bob.local,
                signedPreKey: bob.signedPreKey,
                preKey: nil,
                using: &bob.random
            )
        }
        #expect(!bob.session.hasCurrentState)
    }

    @Test func bundleOfAnotherIdentityIsRefused() throws {
        var alice = TestDevice(seed: 1)
        let bob = TestDevice(seed: 2).bundle()
        let mallory = PreKeyBundle(
            registrationID: bob.registrationID,
            identityKey: TestDevice(seed: 3).local.keyPair.publicKey,
            signedPreKeyID: bob.signedPreKeyID,
            signedPreKey: bob.signedPreKey,
            signature: bob.signature,
            preKey: nil
        )
        #expect(throws: SignalError.invalidSignature) {
            try alice.session.start(with: mallory, local: alice.local, using: &alice.random)
        }
        #expect(alice.session == SignalSession())
    }

    @Test func weakPreKeyIsRefused() throws {
        var alice = TestDevice(seed: 1)
        let bob = TestDevice(seed: 2).bundle()
        let weak = PreKeyBundle(
            registrationID: bob.registrationID,
            identityKey: bob.identityKey,
            signedPreKeyID: bob.signedPreKeyID,
            signedPreKey: bob.signedPreKey,
            signature: bob.signature,
            preKey: (9, [UInt8](repeating: 0, count: 32))
        )
        #expect(throws: SignalError.weakKey) {
            try alice.session.start(with: weak, local: alice.local, using: &alice.random)
        }
    }

    @Test func encryptingWithoutASessionFails() throws {
        var alice = TestDevice(seed: 1)
        #expect(throws: SignalError.noSession) { try alice.encrypt("nobody") }
        alice = try TestDevice.pair(seed: 1).0
        alice.session.archiveCurrent()
        #expect(throws: SignalError.noSession) { try alice.encrypt("nobody") }
    }

    @Test func archivedStateComesBackWithItsMessage() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let late = try alice.encrypt("late")
        try bob.start(with: alice, preKey: 2)
        #expect(try alice.decrypt(bob.encrypt("new session")) == "new session")
        #expect(alice.session.archived.count == 1)
        let newBase = bob.session.baseKey
        #expect(try bob.decrypt(late) == "late")
        #expect(bob.session.baseKey != newBase)
        #expect(bob.session.archived.map(\.baseKey.bytes) == [newBase])
    }

    @Test func restartedSessionsAreForgottenBeyondForty() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        try alice.start(with: bob)
        let oldest = try alice.encrypt("oldest")
        #expect(try bob.decrypt(oldest) == "oldest")
        for _ in 0..<50 {
            try alice.start(with: bob)
            #expect(try bob.decrypt(alice.encrypt("again")) == "again")
        }
        #expect(bob.session.archived.count == 40)
        #expect(alice.session.archived.count == 40)
        #expect(bob.session.serialized().count < 20_000)
        #expect(!bob.session.knows(baseKey: try PreKeySignalMessage(oldest.bytes).baseKey))
        try bob.restore()
        #expect(bob.session.archived.count == 40)
    }

    @Test func establishedSessionIsSmall() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        for turn in 0..<20 {
            #expect(try bob.decrypt(alice.encrypt("turn \(turn)")) == "turn \(turn)")
            #expect(try alice.decrypt(bob.encrypt("turn \(turn)")) == "turn \(turn)")
        }
        #expect(alice.session.current?.receiving.count == 5)
        #expect(alice.session.serialized().count < 640)
    }

    @Test func previousCounterNeverWrapsBelowZero() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        for _ in 0..<3 {
            let message = try SignalMessage(try alice.encrypt("a").bytes)
            #expect(message.previousCounter == 0)
            #expect(try bob.decrypt(.message(message.frame)) == "a")
            #expect(try alice.decrypt(bob.encrypt("b")) == "b")
        }
        // Two turns of the other side without a word in between.
        #expect(try bob.decrypt(alice.encrypt("a")) == "a")
        _ = try bob.encrypt("lost")
        let answer = try SignalMessage(try bob.encrypt("heard").bytes)
        #expect(answer.counter == 1)
        #expect(try alice.decrypt(.message(answer.frame)) == "heard")
    }
}
