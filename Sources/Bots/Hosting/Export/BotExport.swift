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
    let sharedWith: Int
    let notices: [String]

    init(
        _ bot: Bot,
        variables: [BotVariable],
        history: [HistoryEntry],
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
            Event(at: $0.at, kind: $0.kind.rawValue, detail: $0.detail, actor: $0.actor)
        }
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
                    sharedWith: try shares?.decode("count") ?? 0,
                    notices: told.filter { $0.bot == bot.id }
                )
            )
        }
        return exports
    }
}
