import Compression
import Foundation
import SignalProtocol
import WhatsApp
import WhatsAppWire

/// Session IDs and credential files of an invented device, to be broken.
struct SessionCorpus {
    private let json: [UInt8]
    private let texts: [[UInt8]]

    init() throws {
        var random = SplitMix(seed: 7)
        let credentials = Self.linked(using: &random)
        json = try BaileysCredentials.encode(credentials)
        texts = try SessionIDDialect.allCases.flatMap { dialect in
            try ["WHARF", "Some.Bot-7"].map { prefix in
                Array(
                    try SessionIDCodec.encode(credentials, as: dialect, prefix: SessionIDPrefix(prefix)).reveal().utf8
                )
            }
        }
    }

    /// Credentials whose signatures are right.
    private static func linked(using random: inout SplitMix) -> Credentials {
        var credentials = Credentials.generate(using: &random)
        let phone = Curve25519KeyPair.generate(using: &random)
        // ADVDeviceIdentity: rawId 305419896, timestamp 1766000000, keyIndex 2.
        let details: [UInt8] = [
            0x08, 0xf8, 0xac, 0xd1, 0x91, 0x01, 0x10, 0x80, 0x8b, 0x8c, 0xca, 0x06, 0x18, 0x02, 0x20, 0x00, 0x28, 0x00,
        ]
        let own = credentials.identityKey.publicKey
        let signed = Credentials.SignedDeviceIdentity(
            details: details,
            accountSignatureKey: phone.publicKey,
            accountSignature: XEdDSA.sign([6, 0] + details + own, with: phone, using: &random),
            deviceSignature: XEdDSA.sign(
                [6, 1] + details + own + phone.publicKey,
                with: credentials.identityKey,
                using: &random
            )
        )
        credentials.account = Credentials.LinkedAccount(
            jid: JID(user: "15551234567", server: .user, device: 7),
            lid: JID(user: "100000000000001", server: .lid, device: 7),
            platform: "android",
            pushName: "Ada \"the\" Tester é😀",
            identity: signed
        )
        return credentials
    }

    private static let jsonPieces: [[UInt8]] = [
        "\"", "\\", "\\u", "\\ud800", "\\u0000", "{", "}", "[", "]", "[[[[[[[[[[[[", "{\"a\":", "null", "true", "-",
        "1e999",
        "-0", "1.5", "18446744073709551616", ",", ":", "\"type\":\"Buffer\"", "\"data\":[1,2,300]", "\"data\":\"",
        "\u{FEFF}",
        "\"me\":", "\"id\":\"1:1@s.whatsapp.net\"", "\"creds.json\":", "\"keyId\":-1", "\"noiseKey\":1",
    ]
    .map { Array($0.utf8) }

    /// Credential files.
    func credentials() -> FuzzTarget {
        let mutation = Mutation(corpus: [json], pieces: Self.jsonPieces)
        return FuzzTarget(name: "credentials", share: 6) { random in
            guard let read = try? BaileysCredentials.decode(mutation.input(&random)) else { return .refused }
            guard let written = try? BaileysCredentials.encode(read) else {
                return .unsound("was read, cannot be written")
            }
            guard let again = try? BaileysCredentials.decode(written) else {
                return .unsound("was written, cannot be read")
            }
            return (try? BaileysCredentials.encode(again)) == written ? .accepted : .unsound("is another device")
        }
    }

    /// Session IDs: broken as text, or below base64, or below base64 and gzip.
    func sessionIDs() -> FuzzTarget {
        let textMutation = Mutation(
            corpus: texts
                + ["mega.nz/file/abc#key", "https://gist.github.com/x/0123456789abcdef"].map { Array($0.utf8) },
            pieces: ["~", ";;;", "!", "=", "==", "-", "_", "...", "\"", "SESSION_ID=", " ", "\n", "H4sI", "eyJ", "{}"]
                .map { Array($0.utf8) }
        )
        let jsonMutation = Mutation(corpus: [json], pieces: Self.jsonPieces)
        let packed = (try? Compression.deflate(json, format: .gzip)) ?? []
        let packedMutation = Mutation(corpus: [packed])
        return FuzzTarget(name: "session ID", share: 6) { random in
            let bytes: [UInt8]
            switch random.number(0...3) {
            case 0: bytes = Array(Data(packedMutation.input(&random)).base64EncodedString().utf8)
            case 1:
                let broken = jsonMutation.input(&random)
                let inner = (try? Compression.deflate(broken, format: .gzip, level: 1)) ?? broken
                bytes = Array("WHARF~".utf8) + Array(Data(inner).base64EncodedString().utf8)
            default: bytes = textMutation.input(&random)
            }
            guard let imported = try? SessionIDCodec.decode(String(decoding: bytes, as: UTF8.self)) else {
                return .refused
            }
            guard imported.report(at: Date(timeIntervalSince1970: 1_800_000_000)) != nil else {
                return .unsound("has no report")
            }
            return (try? SessionIDCodec.encode(imported.credentials, as: .tildeGzip, prefix: .standard)) == nil
                ? .unsound("was read, cannot be written") : .accepted
        }
    }
}
