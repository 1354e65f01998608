import Crypto
import Testing
import WhatsAppCrypto

struct MediaBadInputTests {
    private let keys: MediaKeys
    private let plaintext = [UInt8](repeating: 200, count: 1_000)
    private let file: [UInt8]
    private let digest: MediaDigest

    init() throws {
        keys = try MediaKeys(mediaKey: [UInt8](repeating: 1, count: 32), kind: .document)
        (file, digest) = try MediaEncryptor.encrypt(plaintext, keys: keys, withSidecar: false)
    }

    @Test func lengthIsCheckedFirst() {
        let wrong = MediaExpectation(encryptedHash: [1])
        for length in [0, 1, 9, 10, 11, 25, 27, 41] {
            let bytes = [UInt8](repeating: 0, count: length)
            #expect(throws: MediaCryptoError.invalidLength(length)) {
                try MediaDecryptor.decrypt(bytes, keys: keys, expectation: wrong)
            }
        }
    }

    @Test func hashOfTheFileIsCheckedBeforeTheMAC() {
        var changed = file
        changed[0] ^= 1
        #expect(throws: MediaCryptoError.wrongEncryptedHash) {
            try MediaDecryptor.decrypt(
                changed,
                keys: keys,
                expectation: MediaExpectation(encryptedHash: digest.encryptedHash)
            )
        }
    }

    @Test func everyFlippedBitIsNoticed() {
        for index in file.indices {
            var changed = file
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: MediaCryptoError.wrongMAC) { try MediaDecryptor.decrypt(changed, keys: keys) }
        }
    }

    @Test func everyShorterFileIsNoticed() {
        for length in file.indices {
            #expect(throws: MediaCryptoError.self) { try MediaDecryptor.decrypt(file.prefix(length), keys: keys) }
        }
    }

    @Test func lyingFieldsAreNoticed() {
        #expect(throws: MediaCryptoError.wrongHash) {
            try MediaDecryptor.decrypt(file, keys: keys, expectation: MediaExpectation(hash: digest.encryptedHash))
        }
        #expect(throws: MediaCryptoError.wrongLength(declared: 999, actual: 1_000)) {
            try MediaDecryptor.decrypt(file, keys: keys, expectation: MediaExpectation(length: 999))
        }
        #expect(throws: MediaCryptoError.wrongHash) {
            try MediaDecryptor.decrypt(file, keys: keys, expectation: MediaExpectation(hash: []))
        }
    }

    @Test func contentBeyondTheLimitIsRefused() throws {
        #expect(throws: MediaCryptoError.tooLong(limit: 999)) {
            try MediaDecryptor.decrypt(file, keys: keys, limit: 999)
        }
        #expect(try MediaDecryptor.decrypt(file, keys: keys, limit: 1_000) == plaintext)
    }

    @Test func paddingThatTheSenderBrokeIsRefused() throws {
        // Authentic, but the last block ends in a byte that is no padding.
        let cut = Array(file.prefix(992))
        let mac = HMAC<SHA256>.authenticationCode(
            for: keys.initializationVector + cut,
            using: SymmetricKey(data: keys.macKey)
        )
        #expect(throws: MediaCryptoError.wrongPadding) {
            try MediaDecryptor.decrypt(cut + mac.prefix(10), keys: keys)
        }
    }

    @Test func plainFileIsChecked() throws {
        let hash = Array(SHA256.hash(data: plaintext))
        #expect(try check(MediaExpectation(hash: hash, length: 1_000)) == hash)
        #expect(throws: MediaCryptoError.wrongHash) { try check(MediaExpectation(hash: digest.encryptedHash)) }
        #expect(throws: MediaCryptoError.wrongLength(declared: 1, actual: 1_000)) {
            try check(MediaExpectation(length: 1))
        }
    }

    private func check(_ expectation: MediaExpectation) throws -> [UInt8] {
        var check = try PlainMediaCheck(expectation: expectation)
        plaintext.withUnsafeBytes { check.update($0) }
        return try check.finish()
    }
}
