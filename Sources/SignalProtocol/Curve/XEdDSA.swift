internal import CSodium
internal import Crypto

/// Signatures with Curve25519 keys, as Signal defines them (XEdDSA, with the sign bit of the Edwards key in the signature's last bit).
package enum XEdDSA {
    package static let signatureLength = 64

    /// Signs; 64 bytes that differ each time.
    package static func sign(
        _ message: [UInt8],
        with key: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        sign(message, with: key, point: nil, nonce: randomBytes(64, using: &random))
    }

    /// Signs as above with a point that is kept, which saves a third of the time.
    static func sign(
        _ message: [UInt8],
        with key: Curve25519KeyPair,
        keeping point: inout SigningPoint,
        using random: inout some RandomNumberGenerator
    ) -> [UInt8] {
        if point.bytes == nil { point.bytes = edwardsPoint(of: key) }
        return sign(message, with: key, point: point.bytes, nonce: randomBytes(64, using: &random))
    }

    /// Signs with 64 bytes of randomness that the caller chose; for vectors, and never twice with the same ones.
    package static func sign(_ message: [UInt8], with key: Curve25519KeyPair, nonce: [UInt8]) -> [UInt8] {
        sign(message, with: key, point: nil, nonce: nonce)
    }

    /// The public half on the Edwards curve.
    private static func edwardsPoint(of key: Curve25519KeyPair) -> [UInt8] {
        guard sodium_init() >= 0 else { return [] }
        // The point of a clamped scalar is never the identity, which is all that this function refuses.
        var point = [UInt8](repeating: 0, count: 32)
        var scalar = key.privateKey.reveal()
        defer { overwrite(&scalar) }
        _ = crypto_scalarmult_ed25519_base_noclamp(&point, scalar)
        return point
    }

    private static func sign(
        _ message: [UInt8],
        with key: Curve25519KeyPair,
        point: [UInt8]?,
        nonce: [UInt8]
    ) -> [UInt8] {
        let publicPoint = point ?? edwardsPoint(of: key)
        guard publicPoint.count == 32 else { return [] }
        var scalar = key.privateKey.reveal()
        defer { overwrite(&scalar) }
        let sign = publicPoint[31] & 0x80

        var hash = SHA512()
        hash.update(data: [0xfe] + [UInt8](repeating: 0xff, count: 31))
        hash.update(data: scalar)
        hash.update(data: message)
        hash.update(data: nonce)
        var r = reduce(Array(hash.finalize()))
        defer { overwrite(&r) }
        var noncePoint = [UInt8](repeating: 0, count: 32)
        _ = crypto_scalarmult_ed25519_base_noclamp(&noncePoint, r)

        var challenge = SHA512()
        challenge.update(data: noncePoint)
        challenge.update(data: publicPoint)
        challenge.update(data: message)
        let h = reduce(Array(challenge.finalize()))

        var product = [UInt8](repeating: 0, count: 32)
        defer { overwrite(&product) }
        crypto_core_ed25519_scalar_mul(&product, h, scalar)
        var s = [UInt8](repeating: 0, count: 32)
        crypto_core_ed25519_scalar_add(&s, product, r)
        s[31] = (s[31] & 0x7f) | sign
        return noncePoint + s
    }

    /// Whether the signature of 64 bytes was made with the private half of this X25519 public key (32 bytes).
    ///
    /// Wrong lengths and points that are not on the curve are simply not valid.
    package static func isValid(
        _ signature: some Collection<UInt8>,
        for message: [UInt8],
        publicKey: some Collection<UInt8>
    ) -> Bool {
        guard let key = Key256(publicKey) else { return false }
        return isValid(Array(signature), for: message[...], ordinate: ordinate(of: key))
    }

    /// Checks as above with a point that is kept, which saves a tenth of the time.
    static func isValid(
        _ signature: ArraySlice<UInt8>,
        for message: ArraySlice<UInt8>,
        publicKey: Key256,
        keeping point: inout VerifyingPoint
    ) -> Bool {
        let ordinate = point.ordinate ?? ordinate(of: publicKey)
        point.ordinate = ordinate
        return isValid(Array(signature), for: message, ordinate: ordinate)
    }

    /// y = (u − 1) / (u + 1), for the point of the Edwards curve.
    private static func ordinate(of key: Key256) -> Key256 {
        let u = FieldElement(littleEndian: key)
        return ((u - .one) * (u + .one).inverted).littleEndian
    }

    private static func isValid(_ signature: [UInt8], for message: ArraySlice<UInt8>, ordinate: Key256) -> Bool {
        guard sodium_init() >= 0, signature.count == signatureLength else { return false }
        var signature = signature
        var point = ordinate
        // The sign of the other coordinate comes with the signature.
        point.withMutableBytes { $0[31] = ($0[31] & 0x7f) | (signature[63] & 0x80) }
        signature[63] &= 0x7f
        return message.withUnsafeBufferPointer { message in
            point.withPointer { point in
                crypto_sign_verify_detached(signature, message.baseAddress, UInt64(message.count), point) == 0
            }
        }
    }

    private static func reduce(_ wide: [UInt8]) -> [UInt8] {
        var scalar = [UInt8](repeating: 0, count: 32)
        crypto_core_ed25519_scalar_reduce(&scalar, wide)
        return scalar
    }
}

/// The public half of a signing key on the Edwards curve, once it has been computed.
///
/// All of them are equal: it says nothing that the key does not say.
struct SigningPoint: Sendable, Equatable {
    fileprivate var bytes: [UInt8]?

    static func == (_: SigningPoint, _: SigningPoint) -> Bool { true }
}

/// Where a public key lies on the Edwards curve, once it has been computed.
///
/// All of them are equal: it says nothing that the key does not say.
struct VerifyingPoint: Sendable, Equatable {
    fileprivate var ordinate: Key256?

    static func == (_: VerifyingPoint, _: VerifyingPoint) -> Bool { true }
}
