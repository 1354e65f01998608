import Foundation
import SignalProtocol
import Testing
import WhatsApp

/// `Fixtures/pairing.json`.
struct PairingVectors {
    private let values: [String: String]
    private let pairs: [String: [String: String]]

    init() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/pairing", withExtension: "json"))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        values = json.compactMapValues { $0 as? String }
        pairs = json.compactMapValues { $0 as? [String: String] }
    }

    func text(_ name: String) throws -> String { try #require(values[name]) }
    func bytes(_ name: String) throws -> [UInt8] { hex(try text(name)) }
    func key(_ name: String) throws -> Curve25519KeyPair {
        try Curve25519KeyPair(privateKey: hex(try #require(pairs[name]?["priv"])))
    }

    func credentials() throws -> Credentials {
        Credentials(
            noiseKey: try key("companion noise"),
            identityKey: try key("companion identity"),
            signedPreKey: SignedPreKey(
                id: 1,
                keyPair: try key("signed pre-key"),
                signature: try bytes("signed pre-key sig")
            ),
            registrationID: 1234,
            advSecret: SecretBytes(try bytes("ADV secret"))
        )
    }
}

/// Gives the same byte for ever: the vectors were made with randomness `22` × 64.
struct ConstantGenerator: RandomNumberGenerator, Sendable {
    let word: UInt64

    init(byte: UInt8 = 0x22) {
        word = UInt64(byte) &* 0x0101_0101_0101_0101
    }

    mutating func next() -> UInt64 { word }
}
