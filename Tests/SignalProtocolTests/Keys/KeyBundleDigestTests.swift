import Testing

@testable import SignalProtocol

struct KeyBundleDigestTests {
    @Test func digestIsThePublishedOne() throws {
        let vector = try RatchetFixture.load().keyBundleDigest
        let digest = KeyBundleDigest.digest(
            identityKey: vector.identity.bytes,
            signedPreKey: vector.signedPrekey.bytes,
            signature: vector.signature.bytes,
            preKeys: vector.prekeys.map(\.bytes)
        )
        #expect(digest == vector.sha1.bytes)
    }

    @Test func rotatedKeyHasTheNextNumberAndIsSigned() {
        var random = SeededGenerator(seed: 1)
        let identity = Curve25519KeyPair.generate(using: &random)
        let first = SignedPreKey.generate(id: 0xff_fffe, identity: identity, using: &random)
        let second = first.successor(identity: identity, using: &random)
        let third = second.successor(identity: identity, using: &random)
        #expect([second.id, third.id] == [0xff_ffff, 1])
        #expect(third.isValid(under: identity.publicKey))
        #expect(third.keyPair != second.keyPair)
    }
}
