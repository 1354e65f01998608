import Crypto
import CryptoExtras
import Foundation
import SignalProtocol

/// The phone's half of linking by a typed code.
struct PrimaryCodeExchange: Sendable {
    /// What the companion sent with its request: salt, counter block and its ephemeral key under the code.
    static let wrappedLength = 80
    /// Salt, nonce and the sealed keys that come back.
    static let bundleLength = 156
    private static let rounds = 131_072

    let ephemeral: Curve25519KeyPair
    /// The phone's own ephemeral key under the same code, 80 bytes.
    let wrapped: [UInt8]
    private let companionEphemeral: [UInt8]

    /// Opens the companion's key and wraps an own one.
    ///
    /// Slow on purpose (two PBKDF2): never on an event loop.
    ///
    /// A wrong code is not noticed here: it opens to a wrong key, and the bundle then fails to open.
    init(
        code: String,
        wrappedCompanionKey: [UInt8],
        ephemeral: Curve25519KeyPair,
        salt: [UInt8],
        counter: [UInt8]
    ) throws {
        guard wrappedCompanionKey.count == Self.wrappedLength else { throw SandboxError.wrongCode }
        self.ephemeral = ephemeral
        companionEphemeral = try Self.crypt(
            wrappedCompanionKey.dropFirst(48),
            code: code,
            salt: wrappedCompanionKey.prefix(32),
            counter: wrappedCompanionKey[32..<48]
        )
        wrapped =
            try salt + counter
            + Self.crypt(ephemeral.publicKey[...], code: code, salt: salt[...], counter: counter[...])
    }

    /// Opens the companion's key bundle and derives the ADV secret that both share from here on.
    ///
    /// Throws ``SandboxError/wrongCode`` when the bundle does not open or does not name the two identities.
    func advSecret(
        bundle: [UInt8],
        companionIdentity: [UInt8],
        identity: Curve25519KeyPair
    ) throws(SandboxError) -> [UInt8] {
        guard bundle.count == Self.bundleLength else { throw .wrongCode }
        do {
            let ephemeralSecret = try ephemeral.sharedSecret(with: companionEphemeral).reveal()
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: ephemeralSecret),
                salt: bundle[..<32],
                info: Data("link_code_pairing_key_bundle_encryption_key".utf8),
                outputByteCount: 32
            )
            let box = try AES.GCM.SealedBox(combined: bundle[32...])
            let plain = Array(try AES.GCM.open(box, using: key))
            guard
                plain.count == 96,
                constantTimeEqual(plain[..<32], companionIdentity),
                constantTimeEqual(plain[32..<64], identity.publicKey)
            else { throw SandboxError.wrongCode }
            let identitySecret = try identity.sharedSecret(with: companionIdentity).reveal()
            let secret = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: ephemeralSecret + identitySecret + plain[64...]),
                info: Data("adv_secret".utf8),
                outputByteCount: 32
            )
            return secret.withUnsafeBytes { Array($0) }
        } catch {
            throw .wrongCode
        }
    }

    /// AES-256-CTR with a key from the code; the same both ways.
    private static func crypt(
        _ bytes: ArraySlice<UInt8>,
        code: String,
        salt: ArraySlice<UInt8>,
        counter: ArraySlice<UInt8>
    ) throws -> [UInt8] {
        let key = try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(code.utf8),
            salt: Array(salt),
            using: .sha256,
            outputByteCount: 32,
            unsafeUncheckedRounds: rounds
        )
        let nonce = try AES._CTR.Nonce(nonceBytes: counter)
        return Array(try AES._CTR.encrypt(Array(bytes), using: key, nonce: nonce))
    }
}
