package import Accounts
import Database
import Fleet
package import Foundation

/// Somebody with whom a bot is shared.
package struct BotShare: Sendable, Equatable {
    package let account: AccountID
    package let mayOperate: Bool
    package let at: Date
}

/// A bot that is offered to another account.
package struct BotTransfer: Sendable, Equatable {
    package let bot: BotID
    package let botName: String
    package let from: AccountID
    /// Nil where nobody has the address.
    package let to: AccountID?
    /// The address that it was offered to, as it was typed.
    package let email: String
    package let at: Date
}

extension Hosting {
    package func shares(of id: BotID, for caller: BotCaller) async throws -> [BotShare] {
        let bot = try await find(id, for: caller, atLeast: .own)
        return try await database.query(
            """
            SELECT account_id, may_operate, created_at FROM bot_shares
            WHERE bot_id = \(bot.id) AND \(AccountFacts.isMember("bot_shares.account_id", ofTeamOf: "\(bot.account)"))
            ORDER BY created_at
            """
        ).map { row in
            BotShare(
                account: try row.decode("account_id"),
                mayOperate: try row.decode("may_operate"),
                at: try row.decode("created_at")
            )
        }
    }

    /// Shares a bot with somebody of its owner's team.
    package func share(_ id: BotID, with member: AccountID, mayOperate: Bool, by caller: BotCaller) async throws {
        _ = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            guard member != bot.account else { throw HostingError.invalidRecipient }
            let row = try await transaction.queryOne(
                "SELECT \(AccountFacts.isMember("\(member)", ofTeamOf: "\(bot.account)")) AS is_member"
            )
            guard try row?.decode("is_member") ?? false else { throw HostingError.notInTeam }
            try await transaction.execute(
                """
                INSERT INTO bot_shares (bot_id, account_id, may_operate, created_at)
                VALUES (\(id), \(member), \(mayOperate), \(now))
                ON CONFLICT (bot_id, account_id) DO UPDATE SET may_operate = EXCLUDED.may_operate
                """
            )
            try await record(
                .botShared,
                bot,
                by: caller,
                after: ["account": "\(member)", "may_operate": "\(mayOperate)"],
                in: transaction
            )
            try await BotHistory.write(.shared, of: bot, by: caller, at: now, in: transaction)
            try await notices.tell(
                .shared,
                of: bot,
                to: member,
                occasion: "\(member):\(bot.version)",
                at: now,
                in: transaction
            )
        }
    }

    package func unshare(_ id: BotID, with member: AccountID, by caller: BotCaller) async throws {
        _ = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            let removed = try await transaction.execute(
                "DELETE FROM bot_shares WHERE bot_id = \(id) AND account_id = \(member)"
            )
            guard removed > 0 else { return }
            try await record(.botUnshared, bot, by: caller, before: ["account": "\(member)"], in: transaction)
            try await BotHistory.write(.unshared, of: bot, by: caller, at: now, in: transaction)
        }
        access.send(member)
    }

    /// Offers a bot to whoever has an address; an earlier offer is taken back with it.
    ///
    /// Nobody learns whether the address has an account: without one, `other` is nil and the offer stands all the same.
    package func offer(_ id: BotID, to email: EmailAddress, of other: AccountID?, by caller: BotCaller) async throws {
        try await requireOpen(for: caller)
        _ = try await change(id, by: caller, atLeast: .own, version: nil) { bot, transaction, now in
            guard let owner = bot.account, other != owner else { throw HostingError.invalidRecipient }
            try await transaction.execute(
                """
                INSERT INTO bot_transfers (bot_id, from_id, to_id, email, offered_at)
                VALUES (\(id), \(owner), \(other), \(email.text), \(now))
                ON CONFLICT (bot_id) DO UPDATE SET
                    from_id = EXCLUDED.from_id, to_id = EXCLUDED.to_id, email = EXCLUDED.email,
                    offered_at = EXCLUDED.offered_at
                """
            )
            try await record(.botOffered, bot, by: caller, after: ["email": email.text], in: transaction)
            try await BotHistory.write(.transferOffered, of: bot, by: caller, at: now, in: transaction)
            try await notices.tell(
                .transferOffered,
                of: bot,
                to: other,
                detail: caller.shownName(to: nil),
                occasion: "\(bot.version)",
                at: now,
                in: transaction
            )
        }
    }

    package func transfer(of id: BotID, for caller: BotCaller) async throws -> BotTransfer? {
        let bot = try await find(id, for: caller, atLeast: .own)
        return try await transfers("bot_transfers.bot_id = \(bot.id)").first
    }

    /// The bots that others offer to the account.
    package func offers(to account: AccountID) async throws -> [BotTransfer] {
        try await transfers("to_id = \(account)")
    }

    private func transfers(_ condition: SQL) async throws -> [BotTransfer] {
        try await database.query(
            """
            SELECT bot_id, bots.name, from_id, to_id, email, offered_at
            FROM bot_transfers JOIN bots ON bots.id = bot_transfers.bot_id AND bots.server = \(server)
            WHERE \(condition) ORDER BY offered_at
            """
        ).map { row in
            BotTransfer(
                bot: try row.decode("bot_id"),
                botName: try row.decode("name"),
                from: try row.decode("from_id"),
                to: try row.decodeIfPresent("to_id"),
                email: try row.decode("email"),
                at: try row.decode("offered_at")
            )
        }
    }

    /// Takes over a bot that was offered; the own plan must have room for it.
    package func accept(_ id: BotID, by caller: BotCaller) async throws {
        try await requireOpen(for: caller)
        let now = time.date()
        let (bot, former) = try await database.withTransaction { transaction in
            var bot = try await bots.lock(id, in: transaction)
            let offered = try await transaction.execute(
                """
                DELETE FROM bot_transfers
                WHERE bot_id = \(id) AND to_id = \(caller.account) AND from_id = \(bot.account)
                """
            )
            guard offered == 1, let owner = bot.account else { throw HostingError.unknownBot }
            let account = caller.account
            try await lockBots(of: account, in: transaction)
            let (plan, _) = try await plans.plan(of: account, at: now, in: transaction)
            try await requireRoom(in: plan, for: account, in: transaction)
            // Whom the old owner let in has nothing to do with the new one.
            let shared = try await transaction.query("DELETE FROM bot_shares WHERE bot_id = \(id) RETURNING account_id")
            bot.account = account
            bot.renewal = nil
            try await fit(&bot, at: now, in: transaction)
            try await bots.save(bot, at: now, in: transaction)
            try await record(
                .botTransferred,
                bot,
                by: caller,
                before: ["account": "\(owner)"],
                after: ["account": "\(account)"],
                in: transaction
            )
            try await BotHistory.write(.transferred, of: bot, by: caller, at: now, in: transaction)
            try await notices.tell(
                .transferred,
                of: bot,
                to: owner,
                detail: caller.name,
                occasion: "\(bot.version)",
                at: now,
                in: transaction
            )
            return (bot, try shared.map { try $0.decode("account_id", as: AccountID.self) } + [owner])
        }
        access.send(former)
        await announce(bot.id, bot.session)
        noteLimit(of: bot)
        try await settler.settle(id, isAsked: false)
    }

    /// Takes an offer back, or declines it.
    package func endTransfer(_ id: BotID, by caller: BotCaller) async throws {
        let bot = try await database.withTransaction { transaction in
            let bot = try await bots.lock(id, in: transaction)
            let isOwn = try await access(of: caller, to: bot, in: transaction) == .own
            let row = try await transaction.queryOne(
                """
                DELETE FROM bot_transfers WHERE bot_id = \(id) AND (to_id = \(caller.account) OR \(isOwn))
                RETURNING email
                """
            )
            guard let row else { throw HostingError.unknownBot }
            let email: String = try row.decode("email")
            try await recordStaff(.botOfferEnded, bot, by: caller, before: ["email": email], in: transaction)
            return bot
        }
        await announce(bot.id, bot.session)
    }
}
