import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

/// Strangers do not fill what the bot's owner needs.
struct ShareTests {
    @Test func filtersOfChatsLeaveRoomForTheBotsOwn() async throws {
        try await BotWorld.run { world in
            let ann = try await world.person("Ann")
            #expect(try await ann.hears(".filter tea | At 5.", in: world.phone.number).contains("administrators"))
            #expect(try await ann.hears(".stopfilter tea", in: world.phone.number).contains("administrators"))
            let group = try await world.group(of: [world.phone], by: ann)
            #expect(try await ann.hears(".filter tea | At 5.", in: group.jid).contains("answered here"))
            try await fill(20, of: world.bot.id, chat: group.jid)
            #expect(try await ann.hears(".filter cake | At 6.", in: group.jid) == "There are 20 already.")
            #expect(try await ann.hears(".filter tea | At 6.", in: group.jid).contains("answered here"))
            let other = try await world.group(of: [world.phone], by: ann, named: "Others")
            try await fill(60, of: world.bot.id, chat: "1@g.us")
            #expect(try await ann.hears(".filter cake | At 6.", in: other.jid).contains("the bot's administrators"))
            #expect(try await world.phone.hears(".filter cake | At 6.", in: other.jid).contains("answered here"))
        }
    }

    /// Makes rules of a chat until there are so many of all.
    private func fill(_ count: Int, of bot: BotID, chat: String) async throws {
        let server = try await BotServer.shared()
        let repository = AutomationRepository(database: server.database)
        while try await repository.rules(of: bot).count < count {
            var rule = AutoReplyRule(match: .contains, pattern: UUID().uuidString, answer: "x")
            rule.chat = chat
            try await repository.save(rule, of: bot, at: Date())
        }
    }

    @Test func privateChatsKeepFewNotesAndABotBoundedlyMany() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await bob.hears(".savenote a b", in: world.phone.number).contains("Kept"))
            try await copies(of: "a", NoteRepository.privateLimit - 1, world)
            #expect(try await bob.hears(".savenote b c", in: world.phone.number) == "There are 20 already.")
            #expect(try await bob.hears(".savenote a c", in: world.phone.number).contains("Kept"))
            try await world.server.database.execute(
                """
                INSERT INTO bot_notes (bot_id, chat, name, text, updated_at)
                SELECT \(world.bot.id), number || '@g.us', 'x', 'x', now()
                FROM generate_series(1, \(NoteRepository.botLimit)) AS number
                """
            )
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".savenote a b", in: group.jid) == "There are 2000 already.")
        }
    }

    private func copies(of name: String, _ count: Int, _ world: BotWorld) async throws {
        try await world.server.database.execute(
            """
            INSERT INTO bot_notes (bot_id, chat, name, text, updated_at)
            SELECT bot_id, chat, name || number, text, updated_at
            FROM bot_notes, generate_series(1, \(count)) AS number WHERE bot_id = \(world.bot.id) AND name = \(name)
            """
        )
    }

    @Test func remindersOfStrangersAreBoundedTogether() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            try await world.server.database.execute(
                """
                INSERT INTO bot_scheduled_messages (bot_id, id, chat, text, mention, next_at, created_by, created_at)
                SELECT \(world.bot.id), gen_random_uuid(), number || '@s.whatsapp.net', 'x', 'x', now() + interval '1 day',
                    number::text, now()
                FROM generate_series(1, 50) AS number
                """
            )
            #expect(
                try await bob.hears(".remind 10m Tea", in: world.phone.number).contains("Everybody together has 50")
            )
            #expect(try await world.phone.hears(".remind 10m Tea", in: bob.number).contains("remind you at"))
            #expect(try await world.phone.hears(".schedule 10m Tea", in: bob.number).contains("Planned"))
        }
    }

    @Test func shortLinksOfStrangersLeaveTheOwnerHalf() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await world.phone.hears(".short https://example.org/share", in: bob.number) == "share 1.0")
            for _ in 0..<20 { #expect(try await bob.hears(".short https://example.org/share", in: bot) == "share 0.5") }
            #expect(try await bob.hears(".short https://example.org/share", in: bot).contains("20 short links today"))
            let carol = try await world.person("Carol")
            #expect(try await carol.hears(".short https://example.org/share", in: bot) == "share 0.5")
        }
    }
}
