import Crypto
import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs

/// What the companion committed itself to before the phone answered.
struct PasskeyPrologue: Sendable, Equatable {
    private let identity: [UInt8]
    private let commitment: [UInt8]
    private let publicKey: [UInt8]
    private let deviceType: Int
    let reference: String

    /// Reads an encoded `ProloguePayload`; nil when a part is missing or has the wrong size.
    init?(_ payload: some Collection<UInt8>) {
        guard
            let prologue = try? WAProloguePayload(serializedBytes: Array(payload)),
            let identity = try? WACompanionEphemeralIdentity(serializedBytes: prologue.companionEphemeralIdentity),
            identity.publicKey.count == 32,
            prologue.commitment.hash.count == 32,
            identity.hasRef
        else { return nil }
        self.identity = Array(prologue.companionEphemeralIdentity)
        commitment = Array(prologue.commitment.hash)
        publicKey = Array(identity.publicKey)
        deviceType = identity.deviceType.rawValue
        reference = identity.ref
    }

    /// Whether the nonce is the one that was committed to.
    func matches(_ nonce: [UInt8]) -> Bool {
        nonce.count == 32 && constantTimeEqual(Array(SHA256.hash(data: identity + nonce)), commitment)
    }

    /// The key under which the companion sends its pairing request.
    func key(with ephemeral: Curve25519KeyPair) throws(CurveError) -> SecretBytes {
        let shared = try ephemeral.sharedSecret(with: publicKey).reveal()
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: shared),
            salt: Data("Companion Pairing \(deviceType) with ref \(reference)".utf8),
            info: Data("Pairing Information Encryption Key".utf8),
            outputByteCount: 32
        )
        return key.withUnsafeBytes { SecretBytes($0) }
    }
}

/// The phone's ephemeral identity in a passkey link.
struct PasskeyPrimaryIdentity: Sendable, Equatable {
    let ephemeral: Curve25519KeyPair
    let nonce: [UInt8]

    static func generate(using random: inout some RandomNumberGenerator) -> PasskeyPrimaryIdentity {
        PasskeyPrimaryIdentity(
            ephemeral: .generate(using: &random),
            nonce: randomBytes(32, using: &random)
        )
    }

    /// An encoded `PrimaryEphemeralIdentity`.
    var encoded: [UInt8] {
        get throws {
            var identity = WAPrimaryEphemeralIdentity()
            identity.publicKey = Data(ephemeral.publicKey)
            identity.nonce = Data(nonce)
            return try identity.serializedBytes()
        }
    }

    /// The code that phone and companion both show, `XXXX-XXXX`.
    func confirmationCode(companionNonce: [UInt8]) -> String {
        let digest = SHA256.hash(data: companionNonce + ephemeral.publicKey)
        let code = LinkingAlphabet.encode(zip(nonce, digest).prefix(5).map { $0 ^ $1 })
        return "\(code.prefix(4))-\(code.dropFirst(4))"
    }
}

/// What the companion sends in the end: its keys and the ADV secret.
struct PasskeyPairingRequest: Sendable, Equatable {
    let noisePublicKey: [UInt8]
    let identityPublicKey: [UInt8]
    let advSecret: [UInt8]

    /// Opens an encoded `EncryptedPairingRequest`; nil when it does not open or a key is missing.
    init?(_ sealed: some Collection<UInt8>, key: SecretBytes) {
        guard
            let envelope = try? WAEncryptedPairingRequest(serializedBytes: Array(sealed)),
            envelope.iv.count == 12,
            let box = try? AES.GCM.SealedBox(combined: envelope.iv + envelope.encryptedPayload),
            let plain = try? AES.GCM.open(box, using: SymmetricKey(data: key.reveal())),
            let request = try? WAPairingRequest(serializedBytes: plain),
            request.companionPublicKey.count == 32,
            request.companionIdentityKey.count == 32,
            request.advSecret.count == 32
        else { return nil }
        noisePublicKey = Array(request.companionPublicKey)
        identityPublicKey = Array(request.companionIdentityKey)
        advSecret = Array(request.advSecret)
    }
}
