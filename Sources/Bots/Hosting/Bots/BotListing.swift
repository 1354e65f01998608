import Accounts
import Database
package import Foundation

/// Which bots are listed, in which order, and from where on.
package struct BotQuery: Sendable, Equatable {
    package enum Order: String, Sendable, CaseIterable {
        case newest
        case name
        case expiry
        case state
    }

    package var approval: BotApproval?
    package var run: BotRun?
    /// Those alone whose owner asks for more time.
    package var wantsRenewal = false
    /// Those alone whose time is over before that.
    package var endsBefore: Date?
    /// Part of the name, number or address.
    package var text: String?
    package var order = Order.newest
    package var isReversed = false
    /// Of fifty bots each, from zero.
    package var page = 0

    package static let pageSize = 50

    package init() {}
}

/// A page of a list, and how many there are in all.
package struct BotList: Sendable {
    package let bots: [ListedBot]
    package let total: Int
    package let query: BotQuery

    package var pages: Int { max(1, (total + BotQuery.pageSize - 1) / BotQuery.pageSize) }
}

/// A bot as lists show it.
package struct ListedBot: Sendable, Equatable {
    package let bot: Bot
    package let access: BotAccess

    package init(bot: Bot, access: BotAccess) {
        self.bot = bot
        self.access = access
    }
}

/// Lists of bots: an account's own and those that are shared with it, or all of the server.
struct BotListing: Sendable {
    let database: Database
    let server: String

    func list(_ query: BotQuery, for caller: BotCaller, all: Bool) async throws -> BotList {
        let seesAll = all && caller.isAdministrator
        let scope = seesAll ? Self.everybody : Self.own(caller.account)
        let like = query.text.map { Self.pattern($0) }
        let owner = seesAll ? AccountFacts.address(of: "bots.account_id", isLike: like) : Self.nobody
        let filter: SQL = """
            WHERE bots.server = \(server) AND \(scope)
                AND (\(query.approval?.rawValue)::text IS NULL OR bots.approval = \(query.approval?.rawValue))
                AND (\(query.run?.rawValue)::text IS NULL OR bots.run = \(query.run?.rawValue))
                AND (NOT \(query.wantsRenewal) OR bots.renewal_months IS NOT NULL)
                AND (\(query.endsBefore)::timestamptz IS NULL OR bots.expires_at < \(query.endsBefore))
                AND (\(like)::text IS NULL OR bots.name ILIKE \(like) OR bots.phone LIKE \(like)
                    OR bots.jid LIKE \(like) OR \(owner))
            """
        let total = try await database.queryOne("SELECT count(*) AS total FROM bots \(filter)")?.decode(
            "total",
            as: Int.self
        )
        let page = max(0, min(query.page, 100_000))
        let rows = try await database.query(
            """
            SELECT \(BotRepository.fields), (bots.account_id = \(caller.account)) AS is_own,
                (SELECT may_operate FROM bot_shares
                    WHERE bot_shares.bot_id = bots.id AND bot_shares.account_id = \(caller.account)) AS may_operate
            \(BotRepository.tables) \(filter) ORDER BY \(Self.order(query))
            LIMIT \(BotQuery.pageSize) OFFSET \(page * BotQuery.pageSize)
            """
        )
        let bots = try rows.map { row in
            let isOwn: Bool = try row.decodeIfPresent("is_own") ?? false
            let operates: Bool? = try row.decodeIfPresent("may_operate")
            let access: BotAccess =
                isOwn || seesAll ? .own : operates == true ? .operate : .view
            return ListedBot(bot: try BotRepository.bot(row), access: access)
        }
        return BotList(bots: bots, total: total ?? 0, query: query)
    }

    /// The bots of an account, and those that are shared with it.
    func visible(to account: AccountID) async throws -> Set<BotID> {
        let rows = try await database.query(
            "SELECT bots.id FROM bots WHERE bots.server = \(server) AND \(Self.own(account))"
        )
        return Set(try rows.map { try $0.decode("id") })
    }

    /// How many of the server's bots stand where.
    func counts(for account: AccountID?) async throws -> [BotApproval: Int] {
        let scope = account.map(Self.own) ?? Self.everybody
        let rows = try await database.query(
            """
            SELECT bots.approval, count(*) AS count FROM bots
            WHERE bots.server = \(server) AND \(scope) GROUP BY bots.approval
            """
        )
        var counts: [BotApproval: Int] = [:]
        for row in rows {
            guard let approval = BotApproval(rawValue: try row.decode("approval")) else { continue }
            counts[approval] = try row.decode("count")
        }
        return counts
    }

    private static let everybody: SQL = "true"
    private static let nobody: SQL = "false"

    private static func own(_ account: AccountID) -> SQL {
        """
        (bots.account_id = \(account)
            OR EXISTS (SELECT FROM bot_shares WHERE bot_shares.bot_id = bots.id AND bot_shares.account_id = \(account)
                AND \(AccountFacts.isMember("bot_shares.account_id", ofTeamOf: "bots.account_id"))))
        """
    }

    private static func order(_ query: BotQuery) -> SQL {
        switch (query.order, query.isReversed) {
        case (.newest, false): "bots.created_at DESC, bots.id"
        case (.newest, true): "bots.created_at, bots.id"
        case (.name, false): "lower(bots.name), bots.id"
        case (.name, true): "lower(bots.name) DESC, bots.id"
        case (.expiry, false): "bots.expires_at NULLS LAST, bots.id"
        case (.expiry, true): "bots.expires_at DESC NULLS LAST, bots.id"
        case (.state, false): "bots.approval, bots.run, bots.id"
        case (.state, true): "bots.approval DESC, bots.run DESC, bots.id"
        }
    }

    /// A text to look for anywhere; what means something to LIKE stands for itself.
    static func pattern(_ text: String) -> String {
        let plain = text.prefix(100).filter { $0 != "\0" }
            .replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        return "%\(plain)%"
    }
}
