package import Accounts
import Database
import Foundation

/// What an account's owner gets of what is kept about one of its bots.
///
/// Whatever opens a door is left out: credentials, and the values of secret variables.
package struct BotExport: Encodable, Sendable {
    package struct Variable: Encodable, Sendable {
        let name: String
        /// Null for a secret.
        let value: String?
        let isSecret: Bool
        let updatedAt: Date
    }

    package struct Event: Encodable, Sendable {
        let at: Date
        let kind: String
        let detail: String?
        let actor: String
    }

    package struct Hours: Encodable, Sendable {
        let zone: String
        let start: Int
        let stop: Int
        let days: Int
    }

    /// What somebody has made the bot do.
    struct Automation: Encodable, Sendable {
        struct Rule: Encodable, Sendable {
            let match: String
            let pattern: String
            let answer: String
            let chat: String?
            let isOn: Bool
        }

        struct OwnCommand: Encodable, Sendable {
            let name: String
            let summary: String
            let content: CustomContent
            let isOn: Bool
        }

        struct Message: Encodable, Sendable {
            let chat: String
            let text: String
            let cron: String?
            let nextAt: Date?
        }

        let settings: ConductSettings
        let chats: [String: ChatSettings]
        let rules: [Rule]
        let commands: [OwnCommand]
        let plannedMessages: [Message]
    }

    package let id: String
    package let name: String
    let server: String
    let phone: String?
    let jid: String?
    let prefix: String
    let approval: String
    let approvedAt: Date?
    let expiresAt: Date?
    let isOn: Bool
    let settings: BotSettings
    let schedule: Hours?
    let storageBytes: Int
    let createdAt: Date
    package let variables: [Variable]
    package let history: [Event]
    let automation: Automation
    let sharedWith: Int
    let notices: [String]

    init(
        _ bot: Bot,
        variables: [BotVariable],
        history: [HistoryEntry],
        automation: Automation,
        sharedWith: Int,
        notices: [BotNotice]
    ) {
        id = bot.id.description
        name = bot.name
        server = bot.server
        phone = bot.phone
        jid = bot.jid
        prefix = bot.prefix
        approval = bot.approval.value.rawValue
        approvedAt = bot.approvedAt
        expiresAt = bot.expiresAt
        isOn = bot.desired.value
        settings = bot.settings
        schedule = bot.schedule.map {
            Hours(zone: $0.zone.identifier, start: $0.start, stop: $0.stop, days: $0.days)
        }
        storageBytes = bot.storage
        createdAt = bot.createdAt
        self.variables = variables.map {
            Variable(name: $0.name, value: $0.value, isSecret: $0.isSecret, updatedAt: $0.updatedAt)
        }
        self.history = history.map {
            Event(at: $0.at, kind: $0.kind.rawValue, detail: $0.detail?.words.text(.english), actor: $0.actor)
        }
        self.automation = automation
        self.sharedWith = sharedWith
        self.notices = notices.map { "\($0.createdAt.formatted(.iso8601)) \($0.kind.rawValue) \($0.detail ?? "")" }
    }
}

extension Hosting {
    /// The account's bots on this server, with everything of them that is their owner's.
    package func export(of account: AccountID) async throws -> [BotExport] {
        let rows = try await database.query(
            """
            \(BotRepository.columns) WHERE bots.server = \(server) AND bots.account_id = \(account)
            ORDER BY bots.created_at LIMIT 1000
            """
        )
        let told = try await notices.open(for: account, limit: 100)
        var exports: [BotExport] = []
        for bot in try rows.map(BotRepository.bot) {
            let shares = try await database.queryOne(
                "SELECT count(*) AS count FROM bot_shares WHERE bot_id = \(bot.id)"
            )
            exports.append(
                BotExport(
                    bot,
                    variables: try await variables.list(bot.id),
                    history: try await history.list(bot.id, before: nil, limit: 200, namesStaff: false),
                    automation: try await automation(of: bot.id),
                    sharedWith: try shares?.decode("count") ?? 0,
                    notices: told.filter { $0.bot == bot.id }
                )
            )
        }
        return exports
    }

    private func automation(of bot: BotID) async throws -> BotExport.Automation {
        let conduct = ConductRepository(database: database)
        let made = AutomationRepository(database: database)
        return BotExport.Automation(
            settings: try await conduct.settings(of: bot).settings,
            chats: try await conduct.chats(of: bot),
            rules: try await made.rules(of: bot).map {
                .init(match: $0.match.rawValue, pattern: $0.pattern, answer: $0.answer, chat: $0.chat, isOn: $0.isOn)
            },
            commands: try await made.commands(of: bot).map {
                .init(name: $0.name, summary: $0.summary, content: $0.content, isOn: $0.isOn)
            },
            plannedMessages: try await ScheduleRepository(database: database).list(bot).map { message in
                let cron: String? = if case .again(let cron) = message.when { cron.text } else { nil }
                return .init(chat: message.chat, text: message.text, cron: cron, nextAt: message.nextAt)
            }
        )
    }
}
