/// What a device is to all its sessions.
package struct LocalIdentity: Sendable {
    package let keyPair: Curve25519KeyPair
    package let registrationID: UInt32
    let pair: RatchetKeyPair

    package init(keyPair: Curve25519KeyPair, registrationID: UInt32) {
        self.keyPair = keyPair
        self.registrationID = registrationID
        pair = RatchetKeyPair(keyPair)
    }
}

/// The keys that a device publishes, so that others can start a session while it is away.
package struct PreKeyBundle: Sendable {
    package let registrationID: UInt32
    /// 32 bytes.
    package let identityKey: [UInt8]
    package let signedPreKeyID: UInt32
    /// 32 bytes.
    package let signedPreKey: [UInt8]
    /// XEdDSA of the identity key over `05 || signed pre-key`, 64 bytes.
    package let signature: [UInt8]
    /// Nil when the service had none left; the key has 32 bytes.
    package let preKey: (id: UInt32, key: [UInt8])?

    package init(
        registrationID: UInt32,
        identityKey: [UInt8],
        signedPreKeyID: UInt32,
        signedPreKey: [UInt8],
        signature: [UInt8],
        preKey: (id: UInt32, key: [UInt8])?
    ) {
        self.registrationID = registrationID
        self.identityKey = identityKey
        self.signedPreKeyID = signedPreKeyID
        self.signedPreKey = signedPreKey
        self.signature = signature
        self.preKey = preKey
    }
}
