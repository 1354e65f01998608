import Foundation
import WhatsAppWire

/// What the service keeps of an account beside its devices.
struct AccountProfile: Sendable, Codable {
    var about = "Sandbox"
    var aboutSetAt: UInt64 = 0
    var picture: Picture?
    var privacy = AccountProfile.openPrivacy
    /// By category.
    var exclusions: [String: Exclusions] = [:]
    /// As they were named, by LID or by number.
    var blocked: [JID] = []
    var blocklistVersion = 0
    var defaultTimer: UInt32 = 0
    var contactCode: String?
    var limits = AccountLimits()
    /// Only those may write to the account who have a token of it.
    var demandsTokens = false

    struct Picture: Sendable, Equatable, Codable {
        var id: String
        var path: String
    }

    struct Exclusions: Sendable, Codable {
        var users: [JID] = []
        var version = 0
    }

    /// Everything open to everybody.
    static let openPrivacy = [
        "readreceipts": "all", "profile": "all", "status": "all", "online": "all", "last": "all", "groupadd": "all",
        "calladd": "all", "messages": "all",
    ]

    /// Whether bytes can be a picture: a JPEG file that is not too large.
    static func isPicture(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0xff, 0xd8]) && bytes.count <= 5 << 20
    }

    /// The version of the blocklist, as companions know it.
    var blocklistHash: String { "b\(blocklistVersion)" }
}

/// The limits that a test has put on an account.
struct AccountLimits: Sendable, Equatable, Codable {
    var isReachOutLocked = false
    /// Seconds since 1970.
    var lockEnds: UInt64?
    var newChatsUsed = 0
    var newChatsTotal: Int?
}

/// What the service knows of accounts, presence and calls beside the phones themselves.
struct AccountDirectory: Sendable {
    var profiles: [String: AccountProfile] = [:]
    /// Who wants to know when an account is online, with the form of address that was used; by number.
    var watchers: [String: [ConnectionID: JID]] = [:]
    /// Connections that show themselves as online.
    var available: Set<ConnectionID> = []
    /// Seconds since 1970, by number.
    var lastSeen: [String: UInt64] = [:]
    /// Calls that ring, by identifier.
    var calls: [String: SandboxCall] = [:]
    /// The last number of ``newID()``.
    var counter = 100

    subscript(number: String) -> AccountProfile {
        get { profiles[number] ?? AccountProfile() }
        set { profiles[number] = newValue }
    }

    /// An account is gone.
    mutating func forget(_ number: String) {
        profiles[number] = nil
        watchers[number] = nil
        lastSeen[number] = nil
        calls = calls.filter { $0.value.caller != number && $0.value.callee != number }
    }

    mutating func newID() -> String {
        counter += 1
        return String(counter)
    }
}

/// A call from one phone to an account.
package struct SandboxCall: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable { case ringing, rejected, ended }

    package var id: String
    package var caller: String
    package var callee: String
    package var isVideo: Bool
    package var state: State
}
