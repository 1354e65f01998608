package import Accounts
package import Fleet
package import Foundation
package import WhatsApp

/// What runs on a session, for whom, and until when.
///
/// It stands on four axes, each with its cause and the time of its last change: approval, desired, run and link.
package struct Bot: Sendable, Equatable {
    package let id: BotID
    package let server: String
    /// Nil once the account is gone.
    package var account: AccountID?
    /// Whether that account may do nothing at the moment.
    package var isSuspended = false
    package let session: SessionID
    package var name: String
    /// Digits of the number that pairing codes are asked for.
    package var phone: String?
    package var prefix: String
    package var approval: Axis<BotApproval>
    package var approvedAt: Date?
    package var duration: ApprovalDuration?
    package var expiresAt: Date?
    /// Whether its owner wants it on.
    package var desired: Axis<Bool>
    package var run: Axis<BotRun>
    package var link: Axis<BotLink>
    package var jid: String?
    /// What WhatsApp does not let its account do, while its session is known here.
    package var restrictions = SessionRestrictions()
    /// A limit of the plan holds it back.
    package var hold: Hold?
    package var settings: BotSettings
    package var storage: Int
    package var renewal: RenewalWish?
    package var schedule: BotSchedule?
    package var environmentVersion: Int
    /// Rises with every change that a person makes.
    package var version: Int
    package let createdAt: Date
    package var updatedAt: Date

    /// Where it stands on one axis, since when, and why.
    package struct Axis<Value: Sendable & Equatable>: Sendable, Equatable {
        package var value: Value
        package var at: Date
        package var cause: String?

        package init(_ value: Value, at: Date, cause: String?) {
            self.value = value
            self.at = at
            self.cause = cause
        }
    }

    /// A limit that was reached, and until when the bot waits for it.
    package struct Hold: Sendable, Equatable {
        package var limit: PlanLimit
        /// When it is looked at again; storage is held until there is room, however long that takes.
        package var until: Date

        package func lasts(at now: Date) -> Bool { limit == .storage || until > now }
    }

    /// The owner asks for more time.
    package struct RenewalWish: Sendable, Equatable {
        package var duration: ApprovalDuration
        package var at: Date
    }
}

/// Whether an administrator lets a bot run.
package enum BotApproval: String, Sendable, CaseIterable {
    case new
    case approved
    case expired
    case rejected
}

/// How a bot's session runs.
package enum BotRun: String, Sendable, CaseIterable {
    case stopped
    case starting
    /// Waits for a phone.
    case linking
    case running
    case failed

    init(_ status: SessionStatus) {
        self =
            switch status {
            case .stopped: .stopped
            case .starting: .starting
            case .scanQRCode: .linking
            case .working: .running
            case .failed: .failed
            }
    }
}

/// Whether a phone is linked.
package enum BotLink: String, Sendable, CaseIterable {
    case none
    case linked
    /// It was, until the phone or the service removed it.
    case lost
}

/// How a bot behaves, beyond its environment.
package struct BotSettings: Sendable, Equatable, Codable {
    /// Shows messages as read.
    package var readsMessages = false
    /// Shows itself as online while it runs.
    package var showsOnline = false
    /// Answers nobody but its owner's number.
    package var isPrivate = false
    /// Looks at status updates.
    package var viewsStatuses = false
    /// Refuses calls.
    package var rejectsCalls = false

    package init() {}

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        readsMessages = try container.decodeIfPresent(Bool.self, forKey: .readsMessages) ?? false
        showsOnline = try container.decodeIfPresent(Bool.self, forKey: .showsOnline) ?? false
        isPrivate = try container.decodeIfPresent(Bool.self, forKey: .isPrivate) ?? false
        viewsStatuses = try container.decodeIfPresent(Bool.self, forKey: .viewsStatuses) ?? false
        rejectsCalls = try container.decodeIfPresent(Bool.self, forKey: .rejectsCalls) ?? false
    }
}

extension Bot {
    /// Takes over where its session stands.
    mutating func follow(_ session: SessionState) {
        run = Axis(BotRun(session.status), at: session.statusAt, cause: session.reason)
        jid = session.jid
        restrictions = session.restrictions
        guard (session.jid != nil) != (link.value == .linked) else { return }
        if session.jid != nil {
            link = Axis(.linked, at: session.statusAt, cause: session.reason ?? "phone")
        } else {
            link = Axis(
                session.reason == "logged_out" ? .lost : .none,
                at: session.statusAt,
                cause: session.reason ?? "wiped"
            )
        }
    }

    /// Whether its approval is good at that time.
    package func isApproved(at now: Date) -> Bool {
        guard approval.value == .approved, let expiresAt else { return false }
        return expiresAt > now
    }

    /// Whether it is to run at that time, everything considered.
    package func mayRun(at now: Date) -> Bool {
        refusal(at: now) == nil && desired.value
    }

    /// One word for why it may not run, whatever its owner wants; nil when it may.
    package func refusal(at now: Date) -> String? {
        guard account != nil else { return "no_account" }
        guard !isSuspended else { return "suspended" }
        guard isApproved(at: now) else { return approval.value == .approved ? "expired" : approval.value.rawValue }
        if let hold, hold.lasts(at: now) { return hold.limit.rawValue }
        if let schedule, !schedule.isOpen(at: now) { return "schedule" }
        return nil
    }
}
