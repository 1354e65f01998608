import Testing

@testable import SignalProtocol

/// Ours against an implementation that shares no code with it.
struct SignalPeerTests {
    private let peer: SignalPeer
    private var device = TestDevice(seed: 11)
    private var random = SeededGenerator(seed: 12)

    init() throws {
        peer = try SignalPeer()
    }

    private mutating func start(byUs: Bool, preKey: UInt32?) throws {
        if byUs {
            try device.session.start(with: peer.bundle(preKey: preKey), local: device.local, using: &random)
            #expect(try peer.decrypt(device.encrypt("hello")) == Array("hello".utf8))
        } else {
            try peer.start(with: device.bundle(preKey: preKey))
            #expect(try device.decrypt(peer.encrypt(Array("hello".utf8))) == "hello")
        }
    }

    @Test(arguments: [true, false], [UInt32(3), nil])
    mutating func sessionsAreBegunByEitherSide(byUs: Bool, preKey: UInt32?) throws {
        try start(byUs: byUs, preKey: preKey)
        if byUs, let preKey { #expect(!peer.hasPreKey(preKey)) }
        #expect(try device.decrypt(peer.encrypt([0x68, 0x69])) == "hi")
        let answer = try device.encrypt("and hi")
        #expect(!answer.isPreKeyMessage)
        #expect(try peer.decrypt(answer) == Array("and hi".utf8))
        #expect(try device.decryptBytes(peer.encrypt([])) == [])
    }

    @Test(arguments: 1...6)
    mutating func conversationInAnyOrderArrives(seed: Int) throws {
        random = SeededGenerator(seed: UInt64(seed))
        try start(byUs: seed.isMultiple(of: 2), preKey: seed.isMultiple(of: 3) ? 2 : nil)
        if device.session.isUnacknowledged { #expect(try device.decrypt(peer.encrypt([0x6f])) == "o") }
        var toPeer: [(text: [UInt8], ciphertext: SignalCiphertext)] = []
        var toUs = toPeer
        for step in 0..<200 {
            let text = random.bytes(Int.random(in: 0...200, using: &random))
            if Bool.random(using: &random) {
                toPeer.append((text, try device.session.encrypt(text, local: device.local)))
            } else {
                toUs.append((text, try peer.encrypt(text)))
            }
            if step.isMultiple(of: 23) { try device.restore() }
            if !toPeer.isEmpty, Int.random(in: 0...2, using: &random) > 0 {
                let message = toPeer.remove(at: Int.random(in: 0..<min(4, toPeer.count), using: &random))
                #expect(try peer.decrypt(message.ciphertext) == message.text, "seed \(seed), step \(step)")
            }
            if !toUs.isEmpty, Int.random(in: 0...2, using: &random) > 0 {
                let message = toUs.remove(at: Int.random(in: 0..<min(4, toUs.count), using: &random))
                #expect(try device.decryptBytes(message.ciphertext) == message.text, "seed \(seed), step \(step)")
            }
        }
    }

    @Test mutating func sessionsThatCrossConverge() throws {
        try device.session.start(with: peer.bundle(preKey: 1), local: device.local, using: &random)
        try peer.start(with: device.bundle(preKey: 1))
        let ours = try device.encrypt("ours")
        let theirs = try peer.encrypt(Array("theirs".utf8))
        #expect(try peer.decrypt(ours) == Array("ours".utf8))
        #expect(try device.decrypt(theirs) == "theirs")
        for turn in 0..<4 {
            #expect(try peer.decrypt(device.encrypt("\(turn)")) == Array("\(turn)".utf8))
            #expect(try device.decrypt(peer.encrypt(Array("\(turn)".utf8))) == "\(turn)")
        }
    }

    @Test mutating func oldMessageOfAReplacedSessionArrives() throws {
        try start(byUs: true, preKey: 1)
        #expect(try device.decrypt(peer.encrypt([0x61])) == "a")
        let late = try peer.encrypt(Array("late".utf8))
        let ours = try device.encrypt("ours, late")
        try device.session.start(with: peer.bundle(preKey: 2), local: device.local, using: &random)
        #expect(try peer.decrypt(device.encrypt("anew")) == Array("anew".utf8))
        #expect(try peer.decrypt(ours) == Array("ours, late".utf8))
        #expect(try device.decrypt(late) == "late")
        #expect(try peer.decrypt(device.encrypt("still there")) == Array("still there".utf8))
    }

    @Test mutating func alteredMessagesAreRefusedByBoth() throws {
        try start(byUs: true, preKey: nil)
        #expect(try device.decrypt(peer.encrypt([0x61])) == "a")
        var toPeer = try device.encrypt("x").bytes
        toPeer[toPeer.count - 1] ^= 1
        #expect(throws: SignalPeer.Failure.self) { try peer.decrypt(.message(toPeer)) }
        var toUs = try peer.encrypt([0x79]).bytes
        toUs[toUs.count - 1] ^= 1
        #expect(throws: SignalError.badMAC) { try device.decrypt(.message(toUs)) }
        toUs[toUs.count - 1] ^= 1
        #expect(try device.decrypt(.message(toUs)) == "y")
        #expect(throws: SignalError.duplicate(counter: 1)) { try device.decrypt(.message(toUs)) }
    }

    @Test mutating func ourSenderKeyIsReadByThePeer() throws {
        var own = OwnSenderKey.generate(using: &random)
        _ = try own.encrypt([0], using: &random)
        try peer.process(distribution: own.distribution())
        let messages = try (UInt8(0)..<6).map { try own.encrypt([$0], using: &random) }
        for position in [0, 3, 1, 5, 2, 4] { #expect(try peer.groupDecrypt(messages[position]) == [UInt8(position)]) }
        #expect(throws: SignalPeer.Failure.self) { try peer.groupDecrypt(messages[0]) }
    }

    @Test mutating func senderKeyOfThePeerIsRead() throws {
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(peer.distribution()))
        let messages = try (UInt8(0)..<6).map { try peer.groupEncrypt([$0]) }
        for position in [0, 3, 1, 5, 2, 4] { #expect(try record.decrypt(messages[position]) == [UInt8(position)]) }
        #expect(throws: SignalError.duplicate(counter: 0)) { try record.decrypt(messages[0]) }
        // One that joins later is told where the chain stands.
        var later = SenderKeyRecord()
        later.process(try SenderKeyDistribution(peer.distribution()))
        #expect(try later.decrypt(peer.groupEncrypt([9])) == [9])
        #expect(throws: SignalError.duplicate(counter: 5)) { try later.decrypt(messages[5]) }
    }
}
