import Foundation

/// A companion that a phone has linked, with what the server keeps for it.
struct LinkedDevice: Sendable, Equatable {
    /// 1...255; part of the companion's JID.
    let number: UInt16
    let keyIndex: UInt32
    /// The static key that identifies the companion when it logs in.
    let noisePublicKey: [UInt8]
    var keys: CompanionKeys
    /// How the companion called itself: the name and the kind of browser.
    let appearance: DeviceAppearance
    /// The complete `ADVSignedDeviceIdentity`, as other devices are shown it.
    let identity: [UInt8]
    let linkedAt: Date
    var lastSeen: Date?
    var preKeys = PreKeyStore()
    var outbox = Outbox()
    /// The phone has sent its keys and history.
    var isWelcomed = false
}

/// A companion's public keys as it registered them.
struct CompanionKeys: Sendable, Equatable, Codable {
    var registrationID: UInt32
    var identity: [UInt8]
    var signedPreKey: PublicSignedPreKey
}

/// The public part of a signed pre-key.
struct PublicSignedPreKey: Sendable, Equatable, Codable {
    var id: UInt32
    var value: [UInt8]
    var signature: [UInt8]
}

/// What a phone's list of linked devices shows of a companion.
struct DeviceAppearance: Sendable, Equatable, Codable {
    /// The operating system or product name of its DeviceProps.
    var name: String
    /// The platform's name in lower case, for example `chrome`.
    var platform: String
}

/// One device of one account, addressed by its phone number.
struct DeviceAddress: Hashable, Sendable {
    let number: String
    let device: UInt16
}
