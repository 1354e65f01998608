import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs

struct MediaVectorTests {
    private let vectors: MediaVectors
    private let mediaKey: [UInt8]

    init() throws {
        vectors = try MediaVectors.read()
        mediaKey = try mediaBytes(vectors.mediaKey)
    }

    @Test func keysAreExpandedAsPublished() throws {
        for expected in vectors.expanded {
            let kind = try #require(MediaKind.allCases.first { $0.keyInfo == expected.infoUtf8 })
            let keys = try MediaKeys(mediaKey: mediaKey, kind: kind)
            #expect(keys.initializationVector == (try mediaBytes(expected.iv)))
            #expect(keys.cipherKey == (try mediaBytes(expected.cipherKey)))
            #expect(keys.macKey == (try mediaBytes(expected.macKey)))
        }
    }

    @Test func smallFileIsEncryptedAsPublished() throws {
        let keys = try MediaKeys(mediaKey: mediaKey, kind: .image)
        let plaintext = try mediaBytes(#require(vectors.small.plaintext))
        let (file, digest) = try MediaEncryptor.encrypt(plaintext, keys: keys, withSidecar: true)
        #expect(file == (try mediaBytes(#require(vectors.small.encryptedFile))))
        try expect(digest, toBe: vectors.small)
        #expect(digest.length == 16)
    }

    @Test func largeFileIsEncryptedAsPublished() throws {
        let keys = try MediaKeys(mediaKey: mediaKey, kind: .video)
        let (file, digest) = try MediaEncryptor.encrypt(MediaVectors.largePlaintext, keys: keys, withSidecar: true)
        #expect(file.count == vectors.large.encryptedLength)
        #expect(Array(file.suffix(10)) == (try mediaBytes(vectors.large.mac)))
        try expect(digest, toBe: vectors.large)
        #expect(digest.encryptedLength == UInt64(file.count))
    }

    @Test func publishedFileIsDecrypted() throws {
        let small = vectors.small
        let content = try MediaDecryptor.decrypt(
            mediaBytes(#require(small.encryptedFile)),
            keys: MediaKeys(mediaKey: mediaKey, kind: .sticker),
            expectation: MediaExpectation(
                hash: mediaBytes(small.fileSha256),
                encryptedHash: mediaBytes(small.fileEncSha256),
                length: 16
            )
        )
        #expect(content == (try mediaBytes(#require(small.plaintext))))
    }

    @Test func retryRequestIsSealedAsPublished() throws {
        let retry = vectors.retry
        let cipher = try MediaRetryCipher(mediaKey: mediaKey, messageID: retry.messageId)
        let sealed = try cipher.request(initializationVector: mediaBytes(retry.iv))
        #expect(sealed.payload == (try mediaBytes(retry.ciphertextWithTag)))
        #expect(try cipher.isRequest(sealed))
    }

    @Test func retryAnswerIsOpenedForItsMessageAlone() throws {
        let cipher = try MediaRetryCipher(mediaKey: mediaKey, messageID: "A1")
        var answer = WAMediaRetryNotification()
        answer.stanzaID = "A1"
        answer.result = .success
        answer.directPath = "/v/new"
        let iv = [UInt8](repeating: 7, count: 12)
        let sealed = try cipher.seal(answer, initializationVector: iv)
        #expect(try cipher.answer(from: sealed).directPath == "/v/new")

        let other = try MediaRetryCipher(mediaKey: mediaKey, messageID: "A2")
        #expect(throws: MediaCryptoError.wrongRetryKey) { try other.answer(from: sealed) }
        answer.stanzaID = "A2"
        let swapped = try cipher.seal(answer, initializationVector: iv)
        #expect(throws: MediaCryptoError.malformedRetry) { try cipher.answer(from: swapped) }
        let short = MediaRetryCipher.Sealed(payload: sealed.payload.prefix(15), initializationVector: iv)
        #expect(throws: MediaCryptoError.malformedRetry) { try cipher.answer(from: short) }
    }

    private func expect(_ digest: MediaDigest, toBe file: MediaVectors.File) throws {
        #expect(digest.hash == (try mediaBytes(file.fileSha256)))
        #expect(digest.encryptedHash == (try mediaBytes(file.fileEncSha256)))
        #expect(digest.streamingSidecar == (try mediaBytes(file.streamingSidecar)))
    }
}
