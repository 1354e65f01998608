internal import Crypto

/// What can be wrong with a Curve25519 key.
package enum CurveError: Error, Equatable {
    /// The key does not have 32 bytes.
    case invalidKeyLength(Int)
    /// The other side's public key has a small order; the shared secret would be known to everybody.
    case weakPublicKey
}

/// An X25519 key pair: raw keys of 32 bytes, the private one clamped, no type byte in front of the public one.
package struct Curve25519KeyPair: Sendable, Equatable {
    package let privateKey: SecretBytes
    package let publicKey: [UInt8]

    /// A pair from its private key, which is clamped if it is not yet.
    package init(privateKey: some Collection<UInt8>) throws(CurveError) {
        guard privateKey.count == Self.keyLength else { throw .invalidKeyLength(privateKey.count) }
        self.init(clamping: Array(privateKey))
    }

    /// A pair whose halves are known to belong together.
    init(privateKey: Key256, publicKey: Key256) {
        self.privateKey = privateKey.withBytes { SecretBytes($0) }
        self.publicKey = publicKey.bytes
    }

    private init(clamping bytes: [UInt8]) {
        var scalar = bytes
        scalar[0] &= 248
        scalar[31] = (scalar[31] & 127) | 64
        defer { overwrite(&scalar) }
        privateKey = SecretBytes(scalar)
        publicKey = Self.publicKey(of: scalar)
    }

    package static let keyLength = 32

    /// A fresh pair.
    package static func generate(using random: inout some RandomNumberGenerator) -> Curve25519KeyPair {
        var bytes = randomBytes(keyLength, using: &random)
        defer { overwrite(&bytes) }
        return Curve25519KeyPair(clamping: bytes)
    }

    /// The X25519 agreement, 32 bytes.
    ///
    /// Throws for a key of another length or of small order.
    package func sharedSecret(with publicKey: some Collection<UInt8>) throws(CurveError) -> SecretBytes {
        guard publicKey.count == Self.keyLength else { throw .invalidKeyLength(publicKey.count) }
        let secret: SecretBytes
        do {
            let own = try privateKey.withBytes { try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) }
            let peer = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: Array(publicKey))
            secret = try own.sharedSecretFromKeyAgreement(with: peer).withUnsafeBytes { SecretBytes($0) }
        } catch {
            throw .weakPublicKey
        }
        // A point of small order gives zero with every private key; the library below does not always refuse it.
        guard secret.withBytes({ bytes in bytes.reduce(0) { $0 | $1 } }) != 0 else { throw .weakPublicKey }
        return secret
    }

    private static func publicKey(of scalar: [UInt8]) -> [UInt8] {
        // The initialiser only refuses other lengths than 32, which `init` has checked.
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar) else { return [] }
        return Array(key.publicKey.rawRepresentation)
    }
}
