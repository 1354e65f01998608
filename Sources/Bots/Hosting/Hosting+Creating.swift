package import Accounts
import Database
import Fleet
import Foundation
import Logging
import WhatsApp

/// A bot as somebody wants it.
package struct NewBot: Sendable {
    package var name: String
    package var prefix = "!"
    package var phone: String?
    /// Exported credentials; without them a phone is linked later.
    package var sessionID: String?
    package var environment: [VariableWish] = []
    package var settings = BotSettings()
    /// What fills its commands and rules, with texts in that language.
    package var preset: BotPreset?
    package var language = BotLanguage.english
    /// What a form is sent under: the same once more makes no second bot.
    package var once: BotID?

    package init(name: String) {
        self.name = name
    }
}

extension Hosting {
    /// Makes a bot, which waits to be approved unless the plan approves by itself; then it starts at once.
    ///
    /// Throws `SessionIDError` for a session ID that is none.
    package func create(_ wanted: NewBot, by caller: BotCaller, owner: AccountID? = nil) async throws -> Bot {
        let account = owner ?? caller.account
        guard let once = wanted.once else { return try await create(wanted, as: BotID(), of: account, by: caller) }
        return try await making.run(under: once) {
            guard let owner = try await bots.owner(of: once) else {
                return try await create(wanted, as: once, of: account, by: caller)
            }
            if owner == account, let made = try await made(once, by: caller) { return made }
            return try await create(wanted, as: BotID(), of: account, by: caller)
        }
    }

    /// The bot that the account has made under that id; nil where there is none yet.
    package func made(_ once: BotID, by caller: BotCaller) async throws -> Bot? {
        guard let bot = try await bots.find(once), bot.account == caller.account else { return nil }
        return bot
    }

    private func create(_ wanted: NewBot, as id: BotID, of account: AccountID, by caller: BotCaller) async throws -> Bot
    {
        guard account == caller.account || caller.isAdministrator else { throw HostingError.notAllowed }
        try await requireOpen(for: caller)
        let name = wanted.name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard BotText.isName(name) else { throw HostingError.invalidName }
        guard BotText.isPrefix(wanted.prefix) else { throw HostingError.invalidPrefix }
        guard wanted.environment.count <= VariableWish.countLimit else {
            throw HostingError.tooManyVariables(VariableWish.countLimit)
        }
        let phone = try Self.digits(wanted.phone)
        if account != caller.account { try await requireAccount(account) }
        let (plan, _) = try await plans.plan(of: account, at: time.date())
        try await requireRoom(in: plan, for: account, in: database)

        let sessionName = "bot-\(id)"
        let session =
            if let text = wanted.sessionID {
                try await scheduler.importSession(text, as: sessionName)
            } else {
                try await scheduler.create(sessionName)
            }
        ear.follow(session, as: id)
        do {
            let state = try await scheduler.state(of: session)
            let bot = Self.fresh(id, state, named: name, phone, wanted, of: account, on: server, at: time.date())
            let made = try await insert(bot, plan, wanted, by: caller)
            if made.approval.value == .approved, made.jid != nil { try await settler.settle(id, isAsked: true) }
            ear.log.write(.info, "The bot has been created.", of: id, at: time.date())
            noteLimit(of: made)
            await announce(made.id, made.session)
            return made
        } catch {
            ear.forget(session)
            do {
                try await scheduler.delete(session)
            } catch {
                logger.warning("A session without a bot stays", metadata: ["session.id": "\(session)"])
            }
            throw error
        }
    }

    private func insert(_ fresh: Bot, _ plan: Plan, _ wanted: NewBot, by caller: BotCaller) async throws -> Bot {
        let seal = try await vault.seal(of: fresh.session)
        let now = fresh.createdAt
        return try await database.withTransaction { transaction in
            guard let account = fresh.account else { throw HostingError.notAllowed }
            try await lockBots(of: account, in: transaction)
            try await requireRoom(in: plan, for: account, in: transaction)
            var bot = fresh
            try await bots.insert(bot, in: transaction)
            _ = try await variables.replace(bot.id, with: wanted.environment, seal: seal, at: now, in: transaction)
            if let preset = wanted.preset {
                try await preset.fill(bot.id, in: wanted.language, at: now, in: transaction)
            }
            try await BotHistory.write(
                .created,
                of: bot,
                by: caller,
                detail: wanted.preset.map { HistoryDetail(.preset, $0.id) },
                at: now,
                in: transaction
            )
            try await BotStatistics.count(.created, of: bot, at: now, in: transaction)
            if plan.approves {
                try bot.approve(for: plan.approvalDuration, by: "plan", at: now)
                try await fit(&bot, at: now, in: transaction)
                try await bots.save(bot, at: now, in: transaction)
                bot.version += 1
                let detail = HistoryDetail.months(plan.approvalDuration, plan: plan.name)
                try await BotHistory.write(.approved, of: bot, by: nil, detail: detail, at: now, in: transaction)
                try await BotStatistics.count(.approved, of: bot, at: now, in: transaction)
            }
            return bot
        }
    }

    private func requireAccount(_ account: AccountID) async throws {
        let row = try await database.queryOne("SELECT \(AccountFacts.exists("\(account)")) AS exists")
        guard try row?.decode("exists") ?? false else { throw HostingError.unknownOwner }
    }

    static func digits(_ phone: String?) throws(HostingError) -> String? {
        guard let phone, !phone.isEmpty else { return nil }
        do throws(PhoneNumberError) {
            return try PhoneNumber(parsing: phone).digits
        } catch {
            throw .invalidPhone
        }
    }

    private static func fresh(
        _ id: BotID,
        _ session: SessionState,
        named name: String,
        _ phone: String?,
        _ wanted: NewBot,
        of account: AccountID,
        on server: String,
        at now: Date
    ) -> Bot {
        var bot = Bot(
            id: id,
            server: server,
            account: account,
            session: session.id,
            name: name,
            phone: phone,
            prefix: wanted.prefix,
            approval: Bot.Axis(.new, at: now, cause: "created"),
            desired: Bot.Axis(true, at: now, cause: "created"),
            run: Bot.Axis(.stopped, at: now, cause: nil),
            link: Bot.Axis(session.jid == nil ? .none : .linked, at: now, cause: session.jid == nil ? nil : "imported"),
            settings: wanted.settings,
            storage: 0,
            environmentVersion: 1,
            version: 1,
            createdAt: now,
            updatedAt: now
        )
        bot.jid = session.jid
        return bot
    }
}
