package import Accounts
import Database
import Fleet
import Foundation

// What the service does, and nobody asks for.
extension Hosting {
    /// All bots of the server.
    func allBots() async throws -> [Bot] {
        try await database.query("\(BotRepository.columns) WHERE bots.server = \(server)").map(BotRepository.bot)
    }

    /// Holds a bot back that is over a limit of its plan, and says so to its owner.
    func hold(_ id: BotID, for limit: PlanLimit, until: Date, at now: Date) async throws {
        _ = try await change(id, by: nil, atLeast: .own, version: nil) { bot, transaction, now in
            guard bot.hold == nil else { return }
            bot.hold = Bot.Hold(limit: limit, until: until)
            try await BotHistory.write(
                .held,
                of: bot,
                by: nil,
                detail: HistoryDetail(.limit, limit.rawValue),
                at: now,
                in: transaction
            )
            try await notices.tell(
                .held,
                of: bot,
                to: bot.account,
                detail: limit.rawValue,
                occasion: "\(limit.rawValue):\(Int(UsageResolution.day.beginning(of: now).timeIntervalSince1970))",
                at: now,
                in: transaction
            )
        }
        let words =
            switch limit {
            case .messages: "The plan's messages for today are used up; the bot goes on tomorrow."
            case .storage: "The plan's storage is used up; the bot waits."
            case .processor: "The bot takes more of the processor than its plan has; it pauses."
            case .memory: "The bot takes more memory than its plan has; it pauses."
            case .bots, .sessions: "A limit of the plan is reached; the bot waits."
            }
        ear.log.write(.warning, words, of: id, at: now)
        try await settler.settle(id, isAsked: false)
    }

    /// Tells owners whose bots were stopped because nothing happened on them; once each time.
    func tellOfParked(at now: Date) async throws {
        let bots = ear.sessions
        for session in await scheduler.all() where session.isParked {
            guard let id = bots[session.id], let bot = try await self.bots.find(id) else { continue }
            let occasion = String(Int(session.statusAt.timeIntervalSince1970))
            try await notices.tell(.idle, of: bot, to: bot.account, occasion: occasion, at: now, in: database)
        }
    }

    /// Writes down how much of the database each bot takes.
    func measureStorage() async throws {
        let sessions = ear.sessions
        let storage = try await scheduler.storage(of: Array(sessions.keys))
        var bots = SQLColumn<UUID>()
        var bytes = SQLColumn<Int64>()
        for (session, bot) in sessions.sorted(by: { $0.value.description < $1.value.description }) {
            bots.append(bot.rawValue)
            bytes.append(Int64(storage[session] ?? 0))
        }
        try await database.execute(
            """
            UPDATE bots SET storage_bytes = measured.bytes + COALESCE(
                (SELECT sum(octet_length(text) + 40) FROM bot_log WHERE bot_log.bot_id = bots.id), 0
            ) + COALESCE(
                (SELECT sum(octet_length(content)) FROM bot_files WHERE bot_files.bot_id = bots.id), 0
            ) + COALESCE(
                (SELECT sum(octet_length(content)) FROM bot_kept_messages WHERE bot_kept_messages.bot_id = bots.id), 0
            )
            FROM unnest(\(bots), \(bytes)) AS measured (bot, bytes) WHERE bots.id = measured.bot
            """
        )
    }

    /// Removes a bot whose account is gone.
    func remove(_ bot: Bot) async throws {
        let now = time.date()
        let removed = try await database.withTransaction { transaction in
            let count = try await transaction.execute(
                "DELETE FROM bots WHERE id = \(bot.id) AND account_id IS NULL"
            )
            guard count == 1 else { return false }
            try await BotStatistics.countEnd(of: bot, at: now, in: transaction)
            return true
        }
        guard removed else { return }
        try await removeSession(of: bot)
    }

    /// Removes all bots whose account is gone.
    func removeAbandoned() async throws {
        let rows = try await database.query(
            "\(BotRepository.columns) WHERE bots.server = \(server) AND bots.account_id IS NULL"
        )
        for bot in try rows.map(BotRepository.bot) { try await remove(bot) }
    }

    /// Brings an account's bots where they are to be, as after it was suspended, restored or deleted.
    package func settleBots(of account: AccountID) async throws {
        let rows = try await database.query(
            "\(BotRepository.columns) WHERE bots.server = \(server) AND bots.account_id = \(account)"
        )
        await settler.settleAll(try rows.map(BotRepository.bot))
        try await removeAbandoned()
    }

    /// Removes what was shared with somebody who has left the owner's team: coming back begins anew.
    func removeStaleShares() async throws {
        try await database.execute(
            """
            DELETE FROM bot_shares USING bots
            WHERE bots.id = bot_shares.bot_id AND bots.server = \(server)
                AND NOT \(AccountFacts.isMember("bot_shares.account_id", ofTeamOf: "bots.account_id"))
            """
        )
    }
}
