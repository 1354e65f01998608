import Accounts
import Database
import Fleet
import Foundation

/// The rows of the bots of one server.
struct BotRepository: Sendable {
    let database: Database
    let server: String

    func find(_ id: BotID) async throws -> Bot? {
        try await database.queryOne(
            "\(Self.columns) WHERE bots.id = \(id) AND bots.server = \(server)"
        ).map(Self.bot)
    }

    /// Whose bot has the id, on whichever server; nil where none has it.
    func owner(of id: BotID) async throws -> AccountID?? {
        try await database.queryOne("SELECT account_id FROM bots WHERE id = \(id)")
            .map { try $0.decodeIfPresent("account_id", as: AccountID.self) }
    }

    /// The bot, which nobody else changes until the transaction ends.
    func lock(_ id: BotID, in transaction: Transaction) async throws -> Bot {
        let row = try await transaction.queryOne(
            "\(Self.columns) WHERE bots.id = \(id) AND bots.server = \(server) FOR UPDATE OF bots"
        )
        guard let row else { throw HostingError.unknownBot }
        return try Self.bot(row)
    }

    func insert(_ bot: Bot, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO bots (
                id, server, account_id, session_id, name, phone, prefix, approval, approval_at, approval_cause,
                approved_at, duration_months, expires_at, is_desired, desired_at, desired_cause, run_at, link, link_at,
                jid, settings, created_at, updated_at
            ) VALUES (
                \(bot.id), \(bot.server), \(bot.account), \(bot.session), \(bot.name), \(bot.phone), \(bot.prefix),
                \(bot.approval.value.rawValue), \(bot.approval.at), \(bot.approval.cause ?? ""), \(bot.approvedAt),
                \(bot.duration?.rawValue), \(bot.expiresAt), \(bot.desired.value), \(bot.desired.at),
                \(bot.desired.cause ?? ""), \(bot.run.at), \(bot.link.value.rawValue), \(bot.link.at), \(bot.jid),
                \(JSONText(try Self.json(bot.settings))), \(bot.createdAt), \(bot.updatedAt)
            )
            """
        )
    }

    /// Writes what people decide of a bot; how it runs and who is linked is written by others.
    func save(_ bot: Bot, at now: Date, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE bots SET
                account_id = \(bot.account), name = \(bot.name), phone = \(bot.phone), prefix = \(bot.prefix),
                approval = \(bot.approval.value.rawValue), approval_at = \(bot.approval.at),
                approval_cause = \(bot.approval.cause ?? ""), approved_at = \(bot.approvedAt),
                duration_months = \(bot.duration?.rawValue), expires_at = \(bot.expiresAt),
                is_desired = \(bot.desired.value), desired_at = \(bot.desired.at),
                desired_cause = \(bot.desired.cause ?? ""), held_cause = \(bot.hold?.limit.rawValue),
                held_until = \(bot.hold?.until), settings = \(JSONText(try Self.json(bot.settings))),
                renewal_months = \(bot.renewal?.duration.rawValue), renewal_at = \(bot.renewal?.at),
                environment_version = \(bot.environmentVersion), version = version + 1, updated_at = \(now)
            WHERE id = \(bot.id)
            """
        )
    }

    /// Writes how sessions stand; the bots whose phone came or went, of which their owners are told.
    func note(_ states: [SessionState], at now: Date) async throws -> [(bot: BotID, link: BotLink)] {
        guard !states.isEmpty else { return [] }
        return try await database.withTransaction { transaction in
            var turns: [(bot: BotID, link: BotLink)] = []
            for (id, link) in try await write(states, in: transaction) {
                turns.append((id, link))
                let bot = try await lock(id, in: transaction)
                try await tell(link, of: bot, at: now, in: transaction)
            }
            return turns
        }
    }

    private func tell(_ link: BotLink, of bot: Bot, at now: Date, in transaction: Transaction) async throws {
        let notices = NoticeRepository(database: database, server: server)
        switch link {
        case .linked:
            try await BotHistory.write(.linked, of: bot, by: nil, at: now, in: transaction)
            try await notices.withdraw([.linkLost], of: bot.id, at: now, in: transaction)
        case .lost:
            try await BotHistory.write(.linkLost, of: bot, by: nil, at: now, in: transaction)
            let occasion = String(Int(bot.link.at.timeIntervalSince1970 * 1_000))
            try await notices.tell(.linkLost, of: bot, to: bot.account, occasion: occasion, at: now, in: transaction)
        case .none: break
        }
    }

    /// The bots whose phone came or went.
    private func write(_ states: [SessionState], in transaction: Transaction) async throws -> [(BotID, BotLink)] {
        var sessions = SQLColumn<UUID>()
        var runs = SQLColumn<String>()
        var causes = SQLColumn<String>()
        var times = SQLColumn<Date>()
        var jids = SQLColumn<String>()
        for state in states {
            sessions.append(state.id.rawValue)
            runs.append(BotRun(state.status).rawValue)
            causes.append(state.reason)
            times.append(state.statusAt)
            jids.append(state.jid)
        }
        let rows = try await transaction.query(
            """
            UPDATE bots SET
                run = state.run, run_cause = state.cause, run_at = state.at, jid = COALESCE(state.jid, bots.jid),
                link = CASE WHEN state.jid IS NOT NULL THEN 'linked'
                    WHEN bots.link = 'linked' THEN CASE WHEN state.cause = 'logged_out' THEN 'lost' ELSE 'none' END
                    ELSE bots.link END,
                link_at = CASE WHEN (state.jid IS NOT NULL) <> (bots.link = 'linked') THEN state.at
                    ELSE bots.link_at END,
                link_cause = CASE WHEN (state.jid IS NOT NULL) <> (bots.link = 'linked')
                    THEN COALESCE(NULLIF(state.cause, 'linked'), CASE WHEN state.jid IS NULL THEN 'wiped' ELSE 'phone' END)
                    ELSE bots.link_cause END
            FROM unnest(\(sessions), \(runs), \(causes), \(times), \(jids)) AS state (session, run, cause, at, jid)
            JOIN bots AS old ON old.session_id = state.session
            WHERE bots.id = old.id AND bots.server = \(server)
            RETURNING bots.id, bots.link, old.link AS former
            """
        )
        return try rows.compactMap { row in
            let link: String = try row.decode("link")
            guard try row.decode("former") != link, let link = BotLink(rawValue: link) else { return nil }
            return (try row.decode("id"), link)
        }
    }

    /// Bot and account behind each session of this server.
    func owners() async throws -> [(session: SessionID, bot: BotID, account: AccountID?)] {
        try await database.query("SELECT session_id, id, account_id FROM bots WHERE server = \(server)").map { row in
            (try row.decode("session_id"), try row.decode("id"), try row.decodeIfPresent("account_id"))
        }
    }

    static let columns: SQL = "SELECT \(fields) \(tables)"

    static let fields: SQL = """
        bots.id, bots.server, bots.account_id, bots.session_id, bots.name, bots.phone, bots.prefix,
            bots.approval, bots.approval_at, bots.approval_cause, bots.approved_at, bots.duration_months,
            bots.expires_at, bots.is_desired, bots.desired_at, bots.desired_cause, bots.run, bots.run_at,
            bots.run_cause, bots.link, bots.link_at, bots.link_cause, bots.jid, bots.held_cause, bots.held_until,
            bots.settings, bots.storage_bytes, bots.renewal_months, bots.renewal_at, bots.environment_version,
            bots.version, bots.created_at, bots.updated_at,
            \(AccountFacts.isSuspended("bots.account_id")) AS is_suspended, schedule.time_zone, schedule.starts_at,
            schedule.stops_at, schedule.days
        """

    static let tables: SQL = """
        FROM bots LEFT JOIN bot_schedules AS schedule ON schedule.bot_id = bots.id
        """

    static func bot(_ row: Row) throws -> Bot {
        var bot = Bot(
            id: try row.decode("id"),
            server: try row.decode("server"),
            account: try row.decodeIfPresent("account_id"),
            session: try row.decode("session_id"),
            name: try row.decode("name"),
            phone: try row.decodeIfPresent("phone"),
            prefix: try row.decode("prefix"),
            approval: Bot.Axis(
                BotApproval(rawValue: try row.decode("approval")) ?? .new,
                at: try row.decode("approval_at"),
                cause: try row.decode("approval_cause")
            ),
            approvedAt: try row.decodeIfPresent("approved_at"),
            duration: try row.decodeIfPresent("duration_months", as: Int.self).flatMap(ApprovalDuration.init),
            expiresAt: try row.decodeIfPresent("expires_at"),
            desired: Bot.Axis(
                try row.decode("is_desired"),
                at: try row.decode("desired_at"),
                cause: try row.decode("desired_cause")
            ),
            run: Bot.Axis(
                BotRun(rawValue: try row.decode("run")) ?? .stopped,
                at: try row.decode("run_at"),
                cause: try row.decodeIfPresent("run_cause")
            ),
            link: Bot.Axis(
                BotLink(rawValue: try row.decode("link")) ?? .none,
                at: try row.decode("link_at"),
                cause: try row.decodeIfPresent("link_cause")
            ),
            settings: Self.settings(try row.decode("settings", as: JSONText.self).text),
            storage: try row.decode("storage_bytes"),
            environmentVersion: try row.decode("environment_version"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at")
        )
        bot.isSuspended = try row.decode("is_suspended")
        bot.jid = bot.link.value == .linked ? try row.decodeIfPresent("jid") : nil
        if let limit = try row.decodeIfPresent("held_cause", as: String.self).flatMap(PlanLimit.init),
            let until = try row.decodeIfPresent("held_until", as: Date.self)
        {
            bot.hold = Bot.Hold(limit: limit, until: until)
        }
        if let months = try row.decodeIfPresent("renewal_months", as: Int.self).flatMap(ApprovalDuration.init),
            let at = try row.decodeIfPresent("renewal_at", as: Date.self)
        {
            bot.renewal = Bot.RenewalWish(duration: months, at: at)
        }
        if let zone = try row.decodeIfPresent("time_zone", as: String.self) {
            bot.schedule = try? BotSchedule(
                zone: zone,
                start: row.decode("starts_at"),
                stop: row.decode("stops_at"),
                days: row.decode("days")
            )
        }
        return bot
    }

    private static func json(_ settings: BotSettings) throws -> String {
        String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
    }

    private static func settings(_ text: String) -> BotSettings {
        (try? JSONDecoder().decode(BotSettings.self, from: Data(text.utf8))) ?? BotSettings()
    }
}
