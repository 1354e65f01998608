import Accounts
import Database
import Fleet
import Foundation

extension Hosting {
    /// The variables of a bot, secrets without their values.
    package func environment(of id: BotID, for caller: BotCaller) async throws -> [BotVariable] {
        let bot = try await find(id, for: caller, atLeast: .operate)
        return try await variables.list(bot.id)
    }

    /// Everything that the bot is told, secrets included; for the bot itself, never for a page.
    package func revealedEnvironment(of bot: Bot) async throws -> [String: String] {
        try await variables.revealed(bot.id, seal: vault.seal(of: bot.session))
    }

    /// Makes the environment what is wanted; holds from the next message on.
    ///
    /// `version` is that of the environment that the caller saw.
    package func setEnvironment(_ wishes: [VariableWish], of id: BotID, by caller: BotCaller, version: Int?)
        async throws -> EnvironmentDiff
    {
        guard wishes.count <= VariableWish.countLimit else {
            throw HostingError.tooManyVariables(VariableWish.countLimit)
        }
        let seen = try await find(id, for: caller, atLeast: .own)
        let seal = try await vault.seal(of: seen.session)
        var diff = EnvironmentDiff()
        _ = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            if let version, version != bot.environmentVersion { throw HostingError.changedMeanwhile }
            diff = try await variables.replace(id, with: wishes, seal: seal, at: now, in: transaction)
            guard !diff.isEmpty else { return }
            bot.environmentVersion += 1
            try await record(.environmentChanged, bot, by: caller, after: ["change": diff.text], in: transaction)
            let detail = HistoryDetail(.variables, diff.text)
            try await BotHistory.write(.environment, of: bot, by: caller, detail: detail, at: now, in: transaction)
        }
        return diff
    }

    /// Changes name, prefix, number and settings; holds from the next message on.
    package func configure(
        _ id: BotID,
        name: String,
        prefix: String,
        phone: String?,
        settings: BotSettings,
        by caller: BotCaller,
        version: Int?
    ) async throws -> Bot {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard BotText.isName(name) else { throw HostingError.invalidName }
        guard BotText.isPrefix(prefix) else { throw HostingError.invalidPrefix }
        let digits = try Self.digits(phone)
        return try await change(id, by: caller, atLeast: .own, version: version) { bot, transaction, now in
            var changes: [String] = []
            let before = bot.auditedSettings
            if bot.name != name { changes.append("name") }
            if bot.prefix != prefix { changes.append("prefix") }
            if bot.phone != digits { changes.append("phone") }
            if bot.settings != settings { changes.append("settings") }
            bot.name = name
            bot.prefix = prefix
            bot.phone = digits
            bot.settings = settings
            guard !changes.isEmpty else { return }
            let audited = AuditedChange(from: before, to: bot.auditedSettings)
            try await recordStaff(
                .botConfigured,
                bot,
                by: caller,
                before: audited.before,
                after: audited.after,
                in: transaction
            )
            let detail = HistoryDetail(.fields, changes.joined(separator: ", "))
            try await BotHistory.write(.settings, of: bot, by: caller, detail: detail, at: now, in: transaction)
        }
    }

    /// Lets the bot run at some hours alone; nil for all.
    package func setSchedule(_ schedule: BotSchedule?, of id: BotID, by caller: BotCaller) async throws -> Bot {
        let bot = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            if let schedule {
                try await transaction.execute(
                    """
                    INSERT INTO bot_schedules (bot_id, time_zone, starts_at, stops_at, days)
                    VALUES (
                        \(id), \(schedule.zone.identifier), \(schedule.start), \(schedule.stop), \(schedule.days)
                    )
                    ON CONFLICT (bot_id) DO UPDATE SET
                        time_zone = EXCLUDED.time_zone, starts_at = EXCLUDED.starts_at,
                        stops_at = EXCLUDED.stops_at, days = EXCLUDED.days
                    """
                )
            } else {
                try await transaction.execute("DELETE FROM bot_schedules WHERE bot_id = \(id)")
            }
            guard bot.schedule != schedule else { return }
            let before = bot.schedule.map { Self.words($0) } ?? "always"
            bot.schedule = schedule
            try await recordStaff(
                .botScheduled,
                bot,
                by: caller,
                before: ["hours": before],
                after: ["hours": schedule.map { Self.words($0) } ?? "always"],
                in: transaction
            )
            let detail = schedule.map { HistoryDetail(.hours, Self.words($0)) } ?? HistoryDetail(.allHours)
            try await BotHistory.write(.schedule, of: bot, by: caller, detail: detail, at: now, in: transaction)
        }
        try await settler.settle(id, isAsked: true)
        return bot
    }

    /// Who did what with a bot, newest first.
    package func history(of id: BotID, before number: Int? = nil, limit: Int = 50, for caller: BotCaller) async throws
        -> [HistoryEntry]
    {
        let (bot, _) = try await find(id, for: caller)
        let namesStaff = caller.isAdministrator && !caller.isImpersonated
        return try await history.list(bot.id, before: number, limit: limit, namesStaff: namesStaff)
    }

    /// Removes a bot and everything of it; `confirmation` is its name, typed by a person, or nil for a program.
    package func delete(_ id: BotID, confirmation: String?, by caller: BotCaller) async throws {
        let now = time.date()
        let bot = try await database.withTransaction { transaction in
            let bot = try await bots.lock(id, in: transaction)
            guard let access = try await access(of: caller, to: bot, in: transaction) else {
                throw HostingError.unknownBot
            }
            guard access >= .own else { throw HostingError.notAllowed }
            if let confirmation, confirmation.trimmingCharacters(in: .whitespaces) != bot.name {
                throw HostingError.wrongConfirmation
            }
            try await BotStatistics.countEnd(of: bot, at: now, in: transaction)
            try await record(.botDeleted, bot, by: caller, before: bot.auditedApproval, in: transaction)
            try await transaction.execute("DELETE FROM bots WHERE id = \(id)")
            return bot
        }
        if let account = bot.account { access.send(account) }
        try await removeSession(of: bot)
    }

    /// Unlinks and removes the session of a bot that is no more.
    func removeSession(of bot: Bot) async throws {
        ear.forget(bot.session)
        try await settler.alone(bot.id) {
            // The phone is told where that is possible.
            if (try? await scheduler.state(of: bot.session).status) == .working {
                try? await scheduler.logOut(bot.session)
            }
            try await scheduler.delete(bot.session)
        }
    }

    private static func words(_ schedule: BotSchedule) -> String {
        let time = { (minutes: Int) in "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)" }
        return "\(time(schedule.start))–\(time(schedule.stop)), \(schedule.zone.identifier)"
    }
}
