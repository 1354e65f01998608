internal import CSodium

/// A Curve25519 pair of a ratchet: made, used a few times, and gone with the next turn.
struct RatchetKeyPair: Sendable, Equatable {
    let privateKey: Key256
    let publicKey: Key256

    private static let isReady = sodium_init() >= 0

    init(privateKey: Key256, publicKey: Key256) {
        self.privateKey = privateKey
        self.publicKey = publicKey
    }

    init(_ pair: Curve25519KeyPair) {
        privateKey = Key256(pair.privateKey)
        publicKey = Key256(pair.publicKey) ?? Key256()
    }

    static func generate(using random: inout some RandomNumberGenerator) -> RatchetKeyPair {
        var privateKey = Key256(random: &random)
        privateKey.withMutableBytes { scalar in
            scalar[0] &= 248
            scalar[31] = (scalar[31] & 127) | 64
        }
        var publicKey = Key256()
        _ = isReady
        _ = publicKey.withMutablePointer { point in
            privateKey.withPointer { crypto_scalarmult_curve25519_base(point, $0) }
        }
        return RatchetKeyPair(privateKey: privateKey, publicKey: publicKey)
    }

    /// The X25519 agreement; throws `weakKey` for a public key of small order.
    func sharedSecret(with other: Key256) throws(SignalError) -> Key256 {
        var secret = Key256()
        let isStrong = secret.withMutablePointer { secret in
            privateKey.withPointer { scalar in
                other.withPointer { Self.isReady && crypto_scalarmult_curve25519(secret, scalar, $0) == 0 }
            }
        }
        guard isStrong, secret != Key256() else { throw .weakKey }
        return secret
    }
}
