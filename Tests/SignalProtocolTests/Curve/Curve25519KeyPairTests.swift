import SignalProtocol
import Testing

@Suite struct Curve25519KeyPairTests {
    @Test func privateKeysAreClamped() throws {
        for vector in try CurveFixture.load().x25519 {
            let pair = try Curve25519KeyPair(privateKey: vector.seedA.bytes)
            #expect(pair.privateKey.reveal() == vector.privateA.bytes)
            #expect(pair.publicKey == vector.publicA.bytes)
        }
    }

    @Test func bothSidesAgreeOnTheRecordedSecret() throws {
        for vector in try CurveFixture.load().x25519 {
            let one = try Curve25519KeyPair(privateKey: vector.privateA.bytes)
            let other = try Curve25519KeyPair(privateKey: vector.privateB.bytes)
            #expect(other.publicKey == vector.publicB.bytes)
            #expect(try one.sharedSecret(with: other.publicKey).reveal() == vector.sharedSecret.bytes)
            #expect(try other.sharedSecret(with: one.publicKey).reveal() == vector.sharedSecret.bytes)
        }
    }

    @Test func generatedKeysAgree() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<16 {
            let one = Curve25519KeyPair.generate(using: &random)
            let other = Curve25519KeyPair.generate(using: &random)
            #expect(one != other)
            #expect(try one.sharedSecret(with: other.publicKey) == other.sharedSecret(with: one.publicKey))
        }
    }

    @Test(arguments: [0, 31, 33, 64]) func otherLengthsAreRefused(count: Int) throws {
        let bytes = [UInt8](repeating: 9, count: count)
        #expect(throws: CurveError.invalidKeyLength(count)) { try Curve25519KeyPair(privateKey: bytes) }
        let pair = try Curve25519KeyPair(privateKey: [UInt8](repeating: 7, count: 32))
        #expect(throws: CurveError.invalidKeyLength(count)) { try pair.sharedSecret(with: bytes) }
    }

    /// The public keys with which every private key gives the secret zero.
    static let smallOrder: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32),
        [1] + [UInt8](repeating: 0, count: 31),
        // The two of order eight.
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
            0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
        // p − 1, p and p + 1
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [0xee] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
    ]

    @Test(arguments: smallOrder) func smallOrderKeysAreRefused(key: [UInt8]) throws {
        let pair = try Curve25519KeyPair(privateKey: [UInt8](repeating: 7, count: 32))
        #expect(throws: CurveError.weakPublicKey) { try pair.sharedSecret(with: key) }
    }
}
