import Database
import Foundation
import WhatsAppWire

/// The rows of those who are away.
struct AwayRepository: Sendable {
    let database: Database

    func list(_ bot: BotID) async throws -> [AwayPerson] {
        try await database.query(
            """
            SELECT person, alternate, name, reason, since FROM bot_away WHERE bot_id = \(bot)
            ORDER BY since DESC LIMIT \(AwayPerson.limit)
            """
        ).compactMap { row in
            guard let jid = JID(try row.decode("person") as String) else { return nil }
            let alternate: String? = try row.decodeIfPresent("alternate")
            return AwayPerson(
                person: Person(jid, alternate: alternate.flatMap { JID($0) }),
                name: try row.decode("name"),
                reason: try row.decode("reason"),
                since: try row.decode("since")
            )
        }
    }

    /// Whoever was away longest makes room.
    func save(_ away: AwayPerson, of bot: BotID) async throws {
        try await database.withTransaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO bot_away (bot_id, person, alternate, name, reason, since)
                VALUES (
                    \(bot), \(away.person.jid.description), \(away.person.alternate?.description), \(away.name),
                    \(away.reason), \(away.since)
                )
                ON CONFLICT (bot_id, person) DO UPDATE SET
                    alternate = EXCLUDED.alternate, name = EXCLUDED.name, reason = EXCLUDED.reason, since = EXCLUDED.since
                """
            )
            try await transaction.execute(
                """
                DELETE FROM bot_away WHERE bot_id = \(bot) AND person IN (
                    SELECT person FROM bot_away WHERE bot_id = \(bot) ORDER BY since DESC OFFSET \(AwayPerson.limit)
                )
                """
            )
        }
    }

    func delete(_ person: Person, of bot: BotID) async throws {
        try await database.execute(
            "DELETE FROM bot_away WHERE bot_id = \(bot) AND person = \(person.jid.description)"
        )
    }
}
