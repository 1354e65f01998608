import Crypto
import Foundation
import Testing
import WhatsAppCrypto

struct MediaStreamTests {
    private let keys: MediaKeys

    init() throws {
        keys = try MediaKeys(mediaKey: [UInt8](repeating: 9, count: 32), kind: .video)
    }

    private static let lengths = [
        0, 1, 15, 16, 17, 31, 32, 65_509, 65_510, 65_511, 65_526, 65_536, 65_552, 131_045, 131_072, 200_001,
    ]

    @Test(arguments: lengths)
    func everyLengthComesBack(_ length: Int) throws {
        let plaintext = content(length)
        let (file, digest) = try MediaEncryptor.encrypt(plaintext, keys: keys, withSidecar: true)
        #expect(file.count == (length / 16 + 1) * 16 + 10)
        #expect(digest.hash == Array(SHA256.hash(data: plaintext)))
        #expect(digest.encryptedHash == Array(SHA256.hash(data: file)))
        #expect(digest.streamingSidecar == sidecar(of: file))
        let expectation = MediaExpectation(
            hash: digest.hash,
            encryptedHash: digest.encryptedHash,
            length: UInt64(length)
        )
        #expect(try MediaDecryptor.decrypt(file, keys: keys, expectation: expectation) == plaintext)
    }

    @Test(arguments: [1, 3, 10, 11, 16, 100, 32_768, 65_537])
    func piecesOfAnyLengthGiveTheSame(_ step: Int) throws {
        let plaintext = content(70_003)
        let whole = try MediaEncryptor.encrypt(plaintext, keys: keys, withSidecar: true)
        var encryptor = try MediaEncryptor(keys: keys, withSidecar: true)
        var file: [UInt8] = []
        for piece in pieces(of: plaintext, step) {
            try piece.withUnsafeBytes { try encryptor.update($0) { file += $0 } }
        }
        let digest = try encryptor.finish { file += $0 }
        #expect(file == whole.file)
        #expect(digest == whole.digest)

        var decryptor = try MediaDecryptor(keys: keys, expectation: MediaExpectation(hash: digest.hash))
        var back: [UInt8] = []
        for piece in pieces(of: file, step) {
            try piece.withUnsafeBytes { try decryptor.update($0) { back += $0 } }
        }
        #expect(try decryptor.finish { back += $0 } == 70_003)
        #expect(back == plaintext)
    }

    @Test func firstFrameHasACodeOfItsOwn() throws {
        let plaintext = content(1_000)
        let (file, digest) = try MediaEncryptor.encrypt(
            plaintext,
            keys: keys,
            withSidecar: false,
            firstFrameLength: 33
        )
        #expect(digest.firstFrameSidecar == code(keys.initializationVector + file.prefix(48)))
        #expect(digest.streamingSidecar == nil)
        let none = try MediaEncryptor.encrypt(plaintext, keys: keys, withSidecar: false).digest
        #expect(none.firstFrameSidecar == nil)
    }

    @Test func mediaKeyOfAnotherLengthIsRefused() {
        #expect(throws: MediaCryptoError.invalidKeyLength(31)) {
            try MediaKeys(mediaKey: [UInt8](repeating: 0, count: 31), kind: .image)
        }
        #expect(throws: MediaCryptoError.invalidKeyLength(0)) { try MediaRetryCipher(mediaKey: [], messageID: "A") }
    }

    // MARK: The plain way

    private func content(_ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func pieces(of bytes: [UInt8], _ step: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: step).map { bytes[$0..<min($0 + step, bytes.count)] }
    }

    private func code(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: Array(bytes), using: SymmetricKey(data: keys.macKey))
        return Array(code.prefix(10))
    }

    private func sidecar(of file: [UInt8]) -> [UInt8] {
        let stream = keys.initializationVector + file
        let entries = (stream.count - 16 + 65_535) / 65_536
        return (0..<entries).flatMap { entry in
            code(stream[entry * 65_536..<min(entry * 65_536 + 65_552, stream.count)])
        }
    }
}
