import Foundation
import Testing

/// `Fixtures/media.json`.
struct MediaVectors: Decodable {
    struct Expanded: Decodable {
        var infoUtf8: String
        var iv: String
        var cipherKey: String
        var macKey: String
    }

    struct File: Decodable {
        var plaintext: String?
        var encryptedFile: String?
        var encryptedLength: Int?
        var mac: String
        var fileSha256: String
        var fileEncSha256: String
        var streamingSidecar: String
    }

    struct Retry: Decodable {
        var messageId: String
        var iv: String
        var ciphertextWithTag: String
    }

    var mediaKey: String
    var expanded: [Expanded]
    var small: File
    var large: File
    var retry: Retry

    static func read() throws -> MediaVectors {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/media", withExtension: "json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(MediaVectors.self, from: Data(contentsOf: url))
    }

    /// The content of the large file.
    static let largePlaintext = (0..<131_172).map { UInt8((7 * $0 + 3) % 256) }
}

/// The bytes of a hexadecimal text.
func mediaBytes(_ text: String) throws -> [UInt8] {
    let digits = Array(text.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { index in
        try #require(UInt8(String(decoding: digits[index..<min(index + 2, digits.count)], as: UTF8.self), radix: 16))
    }
}
