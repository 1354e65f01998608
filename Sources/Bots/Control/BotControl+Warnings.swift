import Database
import Fleet
package import Foundation
import WhatsApp
import WhatsAppWire

/// The warnings of one member of a group.
package struct ShownWarnings: Sendable, Equatable {
    package let chat: String
    package let person: String
    package let count: Int
    package let lastReason: String?
    package let lastAt: Date
}

extension BotControl {
    private static let warningLimit = 500

    /// Who has been warned, the latest first.
    package func warnings(of id: BotID, for caller: BotCaller) async throws -> [ShownWarnings] {
        _ = try await hosting.find(id, for: caller)
        return try await database.query(
            """
            SELECT chat, person, count(*) AS count, max(at) AS last_at,
                (array_agg(reason ORDER BY at DESC))[1] AS last_reason
            FROM bot_warnings WHERE bot_id = \(id)
            GROUP BY chat, person ORDER BY max(at) DESC, chat, person LIMIT \(Self.warningLimit)
            """
        ).map { row in
            ShownWarnings(
                chat: try row.decode("chat"),
                person: try row.decode("person"),
                count: try row.decode("count"),
                lastReason: try row.decodeIfPresent("last_reason"),
                lastAt: try row.decode("last_at")
            )
        }
    }

    /// Takes somebody's warnings back; false where there are none.
    @discardableResult
    package func resetWarnings(of person: String, in chat: String, bot id: BotID, by caller: BotCaller) async throws
        -> Bool
    {
        _ = try await hosting.find(id, for: caller, atLeast: .operate)
        let count = try await database.execute(
            "DELETE FROM bot_warnings WHERE bot_id = \(id) AND chat = \(chat) AND person = \(person)"
        )
        guard count > 0 else { return false }
        let who = JID(person)?.redacted ?? "somebody"
        try await note(HistoryDetail(.warningsTakenBack, who), of: id, by: caller)
        return true
    }

    // MARK: Names

    /// The groups that the bot is in, by JID; empty while it does not run.
    package func groups(of id: BotID, for caller: BotCaller) async throws -> [String: String] {
        let (bot, _) = try await hosting.find(id, for: caller)
        guard let session = try? await hosting.scheduler.running(bot.session),
            let groups = try? await session.participatingGroups()
        else { return [:] }
        return Dictionary(groups.map { ($0.jid.description, $0.subject) }) { first, _ in first }
    }
}
