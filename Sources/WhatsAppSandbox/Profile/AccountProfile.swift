import Foundation
import WhatsAppWire

/// What the service keeps of an account beside its devices; forgotten with the process.
struct AccountProfile: Sendable {
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

    struct Picture: Sendable {
        var id: String
        var path: String
    }

    struct Exclusions: Sendable {
        var users: [JID] = []
        var version = 0
    }

    /// Everything open to everybody.
    static let openPrivacy = [
        "readreceipts": "all", "profile": "all", "status": "all", "online": "all", "last": "all", "groupadd": "all",
        "calladd": "all", "messages": "all",
    ]

    /// The version of the blocklist, as companions know it.
    var blocklistHash: String { "b\(blocklistVersion)" }
}

/// The limits that a test has put on an account.
struct AccountLimits: Sendable, Equatable {
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
    private var counter = 100

    subscript(number: String) -> AccountProfile {
        get { profiles[number] ?? AccountProfile() }
        set { profiles[number] = newValue }
    }

    mutating func newID() -> String {
        counter += 1
        return String(counter)
    }
}

/// A call from one phone to an account.
package struct SandboxCall: Sendable, Equatable {
    package enum State: String, Sendable { case ringing, rejected, ended }

    package var id: String
    package var caller: String
    package var callee: String
    package var isVideo: Bool
    package var state: State
}
