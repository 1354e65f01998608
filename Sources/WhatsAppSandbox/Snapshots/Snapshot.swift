import Foundation
import SignalProtocol
import WhatsAppWire

/// Everything that outlives the sandbox's process, in the form of its file (JSON).
///
/// It holds private keys.
struct Snapshot: Codable, Sendable {
    static let version = 1

    var version = Snapshot.version
    var authority: Authority
    var phones: [Phone]
    /// Absent in files of before there was TLS.
    var tls: TLS?
    /// Absent in snapshots of before there were groups.
    var groups: Groups?

    /// Absent in snapshots of before they held accounts.
    var accounts: Accounts?

    struct Groups: Codable, Sendable {
        var all: [SandboxGroup]
        var formerCodes: Set<String>
        var refusing: Set<String>
    }

    struct TLS: Codable, Sendable {
        var key: Data
        var certificate: Data
    }

    struct Authority: Codable, Sendable {
        var root: Data
        var intermediate: Data
        var leaf: Data
    }

    struct Phone: Codable, Sendable {
        var number: String
        var lid: String
        var name: String
        var platform: SandboxPlatform
        var businessName: String?
        var createdAt: Date
        var deviceLimit: Int
        var identity: Data
        var registrationID: UInt32
        var rawID: UInt32
        var signedPreKey: PrivatePreKey
        var signedPreKeySignature: Data
        var passkey: Passkey?
        var highestKeyIndex: UInt32
        var nextDevice: UInt16
        var keyIndexList: Data
        var keyIndexTimestamp: UInt64
        /// Absent in files of before there were messages.
        var signal: Signal?
        var issuedPreKeys: [PrivatePreKey]
        var nextPreKeyID: UInt32
        var devices: [Device]
        var appState: AppState?
        var generatedHistory: GeneratedHistory?
        /// Absent means yes.
        var isLIDMigrated: Bool?
    }

    struct PrivatePreKey: Codable, Sendable {
        var id: UInt32
        var privateKey: Data
    }

    struct Passkey: Codable, Sendable {
        var credentialID: Data
        var privateKey: Data
        var signCount: UInt32
    }

    struct Device: Codable, Sendable {
        var number: UInt16
        var keyIndex: UInt32
        var noisePublicKey: Data
        var registrationID: UInt32
        var identityKey: Data
        var signedPreKey: PublicPreKey
        var signedPreKeySignature: Data
        var appearance: DeviceAppearance
        var identity: Data
        var linkedAt: Date
        var lastSeen: Date?
        var preKeys: [PublicPreKey]
        var outbox: [Stanza]
        var isWelcomed: Bool?
    }

    struct PublicPreKey: Codable, Sendable {
        var id: UInt32
        var value: Data
    }

    struct Stanza: Codable, Sendable {
        var id: String
        /// As on the wire, before encryption.
        var node: Data
    }

    var encoded: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .secondsSince1970
            return try encoder.encode(self)
        }
    }

    init(decoding data: Data) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        self = try decoder.decode(Snapshot.self, from: data)
    }
}
