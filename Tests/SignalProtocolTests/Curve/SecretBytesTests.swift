import SignalProtocol
import Testing

@Suite struct SecretBytesTests {
    @Test func equalityIsThatOfTheBytes() {
        #expect(SecretBytes([1, 2, 3]) == SecretBytes([1, 2, 3]))
        #expect(SecretBytes([1, 2, 3]) != SecretBytes([1, 2, 4]))
        #expect(SecretBytes([1, 2, 3]) != SecretBytes([1, 2]))
        #expect(SecretBytes([]) == SecretBytes([]))
    }

    @Test func descriptionsAndMirrorsSayNothing() {
        let secret = SecretBytes(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"))
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test(arguments: 0..<20) func randomBytesHaveTheLengthAskedFor(count: Int) {
        var random = SeededGenerator(seed: 5)
        #expect(SecretBytes.random(count: count, using: &random).count == count)
        #expect(randomBytes(count, using: &random).count == count)
    }

    @Test func constantTimeEqualityComparesEveryByte() {
        let bytes = [UInt8](0..<32)
        #expect(constantTimeEqual(bytes, bytes))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x80
            #expect(!constantTimeEqual(bytes, other))
        }
        #expect(!constantTimeEqual(bytes, bytes.dropLast()))
    }
}
