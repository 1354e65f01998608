import Accounts
import Database
import Foundation

extension AuditAction {
    static let botApproved = AuditAction("bot.approved")
    static let botRejected = AuditAction("bot.rejected")
    static let botRenewed = AuditAction("bot.renewed")
    static let botStarted = AuditAction("bot.started")
    static let botRestarted = AuditAction("bot.restarted")
    static let botStopped = AuditAction("bot.stopped")
    static let botRedeployed = AuditAction("bot.redeployed")
    static let botLinking = AuditAction("bot.linking")
    static let botLinkingStopped = AuditAction("bot.linking_stopped")
    static let botConfigured = AuditAction("bot.settings_changed")
    static let botScheduled = AuditAction("bot.schedule_changed")
    static let botCommandsChanged = AuditAction("bot.commands_changed")
    static let botDeleted = AuditAction("bot.deleted")
    static let botShared = AuditAction("bot.shared")
    static let botUnshared = AuditAction("bot.unshared")
    static let botOfferEnded = AuditAction("bot.offer_ended")
    static let botOffered = AuditAction("bot.offered")
    static let botTransferred = AuditAction("bot.transferred")
    static let environmentChanged = AuditAction("bot.environment_changed")
    static let planChanged = AuditAction("plan.changed")
    static let planDeleted = AuditAction("plan.deleted")
    static let planGiven = AuditAction("plan.given")
    static let maintenanceSwitched = AuditAction("server.maintenance")
}

extension Hosting {
    /// Adds a line to the audit log, in the transaction of what it is about.
    func record(
        _ action: AuditAction,
        _ bot: Bot,
        by caller: BotCaller,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        in runner: any StatementRunner
    ) async throws {
        guard let viewer = caller.viewer else { return }
        try await audit.record(
            action,
            by: viewer,
            account: bot.account,
            subject: "\(bot.name) (\(bot.id))",
            before: before,
            after: after,
            on: runner
        )
    }

    /// Adds a line only where somebody of the administration does something with another's bot.
    func recordStaff(
        _ action: AuditAction,
        _ bot: Bot,
        by caller: BotCaller,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        in runner: any StatementRunner
    ) async throws {
        guard caller.isStaff(for: bot.account) else { return }
        try await record(action, bot, by: caller, before: before, after: after, in: runner)
    }
}

extension Plan {
    /// What of a plan is changed, for the audit log.
    var audited: [String: String] {
        let limit = { (value: Int?) in value.map { "\($0)" } ?? "none" }
        return [
            "name": name, "standard": "\(isStandard)", "approves": "\(approves)",
            "months": "\(approvalDuration.rawValue)", "bots": limit(bots), "sessions": limit(sessions),
            "messages_per_day": limit(messagesPerDay), "storage_bytes": limit(storage), "log_days": "\(logDays)",
            "processor_percent": limit(processorPercent), "memory_bytes": limit(memory),
        ]
    }
}

/// What became something else, before and after.
struct AuditedChange {
    private(set) var before: [String: String] = [:]
    private(set) var after: [String: String] = [:]

    init(from old: [String: String], to new: [String: String]) {
        for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
            before[name] = old[name]
            after[name] = new[name]
        }
    }
}

extension Bot {
    /// What its owner sets of it, for the audit log.
    var auditedSettings: [String: String] {
        [
            "name": name, "prefix": prefix, "phone": phone ?? "none", "reads_messages": "\(settings.readsMessages)",
            "shows_online": "\(settings.showsOnline)", "is_private": "\(settings.isPrivate)",
            "views_statuses": "\(settings.viewsStatuses)", "rejects_calls": "\(settings.rejectsCalls)",
        ]
    }

    /// What an approval changes, for the audit log.
    var auditedApproval: [String: String] {
        var values = ["approval": approval.value.rawValue]
        values["expires_at"] = expiresAt?.formatted(.iso8601)
        values["months"] = duration.map { "\($0.rawValue)" }
        return values
    }
}
