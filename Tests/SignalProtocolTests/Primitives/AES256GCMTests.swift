import Crypto
import Testing

@testable import SignalProtocol

/// The cipher against another implementation of the same.
struct AES256GCMTests {
    private let key = SymmetricKey(size: .bits256)

    @Test(arguments: [0, 1, 15, 16, 17, 255, 4_096, 100_000])
    func whatOneSealsTheOtherOpens(length: Int) throws {
        let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for (counter, authenticated) in [
            (0, []), (1, [1, 2, 3]), (0x0102_0304, []), (.max, [UInt8](repeating: 7, count: 32)),
        ]
            as [(UInt32, [UInt8])]
        {
            let counted: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0] + (0..<4).map { UInt8(counter >> (24 - 8 * $0) & 0xff) }
            let any = (0..<12).map { _ in UInt8.random(in: 0...255) }
            for (nonce, bytes) in [
                (AES256GCM.Nonce(counter: counter), counted), (try #require(AES256GCM.Nonce(any)), any),
            ] {
                let box = try AES.GCM.seal(
                    plain,
                    using: key,
                    nonce: AES.GCM.Nonce(data: bytes),
                    authenticating: authenticated
                )
                var sealed: [UInt8] = [1, 2, 3]
                #expect(
                    AES256GCM.seal(plain, key: key, nonce: nonce, authenticating: authenticated, to: &sealed)
                )
                #expect(sealed == [1, 2, 3] + Array(box.ciphertext) + Array(box.tag))
                let opened = AES256GCM.open(
                    sealed.dropFirst(3),
                    key: key,
                    nonce: nonce,
                    authenticating: authenticated
                )
                #expect(opened == plain)
            }
        }
    }

    @Test func whatWasAlteredIsRefused() throws {
        let nonce = AES256GCM.Nonce(counter: 5)
        func open(_ sealed: some Collection<UInt8>, _ nonce: AES256GCM.Nonce, _ authenticated: [UInt8]) -> [UInt8]? {
            AES256GCM.open(Array(sealed)[...], key: key, nonce: nonce, authenticating: authenticated)
        }
        var sealed: [UInt8] = []
        #expect(AES256GCM.seal([1, 2, 3], key: key, nonce: nonce, authenticating: [9], to: &sealed))
        #expect(open(sealed, nonce, [9]) == [1, 2, 3])
        for place in sealed.indices {
            var altered = sealed
            altered[place] ^= 1
            #expect(open(altered, nonce, [9]) == nil)
        }
        #expect(open(sealed, AES256GCM.Nonce(counter: 6), [9]) == nil)
        #expect(open(sealed, nonce, []) == nil)
        for count in 0..<sealed.count { #expect(open(sealed.prefix(count), nonce, [9]) == nil) }
    }

    @Test func aKeyOfAnotherLengthSealsNothing() {
        var sealed: [UInt8] = [7]
        let short = SymmetricKey(size: .bits128)
        let nonce = AES256GCM.Nonce(counter: 0)
        #expect(!AES256GCM.seal([1], key: short, nonce: nonce, authenticating: [], to: &sealed))
        #expect(sealed == [7])
        #expect(AES256GCM.Nonce([1, 2, 3]) == nil)
    }
}
