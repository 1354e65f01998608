import Testing

@testable import SignalProtocol

struct SessionLimitTests {
    @Test func twoThousandMessagesAheadAreReadAndNoMore() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        var near: SignalCiphertext?
        for counter in 0...2001 {
            let message = try alice.encrypt("message \(counter)")
            if counter == 2000 { near = message }
            if counter == 2001 {
                let before = bob.session
                #expect(throws: SignalError.tooFarAhead) { try bob.decrypt(message) }
                #expect(bob.session == before)
            }
        }
        #expect(try bob.decrypt(try #require(near)) == "message 2000")
        #expect(bob.session.current?.skippedCount == 2000)
        try bob.restore()
        #expect(bob.session.current?.skippedCount == 2000)
    }

    @Test(arguments: [UInt32(2_001), 1_000_000, .max - 1, .max])
    func forgedCountersAreRefusedAtOnce(counter: UInt32) throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let genuine = try SignalMessage(try alice.encrypt("x").bytes)
        #expect(try bob.decrypt(.message(genuine.frame)) == "x")
        let forged = SignalMessage.frame(
            ratchetKey: genuine.ratchetKey,
            counter: counter,
            previousCounter: .max,
            ciphertext: Array(genuine.ciphertext),
            macKey: Key256(),
            sender: Key256(),
            receiver: Key256()
        )
        let before = bob.session
        #expect(throws: counter == 2_001 ? SignalError.badMAC : .tooFarAhead) { try bob.decrypt(.message(forged)) }
        #expect(bob.session == before)
    }

    @Test func oldestSkippedKeysGoFirst() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        var messages: [SignalCiphertext] = []
        for counter in 0..<4_500 { messages.append(try alice.encrypt("\(counter)")) }
        for counter in stride(from: 1_500, through: 4_499, by: 1_499) {
            #expect(try bob.decrypt(messages[counter]) == "\(counter)")
        }
        #expect(bob.session.current?.skippedCount == 2000)
        #expect(throws: SignalError.duplicate(counter: 0)) { try bob.decrypt(messages[0]) }
        #expect(try bob.decrypt(messages[4_000]) == "4000")
        #expect(bob.session.current?.skippedCount == 1999)
    }

    @Test func recordOfAPeerThatSkipsOnPurposeIsBounded() throws {
        var alice = TestDevice(seed: 1)
        var bob = TestDevice(seed: 2)
        for round in 0..<6 {
            try alice.start(with: bob)
            for _ in 0..<1_500 { _ = try alice.session.current?.sending.advance() }
            #expect(try bob.decrypt(alice.encrypt("round \(round)")) == "round \(round)")
        }
        let skipped = ([bob.session.current].compactMap { $0 } + bob.session.archived).map(\.skippedCount)
        #expect(skipped == [1_500, 1_500, 1_000, 0, 0, 0])
        #expect(bob.session.serialized().count < 160_000)
    }

    @Test func onlyFiveReceivingChainsAreKept() throws {
        var (alice, bob) = try TestDevice.pair(seed: 1)
        let late = try alice.encrypt("from the first chain")
        #expect(try bob.decrypt(alice.encrypt("its second")) == "its second")
        for turn in 0..<6 {
            #expect(try alice.decrypt(bob.encrypt("\(turn)")) == "\(turn)")
            #expect(try bob.decrypt(alice.encrypt("\(turn)")) == "\(turn)")
        }
        #expect(bob.session.current?.receiving.count == 5)
        #expect(throws: SignalError.self) { try bob.decrypt(late) }
    }

    @Test func chainAtItsEndIsExhausted() throws {
        var chain = ChainKey(key: Key256(), index: .max)
        #expect(throws: SignalError.chainExhausted) { try chain.advance() }
    }
}
