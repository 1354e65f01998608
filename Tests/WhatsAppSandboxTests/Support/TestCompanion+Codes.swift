import Crypto
import CryptoExtras
import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

/// The companion's half of a code link.
struct TestCodeFlow {
    let code: String
    let ephemeral: Curve25519KeyPair
    let wrapped: [UInt8]

    init(code: String = "HTYX2DN2") throws {
        var random = SystemRandomNumberGenerator()
        self.code = code
        ephemeral = .generate(using: &random)
        let salt = randomBytes(32, using: &random)
        let counter = randomBytes(16, using: &random)
        wrapped = try salt + counter + Self.crypt(ephemeral.publicKey, code: code, salt: salt, counter: counter)
    }

    static func crypt(_ bytes: [UInt8], code: String, salt: [UInt8], counter: [UInt8]) throws -> [UInt8] {
        let key = try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(code.utf8),
            salt: salt,
            using: .sha256,
            outputByteCount: 32,
            unsafeUncheckedRounds: 131_072
        )
        return Array(try AES._CTR.encrypt(bytes, using: key, nonce: .init(nonceBytes: counter)))
    }

    /// The request for a code; `nonce` is the byte 00 or the character "0", by client.
    func hello(_ companion: TestCompanion, number: String, nonce: [UInt8] = [0]) -> BinaryNode {
        BinaryNode(
            "link_code_companion_reg",
            [
                "jid": .jid(JID(user: number, server: .user)), "stage": "companion_hello",
                "should_show_push_notification": "true",
            ],
            children: [
                BinaryNode("link_code_pairing_wrapped_companion_ephemeral_pub", bytes: wrapped),
                BinaryNode("companion_server_auth_key_pub", bytes: companion.noise.publicKey),
                BinaryNode("companion_platform_id", bytes: Array("1".utf8)),
                BinaryNode("companion_platform_display", bytes: Array("Chrome (Linux)".utf8)),
                BinaryNode("link_code_pairing_nonce", bytes: nonce),
            ]
        )
    }

    /// The answer to primary_hello, and the ADV secret that comes out of it.
    func finish(_ notification: BinaryNode, companion: TestCompanion) throws -> (
        request: BinaryNode, advSecret: [UInt8]
    ) {
        let hello = try #require(notification.child("link_code_companion_reg"))
        #expect(hello.attributes.text("stage") == "primary_hello")
        let wrapped = Array(
            try #require(hello.child("link_code_pairing_wrapped_primary_ephemeral_pub")?.bytes)
        )
        let primaryIdentity = Array(try #require(hello.child("primary_identity_pub")?.bytes))
        let reference = try #require(hello.child("link_code_pairing_ref"))
        let primaryEphemeral = try Self.crypt(
            Array(wrapped[48...]),
            code: code,
            salt: Array(wrapped[..<32]),
            counter: Array(wrapped[32..<48])
        )
        let first = try ephemeral.sharedSecret(with: primaryEphemeral).reveal()
        let second = try companion.identity.sharedSecret(with: primaryIdentity).reveal()
        var random = SystemRandomNumberGenerator()
        let secret = randomBytes(32, using: &random)
        let salt = randomBytes(32, using: &random)
        let iv = randomBytes(12, using: &random)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: first),
            salt: salt,
            info: Data("link_code_pairing_key_bundle_encryption_key".utf8),
            outputByteCount: 32
        )
        let box = try AES.GCM.seal(
            companion.identity.publicKey + primaryIdentity + secret,
            using: key,
            nonce: .init(data: iv)
        )
        let advSecret = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: first + second + secret),
            info: Data("adv_secret".utf8),
            outputByteCount: 32
        )
        let request = BinaryNode(
            "link_code_companion_reg",
            ["jid": "15550001111@s.whatsapp.net", "stage": "companion_finish"],
            children: [
                BinaryNode("link_code_pairing_wrapped_key_bundle", bytes: salt + iv + box.ciphertext + box.tag),
                BinaryNode("companion_identity_public", bytes: companion.identity.publicKey),
                reference,
            ]
        )
        return (request, advSecret.withUnsafeBytes { Array($0) })
    }
}

/// The companion's half of a passkey link.
struct TestPasskeyFlow {
    let ephemeral: Curve25519KeyPair
    let nonce: [UInt8]
    private let identity: [UInt8]
    private let reference: String

    init(reference: String) throws {
        var random = SystemRandomNumberGenerator()
        ephemeral = .generate(using: &random)
        nonce = randomBytes(32, using: &random)
        self.reference = reference
        var identity = WACompanionEphemeralIdentity()
        identity.publicKey = Data(ephemeral.publicKey)
        identity.deviceType = .chrome
        identity.ref = reference
        self.identity = try identity.serializedBytes()
    }

    func prologue(assertion: [UInt8], credential: [UInt8]) throws -> BinaryNode {
        var payload = WAProloguePayload()
        payload.companionEphemeralIdentity = Data(identity)
        payload.commitment.hash = Data(SHA256.hash(data: identity + nonce))
        return BinaryNode(
            "passkey_prologue",
            children: [
                BinaryNode("credential_id", bytes: credential),
                BinaryNode("webauthn_assertion", bytes: assertion),
                BinaryNode("prologue_payload", bytes: try payload.serializedBytes() as [UInt8]),
            ]
        )
    }

    /// The last request, and the code that this side shows.
    func pairingRequest(
        _ continuation: BinaryNode,
        companion: TestCompanion
    ) throws -> (request: BinaryNode, code: String) {
        let primary = try WAPrimaryEphemeralIdentity(
            serializedBytes: Array(try #require(continuation.child("primary_ephemeral_identity")?.bytes))
        )
        let shared = try ephemeral.sharedSecret(with: Array(primary.publicKey)).reveal()
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: shared),
            salt: Data("Companion Pairing 1 with ref \(reference)".utf8),
            info: Data("Pairing Information Encryption Key".utf8),
            outputByteCount: 32
        )
        var request = WAPairingRequest()
        request.companionPublicKey = Data(companion.noise.publicKey)
        request.companionIdentityKey = Data(companion.identity.publicKey)
        request.advSecret = Data(companion.advSecret)
        let box = try AES.GCM.seal(try request.serializedBytes() as Data, using: key)
        var envelope = WAEncryptedPairingRequest()
        envelope.encryptedPayload = box.ciphertext + box.tag
        envelope.iv = Data(box.nonce)

        let digest = Array(SHA256.hash(data: nonce + primary.publicKey))
        let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTVWXYZ")
        let number = zip(primary.nonce, digest).prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1.0 ^ $1.1) }
        let characters = (0..<8).map { alphabet[Int(number >> UInt64(35 - 5 * $0)) & 31] }
        return (
            BinaryNode("encrypted_pairing_request", bytes: try envelope.serializedBytes() as [UInt8]),
            String(characters[..<4]) + "-" + String(characters[4...])
        )
    }
}
