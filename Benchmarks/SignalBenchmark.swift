import ArgumentParser
import SignalProtocol

/// Messages between two devices and to a group.
struct SignalBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal",
        abstract: "Signal: sessions begun, messages encrypted and decrypted, sender keys, records."
    )

    @Option(help: "Runs of which the median counts.")
    var runs = 7

    @Option(help: "Milliseconds a run.")
    var milliseconds = 400

    @Option(help: "Bytes of a message, padding included.")
    var length = 160

    func run() throws {
        Circumstances.current().report()
        report("median of \(runs) runs of \(milliseconds) ms; one core, processor time; messages of \(length) bytes")
        report("")
        try measureSessions()
        try measureSenderKeys()
    }

    private func measureSessions() throws {
        let text = [UInt8](repeating: 7, count: length)
        var alice = SignalParty(seed: 1)
        var bob = SignalParty(seed: 2)
        try measure("session begun from a bundle") {
            var session = SignalSession()
            try session.start(with: bob.bundle, local: alice.local, using: &alice.random)
        }
        try alice.session.start(with: bob.bundle, local: alice.local, using: &alice.random)
        let first = try alice.encrypt(text)
        try measure("first message decrypted, with one-time key") {
            var fresh = bob
            keep(try fresh.decrypt(first))
        }
        keep(try bob.decrypt(first))
        for _ in 0..<6 {
            keep(try alice.decrypt(bob.encrypt(text)))
            keep(try bob.decrypt(alice.encrypt(text)))
        }

        try measure("encrypted, same chain") {
            // Begun anew before the chain is long: what is measured is one message.
            var sender = alice
            keep(try sender.encrypt(text))
        }
        keep(try bob.decrypt(alice.encrypt(text)))
        let next = try alice.encrypt(text)
        try measure("decrypted, same chain") {
            var receiver = bob
            keep(try receiver.decrypt(next))
        }
        for _ in 0..<99 { _ = try alice.encrypt(text) }
        let ahead = try alice.encrypt(text)
        try measure("decrypted, 100 messages skipped") {
            var receiver = bob
            keep(try receiver.decrypt(ahead))
        }
        try measure("encrypted and decrypted, ratchet step") {
            keep(try alice.decrypt(bob.encrypt(text)))
            swap(&alice, &bob)
        }
        let record = alice.session.serialized()
        measure("record written") { keep(alice.session.serialized()) }
        try measure("record read") { keep(try SignalSession(serialized: record)) }
        report("record of an established session".padded(to: 48) + "\(record.count) bytes")
    }

    private func measureSenderKeys() throws {
        let text = [UInt8](repeating: 7, count: length)
        var random = SplitMix(seed: 3)
        var own = OwnSenderKey.generate(using: &random)
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(own.distribution()))
        let message = try own.encrypt(text, using: &random)
        try measure("group message encrypted") {
            var sender = own
            keep(try sender.encrypt(text, using: &random))
        }
        try measure("group message decrypted") {
            var receiver = record
            keep(try receiver.decrypt(message))
        }
        measure("sender key generated") { keep(OwnSenderKey.generate(using: &random)) }
        report("record of a sender key".padded(to: 48) + "\(record.serialized().count) bytes")
    }

    private func measure(_ name: String, _ body: () throws -> Void) rethrows {
        try body()
        let sample = Sample(try (0..<runs).map { _ in try secondsPerTurn(for: .milliseconds(milliseconds), body) })
        let time = "\((sample.median * 1e6).digits(1)) µs".padded(to: 14)
        let bounds = "[\((sample.least * 1e6).digits(1))-\((sample.greatest * 1e6).digits(1))]".padded(to: 18)
        report(name.padded(to: 48) + time + bounds + "\((1 / sample.median).digits(0)) a second")
    }
}

/// A device with fixed keys and one conversation.
struct SignalParty {
    let local: LocalIdentity
    let signedPreKey: SignedPreKey
    let preKey: PreKey
    var session = SignalSession()
    var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
        let identity = Curve25519KeyPair.generate(using: &random)
        local = LocalIdentity(keyPair: identity, registrationID: 1234)
        signedPreKey = .generate(id: 1, identity: identity, using: &random)
        preKey = PreKey(id: 1, keyPair: .generate(using: &random))
    }

    var bundle: PreKeyBundle {
        PreKeyBundle(
            registrationID: local.registrationID,
            identityKey: local.keyPair.publicKey,
            signedPreKeyID: signedPreKey.id,
            signedPreKey: signedPreKey.keyPair.publicKey,
            signature: signedPreKey.signature,
            preKey: (preKey.id, preKey.keyPair.publicKey)
        )
    }

    mutating func encrypt(_ text: [UInt8]) throws -> SignalCiphertext {
        try session.encrypt(text, local: local)
    }

    mutating func decrypt(_ ciphertext: SignalCiphertext) throws -> [UInt8] {
        switch ciphertext {
        case .message(let bytes): try session.decrypt(bytes, local: local, using: &random)
        case .preKeyMessage(let bytes): try decrypt(preKeyMessage: bytes)
        }
    }

    mutating func decrypt(preKeyMessage bytes: [UInt8]) throws -> [UInt8] {
        let message = try PreKeySignalMessage(bytes)
        return try session.decrypt(
            message,
            local: local,
            signedPreKey: message.signedPreKeyID == signedPreKey.id ? signedPreKey : nil,
            preKey: message.preKeyID == preKey.id ? preKey : nil,
            using: &random
        )
    }
}
