internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import SignalProtocol

/// The eight characters that a person types on the phone: five random bytes in an alphabet without 0, I, O and U.
package struct PairingCode: Sendable, Equatable {
    package let text: String

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTVWXYZ")

    init(bytes: [UInt8]) {
        let number = bytes.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        text = String((0..<8).map { Self.alphabet[Int(number >> (35 - 5 * UInt64($0)) & 31)] })
    }

    static func generate(using random: inout some RandomNumberGenerator) -> PairingCode {
        PairingCode(bytes: randomBytes(5, using: &random))
    }

    /// From the service's point of view a code is void this long after it was asked for.
    package static let lifetime: Duration = .seconds(180)
}

/// What hides a public key from whoever does not know the code: PBKDF2-HMAC-SHA256, then AES-256-CTR.
package struct PairingCodeCipher: Sendable {
    /// Why it is used, so that the outcome finds its way back.
    package enum Purpose: Sendable, Equatable {
        /// Our own key, for the flow with this number.
        case hideOwnKey(flow: UInt32)
        /// The phone's key; its identity key came in the same message.
        case revealPhoneKey(flow: UInt32, phoneIdentity: [UInt8])
    }

    static let iterations = 131_072
    static let saltLength = 32
    static let vectorLength = 16
    static let wrappedLength = saltLength + vectorLength + 32

    let code: String
    let salt: [UInt8]
    let vector: [UInt8]

    /// Hides and reveals alike: the cipher is its own inverse.
    ///
    /// Takes some 30 ms.
    package func apply(to key: [UInt8]) -> [UInt8] {
        // The parameters are constants that the library takes; the lengths are checked where they come in.
        guard
            let derived = try? KDF.Insecure.PBKDF2.deriveKey(
                from: Array(code.utf8),
                salt: salt,
                using: .sha256,
                outputByteCount: 32,
                unsafeUncheckedRounds: Self.iterations
            ),
            let nonce = try? AES._CTR.Nonce(nonceBytes: vector),
            let output = try? AES._CTR.encrypt(key, using: derived, nonce: nonce)
        else { return [] }
        return Array(output)
    }

    /// `salt || vector || hidden key` taken apart; nil for another length.
    static func split(_ wrapped: ArraySlice<UInt8>, code: String) -> (cipher: PairingCodeCipher, hidden: [UInt8])? {
        guard wrapped.count == wrappedLength else { return nil }
        let salt = Array(wrapped.prefix(saltLength))
        let vector = Array(wrapped.dropFirst(saltLength).prefix(vectorLength))
        return (PairingCodeCipher(code: code, salt: salt, vector: vector), Array(wrapped.suffix(32)))
    }
}

/// What the companion sends once the phone has shown that it knows the code.
struct PairingCodeBundle {
    /// `salt || nonce || AES-GCM(identity || phone identity || random)`, 156 bytes.
    let wrapped: [UInt8]
    /// Replaces the secret that the QR code carries.
    let advSecret: SecretBytes

    /// Makes the bundle from 76 random bytes: 32 of salt, 12 of nonce, 32 that go into the secret.
    init(
        identity: Curve25519KeyPair,
        ephemeral: Curve25519KeyPair,
        phoneIdentity: [UInt8],
        phoneEphemeral: [UInt8],
        randomness: [UInt8]
    ) throws(CurveError) {
        let shared = try ephemeral.sharedSecret(with: phoneEphemeral)
        let identityShared = try identity.sharedSecret(with: phoneIdentity)
        let salt = Array(randomness.prefix(32))
        let nonce = Array(randomness.dropFirst(32).prefix(12))
        let secret = Array(randomness.dropFirst(44).prefix(32))
        let key = shared.withBytes {
            hkdf($0, salt: salt, info: "link_code_pairing_key_bundle_encryption_key")
        }
        let plaintext = identity.publicKey + phoneIdentity + secret
        // Key and nonce have the lengths that the cipher wants.
        let box = try? AES.GCM.seal(
            plaintext,
            using: SymmetricKey(data: key),
            nonce: AES.GCM.Nonce(data: nonce)
        )
        wrapped = salt + nonce + Array(box?.ciphertext ?? Data()) + Array(box?.tag ?? Data())
        let material = SecretBytes(shared.reveal() + identityShared.reveal() + secret)
        advSecret = SecretBytes(material.withBytes { hkdf($0, salt: [], info: "adv_secret") })
    }

    static let randomnessLength = 76
}

/// HKDF-SHA256 to 32 bytes; an empty salt stands for 32 zero bytes.
func hkdf(_ input: UnsafeRawBufferPointer, salt: [UInt8], info: String) -> [UInt8] {
    HKDF<SHA256>
        .deriveKey(
            inputKeyMaterial: SymmetricKey(data: input),
            salt: salt,
            info: Array(info.utf8),
            outputByteCount: 32
        )
        .withUnsafeBytes { Array($0) }
}
