package import Accounts
package import Database
package import Fleet
import Foundation
package import Logging

/// Bots in the panel: everything that people do with them, with the rules of it.
///
/// Each bot belongs to one account on one server; whoever has no right on a bot does not learn that it exists.
package struct Hosting: Sendable {
    package let server: String
    package let time: TimeSource
    package let plans: PlanRepository
    package let notices: NoticeRepository
    package let ear: FleetEar
    package let scheduler: SessionScheduler
    /// Whose rights change.
    package let access: AccessSignal
    let audit: AuditLog
    let database: Database
    let vault: SessionVault
    let bots: BotRepository
    let listing: BotListing
    let variables: EnvironmentRepository
    let history: BotHistory
    let usage: UsageRepository
    let logs: LogRepository
    let settler: Settler
    /// Tells what this process has said of bots from what others say.
    let origin = UUID().uuidString
    /// Bots that are being made, by the id that the form brought along.
    let making = Turns<BotID>()
    let logger: Logger

    package init(
        server: String,
        database: Database,
        scheduler: SessionScheduler,
        vault: SessionVault,
        ear: FleetEar,
        access: AccessSignal = AccessSignal(),
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.server = server
        self.database = database
        self.scheduler = scheduler
        self.vault = vault
        self.ear = ear
        self.access = access
        self.time = time
        self.logger = logger
        audit = AuditLog(database: database)
        plans = PlanRepository(database: database)
        notices = NoticeRepository(database: database, server: server)
        bots = BotRepository(database: database, server: server)
        listing = BotListing(database: database, server: server)
        variables = EnvironmentRepository(database: database)
        history = BotHistory(database: database)
        usage = UsageRepository(database: database)
        logs = LogRepository(database: database, server: server)
        settler = Settler(repository: bots, scheduler: scheduler, time: time, logger: logger)
    }

    // MARK: Who may what

    /// How far the caller's rights on a bot go; nil for none at all.
    func access(of caller: BotCaller, to bot: Bot, in runner: (any StatementRunner)? = nil) async throws -> BotAccess? {
        if bot.account == caller.account || caller.isAdministrator { return .own }
        let row = try await (runner ?? database).queryOne(
            """
            SELECT may_operate FROM bot_shares
            WHERE bot_id = \(bot.id) AND account_id = \(caller.account)
                AND \(AccountFacts.isMember("bot_shares.account_id", ofTeamOf: "\(bot.account)"))
            """
        )
        guard let row else { return nil }
        return try row.decode("may_operate") ? .operate : .view
    }

    /// The bot, and what the caller may do with it.
    package func find(_ id: BotID, for caller: BotCaller) async throws -> (bot: Bot, access: BotAccess) {
        guard var bot = try await bots.find(id), let access = try await access(of: caller, to: bot) else {
            throw HostingError.unknownBot
        }
        // The row follows the session within a second; whoever asks for one bot gets the session itself.
        if let session = try? await scheduler.state(of: bot.session) { bot.follow(session) }
        return (bot, access)
    }

    /// Whose bot it is; nil where its account is gone.
    func owner(of id: BotID) async throws -> AccountID? {
        try await bots.owner(of: id) ?? nil
    }

    func find(_ id: BotID, for caller: BotCaller, atLeast needed: BotAccess) async throws -> Bot {
        let (bot, access) = try await find(id, for: caller)
        guard access >= needed else { throw HostingError.notAllowed }
        return bot
    }

    /// Changes a bot while nobody else can, and returns what became of it.
    ///
    /// `version` is that of the bot as the caller saw it; nil to change it whatever it is.
    func change(
        _ id: BotID,
        by caller: BotCaller?,
        atLeast needed: BotAccess,
        version: Int?,
        _ body: (inout Bot, Transaction, Date) async throws -> Void
    ) async throws -> Bot {
        let now = time.date()
        let changed = try await database.withTransaction { transaction in
            var bot = try await bots.lock(id, in: transaction)
            if let caller {
                guard let access = try await access(of: caller, to: bot, in: transaction) else {
                    throw HostingError.unknownBot
                }
                guard access >= needed else { throw HostingError.notAllowed }
            }
            if let version, version != bot.version { throw HostingError.changedMeanwhile }
            try await body(&bot, transaction, now)
            try await bots.save(bot, at: now, in: transaction)
            bot.version += 1
            bot.updatedAt = now
            return bot
        }
        await announce(changed.id, changed.session)
        return changed
    }

    // MARK: Lists

    /// The caller's bots and those shared with it; all of the server for an administrator who wants that.
    package func list(_ query: BotQuery, for caller: BotCaller, all: Bool = false) async throws -> BotList {
        let page = try await listing.list(query, for: caller, all: all)
        var bots: [ListedBot] = []
        for listed in page.bots {
            var bot = listed.bot
            // As for one bot alone: the session itself, not what was written of it.
            if let session = try? await scheduler.state(of: bot.session) { bot.follow(session) }
            bots.append(ListedBot(bot: bot, access: listed.access))
        }
        return BotList(bots: bots, total: page.total, query: page.query)
    }

    /// The caller's bots and those shared with it.
    package func visible(to caller: BotCaller) async throws -> Set<BotID> {
        try await listing.visible(to: caller.account)
    }

    /// How many bots stand where: the account's, or all of the server.
    package func counts(for account: AccountID? = nil) async throws -> [BotApproval: Int] {
        try await listing.counts(for: account)
    }

    /// What the account may use, and how much of it is used.
    package func planUse(of account: AccountID) async throws -> PlanUse {
        let now = time.date()
        let (plan, until) = try await plans.plan(of: account, at: now)
        let row = try await database.queryOne(
            """
            SELECT count(*) AS bots, count(*) FILTER (WHERE approval = 'approved' AND is_desired) AS sessions,
                COALESCE(sum(storage_bytes), 0)::bigint AS storage,
                COALESCE((
                    SELECT sum(received + sent) FROM bot_usage JOIN bots AS own ON own.id = bot_usage.bot_id
                    WHERE own.account_id = \(account) AND resolution = 3
                        AND at = \(UsageResolution.day.beginning(of: now))
                ), 0)::bigint AS messages
            FROM bots WHERE account_id = \(account)
            """
        )
        return PlanUse(
            plan: plan,
            until: until,
            bots: try row?.decode("bots") ?? 0,
            sessions: try row?.decode("sessions") ?? 0,
            storage: try row?.decode("storage") ?? 0,
            messagesToday: try row?.decode("messages") ?? 0
        )
    }
}
