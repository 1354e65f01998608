import Testing

@testable import SignalProtocol

@Suite struct XEdDSATests {
    @Test func signsAsRecorded() throws {
        for vector in try CurveFixture.load().xeddsa.sign {
            let key = try Curve25519KeyPair(privateKey: vector.private.bytes)
            #expect(key.publicKey == vector.public.bytes)
            let signature = XEdDSA.sign(vector.message.bytes, with: key, nonce: vector.random.bytes)
            #expect(signature == vector.signature.bytes)
        }
    }

    @Test func recordedSignaturesAreValid() throws {
        for vector in try CurveFixture.load().xeddsa.sign {
            #expect(
                XEdDSA.isValid(vector.signature.bytes, for: vector.message.bytes, publicKey: vector.public.bytes)
            )
        }
    }

    @Test func alteredSignaturesAreNotValid() throws {
        let refused = try CurveFixture.load().xeddsa.reject
        #expect(refused.count == 6)
        for vector in refused {
            #expect(
                !XEdDSA.isValid(vector.signature.bytes, for: vector.message.bytes, publicKey: vector.public.bytes),
                "\(vector.why)"
            )
        }
    }

    @Test func montgomeryKeysBecomeTheRecordedEdwardsKeys() throws {
        for vector in try CurveFixture.load().xeddsa.sign {
            let u = try #require(FieldElement(littleEndian: vector.public.bytes))
            var expected = vector.edwardsPublic.bytes
            expected[31] &= 0x7f
            #expect(((u - .one) * (u + .one).inverted).littleEndian.bytes == expected)
        }
    }

    @Test func whatIsInvertedAndMultipliedIsOne() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<100 {
            let number = FieldElement(littleEndian: Key256(random: &random))
            #expect((number * number.inverted).littleEndian == FieldElement.one.littleEndian)
        }
        let zero = FieldElement(littleEndian: Key256())
        #expect(zero.inverted.littleEndian == Key256())
    }

    @Test func aKeptPointChangesNoVerdict() throws {
        var random = SeededGenerator(seed: 6)
        let key = Curve25519KeyPair.generate(using: &random)
        let publicKey = try #require(Key256(key.publicKey))
        var point = VerifyingPoint()
        for number in 0..<20 {
            let message = random.bytes(30)
            let signature = XEdDSA.sign(message, with: key, using: &random)
            #expect(XEdDSA.isValid(signature[...], for: message[...], publicKey: publicKey, keeping: &point))
            var altered = signature
            altered[number * 3] ^= 4
            #expect(!XEdDSA.isValid(altered[...], for: message[...], publicKey: publicKey, keeping: &point))
            #expect(!XEdDSA.isValid(signature[...], for: message.dropLast(), publicKey: publicKey, keeping: &point))
        }
    }

    @Test func everyFlippedBitIsNoticed() throws {
        var random = SeededGenerator(seed: 2)
        let key = Curve25519KeyPair.generate(using: &random)
        let message = random.bytes(21)
        let signature = XEdDSA.sign(message, with: key, using: &random)
        #expect(XEdDSA.isValid(signature, for: message, publicKey: key.publicKey))
        for bit in 0..<512 {
            var altered = signature
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(!XEdDSA.isValid(altered, for: message, publicKey: key.publicKey), "bit \(bit)")
        }
        for bit in 0..<message.count * 8 {
            var altered = message
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(!XEdDSA.isValid(signature, for: altered, publicKey: key.publicKey), "message bit \(bit)")
        }
        // The top bit of a public key has no meaning.
        for bit in 0..<255 {
            var altered = key.publicKey
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(!XEdDSA.isValid(signature, for: message, publicKey: altered), "key bit \(bit)")
        }
    }

    @Test func signaturesOfManyKeysAreValid() throws {
        var random = SeededGenerator(seed: 3)
        for round in 0..<200 {
            let key = Curve25519KeyPair.generate(using: &random)
            let message = random.bytes(round)
            let signature = XEdDSA.sign(message, with: key, using: &random)
            #expect(signature.count == 64)
            #expect(XEdDSA.isValid(signature, for: message, publicKey: key.publicKey), "seed 3, round \(round)")
        }
    }

    /// The point that is kept must be the one that would be computed, or a signature would be valid once only.
    @Test func signaturesWithAKeptPointAreValid() throws {
        var random = SeededGenerator(seed: 5)
        for round in 0..<50 {
            let key = Curve25519KeyPair.generate(using: &random)
            var point = SigningPoint()
            for part in 0..<3 {
                let message = random.bytes(round + part)
                let signature = XEdDSA.sign(message, with: key, keeping: &point, using: &random)
                #expect(XEdDSA.isValid(signature, for: message, publicKey: key.publicKey), "round \(round).\(part)")
            }
        }
    }

    @Test func wrongLengthsAndSmallOrderKeysAreNotValid() {
        var random = SeededGenerator(seed: 4)
        let key = Curve25519KeyPair.generate(using: &random)
        let signature = XEdDSA.sign([1], with: key, using: &random)
        for count in [0, 1, 63] {
            #expect(!XEdDSA.isValid(signature.prefix(count), for: [1], publicKey: key.publicKey))
        }
        #expect(!XEdDSA.isValid(signature + [0], for: [1], publicKey: key.publicKey))
        for count in [0, 1, 31] {
            #expect(!XEdDSA.isValid(signature, for: [1], publicKey: key.publicKey.prefix(count)))
        }
        #expect(!XEdDSA.isValid(signature, for: [1], publicKey: [5] + key.publicKey))
        for weak in Curve25519KeyPairTests.smallOrder {
            #expect(!XEdDSA.isValid(signature, for: [1], publicKey: weak))
            #expect(!XEdDSA.isValid([UInt8](repeating: 0, count: 64), for: [1], publicKey: weak))
        }
    }
}
