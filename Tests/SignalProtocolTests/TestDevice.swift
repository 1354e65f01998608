import Testing

@testable import SignalProtocol

/// A device with keys of its own and one conversation.
struct TestDevice {
    let local: LocalIdentity
    let signedPreKey: SignedPreKey
    private(set) var preKeys: [UInt32: PreKey] = [:]
    var session = SignalSession()
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let identity = Curve25519KeyPair.generate(using: &random)
        local = LocalIdentity(keyPair: identity, registrationID: UInt32(truncatingIfNeeded: seed) & 0x3fff)
        signedPreKey = .generate(id: 5, identity: identity, using: &random)
        for id in UInt32(1)...40 { preKeys[id] = PreKey(id: id, keyPair: .generate(using: &random)) }
    }

    func bundle(preKey: UInt32? = nil) -> PreKeyBundle {
        PreKeyBundle(
            registrationID: local.registrationID,
            identityKey: local.keyPair.publicKey,
            signedPreKeyID: signedPreKey.id,
            signedPreKey: signedPreKey.keyPair.publicKey,
            signature: signedPreKey.signature,
            preKey: preKey.flatMap { preKeys[$0] }.map { ($0.id, $0.keyPair.publicKey) }
        )
    }

    mutating func start(with other: TestDevice, preKey: UInt32? = nil) throws {
        try session.start(with: other.bundle(preKey: preKey), local: local, using: &random)
    }

    mutating func encrypt(_ text: String) throws -> SignalCiphertext {
        try session.encrypt(Array(text.utf8), local: local)
    }

    mutating func decrypt(_ ciphertext: SignalCiphertext) throws -> String {
        String(decoding: try decryptBytes(ciphertext), as: UTF8.self)
    }

    mutating func decryptBytes(_ ciphertext: SignalCiphertext) throws -> [UInt8] {
        switch ciphertext {
        case .message(let bytes): return try session.decrypt(bytes, local: local, using: &random)
        case .preKeyMessage(let bytes):
            let message = try PreKeySignalMessage(bytes)
            return try session.decrypt(
                message,
                local: local,
                signedPreKey: message.signedPreKeyID == signedPreKey.id ? signedPreKey : nil,
                preKey: message.preKeyID.flatMap { preKeys[$0] },
                using: &random
            )
        }
    }

    /// The record as it comes back from the store.
    mutating func restore() throws {
        session = try SignalSession(serialized: session.serialized())
    }

    /// Two devices that have heard from each other.
    static func pair(seed: UInt64) throws -> (TestDevice, TestDevice) {
        var alice = TestDevice(seed: seed)
        var bob = TestDevice(seed: seed &+ 1)
        try alice.start(with: bob, preKey: 1)
        #expect(try bob.decrypt(alice.encrypt("hello")) == "hello")
        #expect(try alice.decrypt(bob.encrypt("hello yourself")) == "hello yourself")
        return (alice, bob)
    }
}

extension SignalCiphertext {
    var bytes: [UInt8] {
        switch self {
        case .message(let bytes): bytes
        case .preKeyMessage(let bytes): bytes
        }
    }

    var isPreKeyMessage: Bool {
        if case .preKeyMessage = self { true } else { false }
    }

    func with(_ bytes: [UInt8]) -> SignalCiphertext {
        switch self {
        case .message: .message(bytes)
        case .preKeyMessage: .preKeyMessage(bytes)
        }
    }
}
