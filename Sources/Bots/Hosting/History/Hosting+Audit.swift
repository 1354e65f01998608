import Accounts
import Database
import Foundation

extension AuditAction {
    static let botApproved = AuditAction("bot.approved")
    static let botRejected = AuditAction("bot.rejected")
    static let botRenewed = AuditAction("bot.renewed")
    static let botStopped = AuditAction("bot.stopped")
    static let botRedeployed = AuditAction("bot.redeployed")
    static let botDeleted = AuditAction("bot.deleted")
    static let botShared = AuditAction("bot.shared")
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
}

extension Bot {
    /// What an approval changes, for the audit log.
    var auditedApproval: [String: String] {
        var values = ["approval": approval.value.rawValue]
        values["expires_at"] = expiresAt?.formatted(.iso8601)
        values["months"] = duration.map { "\($0.rawValue)" }
        return values
    }
}
