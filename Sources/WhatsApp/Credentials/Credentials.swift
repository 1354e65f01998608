package import SignalProtocol
package import WhatsAppWire

/// What a linked device keeps for ever: with it, and nothing else, it logs in.
///
/// Private keys lie in `SecretBytes`, so that they are overwritten when the last copy of a `Credentials` goes.
package struct Credentials: Sendable, Equatable {
    /// Authenticates the connection.
    package var noiseKey: Curve25519KeyPair
    /// Authenticates the device to other devices.
    package var identityKey: Curve25519KeyPair
    package var signedPreKey: SignedPreKey
    /// From 1 to 16,380.
    package var registrationID: UInt32
    /// Binds the linking to the QR code or pairing code that the person used.
    package var advSecret: SecretBytes
    /// Nil until the device is linked.
    package var account: LinkedAccount?

    /// The identifier that the next one-time pre-key gets; 1...16,777,215.
    package var nextPreKeyID: UInt32
    /// Pre-keys below it are on the service.
    package var firstUnuploadedPreKeyID: UInt32
    /// False after linking and when the service says that it runs low.
    package var serverHasPreKeys: Bool
    /// Successful logins so far (`lc` of the login payload).
    package var loginCount: Int32
    /// 0 while the phone's first history has not been taken.
    package var accountSyncCounter: UInt32
    /// Where the service wants the next connection to arrive; opaque.
    package var routingInfo: [UInt8]?
    /// The account's chats with people are addressed by LID; never goes back.
    package var isLIDMigrated: Bool

    package init(
        noiseKey: Curve25519KeyPair,
        identityKey: Curve25519KeyPair,
        signedPreKey: SignedPreKey,
        registrationID: UInt32,
        advSecret: SecretBytes,
        account: LinkedAccount? = nil,
        nextPreKeyID: UInt32 = 1,
        firstUnuploadedPreKeyID: UInt32 = 1,
        serverHasPreKeys: Bool = false,
        loginCount: Int32 = 0,
        accountSyncCounter: UInt32 = 0,
        routingInfo: [UInt8]? = nil,
        isLIDMigrated: Bool = false
    ) {
        self.noiseKey = noiseKey
        self.identityKey = identityKey
        self.signedPreKey = signedPreKey
        self.registrationID = registrationID
        self.advSecret = advSecret
        self.account = account
        self.nextPreKeyID = nextPreKeyID
        self.firstUnuploadedPreKeyID = firstUnuploadedPreKeyID
        self.serverHasPreKeys = serverHasPreKeys
        self.loginCount = loginCount
        self.accountSyncCounter = accountSyncCounter
        self.routingInfo = routingInfo
        self.isLIDMigrated = isLIDMigrated
    }

    /// The keys of a new device, not linked yet.
    package static func generate(using random: inout some RandomNumberGenerator) -> Credentials {
        let identity = Curve25519KeyPair.generate(using: &random)
        return Credentials(
            noiseKey: .generate(using: &random),
            identityKey: identity,
            signedPreKey: .generate(id: 1, identity: identity, using: &random),
            registrationID: UInt32.random(in: 1...16_380, using: &random),
            advSecret: .random(count: 32, using: &random)
        )
    }

    /// The account that a device is linked to.
    package struct LinkedAccount: Sendable, Equatable {
        /// The device's own JID, with its device number.
        package var jid: JID
        /// The same device under the hidden user number.
        package var lid: JID?
        /// The phone's: `android`, `iphone`, `smba`, `smbi` ...
        package var platform: String?
        package var pushName: String?
        package var businessName: String?
        package var identity: SignedDeviceIdentity

        package init(
            jid: JID,
            lid: JID? = nil,
            platform: String? = nil,
            pushName: String? = nil,
            businessName: String? = nil,
            identity: SignedDeviceIdentity
        ) {
            self.jid = jid
            self.lid = lid
            self.platform = platform
            self.pushName = pushName
            self.businessName = businessName
            self.identity = identity
        }
    }

    /// ADVSignedDeviceIdentity: the phone's word that this device is its companion, and the device's own.
    package struct SignedDeviceIdentity: Sendable, Equatable {
        /// Encoded ADVDeviceIdentity, exactly as received: the signatures cover these bytes.
        package var details: [UInt8]
        /// The phone's identity key, 32 bytes.
        package var accountSignatureKey: [UInt8]
        /// Has 64 bytes.
        package var accountSignature: [UInt8]
        /// Has 64 bytes.
        package var deviceSignature: [UInt8]

        package init(
            details: [UInt8],
            accountSignatureKey: [UInt8],
            accountSignature: [UInt8],
            deviceSignature: [UInt8]
        ) {
            self.details = details
            self.accountSignatureKey = accountSignatureKey
            self.accountSignature = accountSignature
            self.deviceSignature = deviceSignature
        }
    }
}
