import Foundation

/// The vectors of `Fixtures/curve.json`.
struct CurveFixture: Decodable {
    struct Agreement: Decodable, Sendable {
        let seedA, privateA, publicA, seedB, privateB, publicB, sharedSecret: Hex
    }

    struct Signature: Decodable, Sendable {
        let `private`, `public`, message, random, edwardsPublic, signature: Hex
    }

    struct Refused: Decodable, Sendable {
        let why: String
        let `public`, message, signature: Hex
    }

    struct Signatures: Decodable {
        let sign: [Signature]
        let reject: [Refused]
    }

    struct SignedKey: Decodable {
        let identityPrivate, identityPublic, `private`, `public`, random, signature: Hex
    }

    let x25519: [Agreement]
    let xeddsa: Signatures
    let signedPreKey: SignedKey

    static func load() throws -> CurveFixture {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/curve.json")
        return try decoder.decode(CurveFixture.self, from: Data(contentsOf: file))
    }
}

/// Bytes that a fixture writes in hexadecimal.
struct Hex: Decodable, Sendable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        bytes = stride(from: 0, to: text.count, by: 2)
            .compactMap { offset in
                let start = text.index(text.startIndex, offsetBy: offset)
                return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16)
            }
    }
}
