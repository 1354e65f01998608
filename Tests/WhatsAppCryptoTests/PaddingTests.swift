import Testing
import WhatsAppCrypto

struct PaddingTests {
    @Test func paddingComesOffAgain() {
        var random = SystemRandomNumberGenerator()
        for length in 0..<64 {
            let plaintext = [UInt8](repeating: 7, count: length)
            let padded = Padding.add(to: plaintext, using: &random)
            #expect((1...15).contains(padded.count - length))
            #expect(Padding.remove(from: padded).map(Array.init) == plaintext)
        }
    }

    @Test(arguments: [[], [0], [17], [2], [1, 3, 3], [9, 2, 3, 3]] as [[UInt8]])
    func paddingThatIsNotUniformIsRefused(bytes: [UInt8]) {
        #expect(Padding.remove(from: bytes) == nil)
    }
}
