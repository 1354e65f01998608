/// The medium-term key of a device, signed with its identity key.
package struct SignedPreKey: Sendable, Equatable {
    /// 24 bits on the wire.
    package let id: UInt32
    package let keyPair: Curve25519KeyPair
    /// XEdDSA of the identity key over `05 || public key`, 64 bytes.
    package let signature: [UInt8]

    package init(id: UInt32, keyPair: Curve25519KeyPair, signature: [UInt8]) {
        self.id = id
        self.keyPair = keyPair
        self.signature = signature
    }

    /// A fresh key, signed.
    package static func generate(
        id: UInt32,
        identity: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) -> SignedPreKey {
        SignedPreKey(id: id, keyPair: .generate(using: &random), identity: identity, using: &random)
    }

    /// Signs a key.
    package init(
        id: UInt32,
        keyPair: Curve25519KeyPair,
        identity: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) {
        self.init(
            id: id,
            keyPair: keyPair,
            signature: XEdDSA.sign([0x05] + keyPair.publicKey, with: identity, using: &random)
        )
    }

    package func isValid(under identityPublicKey: [UInt8]) -> Bool {
        XEdDSA.isValid(signature, for: [0x05] + keyPair.publicKey, publicKey: identityPublicKey)
    }
}

/// A one-time key: whoever starts a session with the device uses one up.
package struct PreKey: Sendable, Equatable {
    /// 1...16,777,215.
    package let id: UInt32
    package let keyPair: Curve25519KeyPair

    package init(id: UInt32, keyPair: Curve25519KeyPair) {
        self.id = id
        self.keyPair = keyPair
    }
}
