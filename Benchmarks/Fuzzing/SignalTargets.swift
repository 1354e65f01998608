import SignalProtocol

/// Messages and records of invented devices, to be broken.
struct SignalCorpus {
    private let receiver: SignalParty
    private let messages: [[UInt8]]
    private let fresh: SignalParty
    private let firstMessages: [[UInt8]]
    private let senderKeys: SenderKeyRecord
    private let groupMessages: [[UInt8]]
    private let distributions: [[UInt8]]
    private let storedSessions: [[UInt8]]
    private let storedSenderKeys: [[UInt8]]

    private static let text = Array("a message of some length".utf8)

    init() throws {
        var alice = SignalParty(seed: 20)
        var bob = SignalParty(seed: 21)
        fresh = bob
        try alice.session.start(with: bob.bundle, local: alice.local, using: &alice.random)
        firstMessages = try (0..<5).map { _ in try alice.encrypt(Self.text).bytes }
        for bytes in firstMessages.dropFirst() { _ = try bob.decrypt(preKeyMessage: bytes) }
        _ = try alice.decrypt(bob.encrypt(Self.text))
        messages = try (0..<20).map { _ in try alice.encrypt(Self.text).bytes }
        _ = try bob.decrypt(.message(messages[5]))
        receiver = bob
        storedSessions = [alice.session.serialized(), bob.session.serialized(), SignalSession().serialized()]

        var random = SplitMix(seed: 22)
        var own = OwnSenderKey.generate(using: &random)
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(OwnSenderKey.generate(using: &random).distribution()))
        record.process(try SenderKeyDistribution(own.distribution()))
        distributions = [own.distribution()]
        groupMessages = try (0..<20).map { _ in try own.encrypt(Self.text, using: &random) }
        _ = try record.decrypt(groupMessages[7])
        senderKeys = record
        storedSenderKeys = [record.serialized(), own.serialized()]
    }

    private static let pieces: [[UInt8]] = [
        [0x33], [0x34], [0x0a, 0x21, 0x05], [0x12, 0x21, 0x05], [0x10, 0xff, 0xff, 0xff, 0xff, 0x0f],
        [0x10, 0xc0, 0x84, 0x3d],
        [0x18, 0x00], [0x22, 0x00], [0x22, 0x10], [0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0x08, 0x00], [0x0b], [0x0c], [UInt8](repeating: 0, count: 32),
    ]

    /// Messages to one device; the record must be as it was when there is no plaintext.
    func signalMessages() -> FuzzTarget {
        let later = Mutation(corpus: messages, pieces: Self.pieces)
        let first = Mutation(corpus: firstMessages, pieces: Self.pieces)
        return FuzzTarget(name: "Signal message", share: 6) { random in
            let begins = random.number(0...1) == 0
            var device = begins ? fresh : receiver
            let before = device.session
            let input = begins ? first.input(&random) : later.input(&random)
            let plaintext = begins ? try? device.decrypt(preKeyMessage: input) : try? device.decrypt(.message(input))
            guard let plaintext else {
                return device.session == before ? .refused : .unsound("was refused and changed the record")
            }
            return plaintext == Self.text ? .accepted : .unsound("opened what was not sent")
        }
    }

    /// Messages to a group, and the keys that come before them.
    func senderKeyMessages() -> FuzzTarget {
        let message = Mutation(corpus: groupMessages, pieces: Self.pieces)
        let distribution = Mutation(corpus: distributions, pieces: Self.pieces)
        return FuzzTarget(name: "sender key", share: 4) { random in
            if random.number(0...2) == 0 {
                guard let read = try? SenderKeyDistribution(distribution.input(&random)) else { return .refused }
                return (try? SenderKeyDistribution(read.serialized())) == read
                    ? .accepted : .unsound("is another key after writing and reading")
            }
            var record = senderKeys
            guard let plaintext = try? record.decrypt(message.input(&random)) else {
                return record == senderKeys ? .refused : .unsound("was refused and changed the record")
            }
            return plaintext == Self.text ? .accepted : .unsound("opened what was not sent")
        }
    }

    /// Stored records, which are sealed where they lie, but may be of another version.
    func signalRecords() -> FuzzTarget {
        let sessions = Mutation(corpus: storedSessions)
        let keys = Mutation(corpus: storedSenderKeys)
        return FuzzTarget(name: "Signal record", share: 4) { random in
            switch random.number(0...2) {
            case 0:
                guard let read = try? SignalSession(serialized: sessions.input(&random)) else { return .refused }
                return (try? SignalSession(serialized: read.serialized())) == read
                    ? .accepted : .unsound("is another session after writing and reading")
            case 1:
                guard let read = try? SenderKeyRecord(serialized: keys.input(&random)) else { return .refused }
                return (try? SenderKeyRecord(serialized: read.serialized())) == read
                    ? .accepted : .unsound("is another record after writing and reading")
            default:
                guard let read = try? OwnSenderKey(serialized: keys.input(&random)) else { return .refused }
                return (try? OwnSenderKey(serialized: read.serialized())) == read
                    ? .accepted : .unsound("is another key after writing and reading")
            }
        }
    }
}

extension SignalCiphertext {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .message(let bytes): bytes
        case .preKeyMessage(let bytes): bytes
        }
    }
}
