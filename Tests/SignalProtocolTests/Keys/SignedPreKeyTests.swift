import SignalProtocol
import Testing

@Suite struct SignedPreKeyTests {
    @Test func recordedSignatureIsMadeOverTheTypedKey() throws {
        let vector = try CurveFixture.load().signedPreKey
        let identity = try Curve25519KeyPair(privateKey: vector.identityPrivate.bytes)
        let pair = try Curve25519KeyPair(privateKey: vector.private.bytes)
        #expect(identity.publicKey == vector.identityPublic.bytes)
        #expect(pair.publicKey == vector.public.bytes)
        let signature = XEdDSA.sign([0x05] + pair.publicKey, with: identity, nonce: vector.random.bytes)
        #expect(signature == vector.signature.bytes)
        let key = SignedPreKey(id: 1, keyPair: pair, signature: signature)
        #expect(key.isValid(under: identity.publicKey))
        #expect(!key.isValid(under: pair.publicKey))
    }

    @Test func generatedKeysAreSigned() {
        var random = SeededGenerator(seed: 6)
        let identity = Curve25519KeyPair.generate(using: &random)
        let key = SignedPreKey.generate(id: 77, identity: identity, using: &random)
        #expect(key.id == 77)
        #expect(key.isValid(under: identity.publicKey))
    }
}
