import Crypto
import Testing

@testable import WhatsAppWire

/// The cipher of frames against another implementation of the same.
struct AuthenticatedCipherTests {
    private let key = SymmetricKey(size: .bits256)

    private func nonce(_ counter: UInt32) throws -> AES.GCM.Nonce {
        try AES.GCM.Nonce(data: [0, 0, 0, 0, 0, 0, 0, 0] + (0..<4).map { UInt8(counter >> (24 - 8 * $0) & 0xff) })
    }

    @Test(arguments: [0, 1, 15, 16, 17, 255, 4_096, 100_000])
    func whatOneSealsTheOtherOpens(length: Int) throws {
        let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for (counter, authenticated) in [
            (0, []), (1, [1, 2, 3]), (0x0102_0304, []), (.max, [UInt8](repeating: 7, count: 32)),
        ]
            as [(UInt32, [UInt8])]
        {
            let box = try AES.GCM.seal(plain, using: key, nonce: nonce(counter), authenticating: authenticated)
            let sealed = try AuthenticatedCipher.seal(plain, key: key, counter: counter, authenticating: authenticated)
            #expect(sealed == Array(box.ciphertext) + Array(box.tag))
            let opened = try AuthenticatedCipher.open(sealed, key: key, counter: counter, authenticating: authenticated)
            #expect(opened == plain)
        }
    }

    @Test func whatWasAlteredIsRefused() throws {
        let sealed = try AuthenticatedCipher.seal([1, 2, 3], key: key, counter: 5, authenticating: [9])
        for place in sealed.indices {
            var altered = sealed
            altered[place] ^= 1
            #expect(throws: NoiseError.authenticationFailed) {
                try AuthenticatedCipher.open(altered, key: key, counter: 5, authenticating: [9])
            }
        }
        #expect(throws: NoiseError.authenticationFailed) {
            try AuthenticatedCipher.open(sealed, key: key, counter: 6, authenticating: [9])
        }
        #expect(throws: NoiseError.authenticationFailed) {
            try AuthenticatedCipher.open(sealed, key: key, counter: 5, authenticating: [])
        }
        for count in 0..<16 {
            #expect(throws: NoiseError.authenticationFailed) {
                try AuthenticatedCipher.open(Array(sealed.prefix(count)), key: key, counter: 5, authenticating: [9])
            }
        }
    }
}
