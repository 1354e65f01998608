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

    var pair: Curve25519KeyPair { Curve25519KeyPair(privateKey: privateKey, publicKey: publicKey) }

    static func generate(using random: inout some RandomNumberGenerator) -> RatchetKeyPair {
        // The library behind it multiplies the base point in half the time that libsodium takes; for any other point
        // it is the other way round.
        RatchetKeyPair(Curve25519KeyPair.generate(using: &random))
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
