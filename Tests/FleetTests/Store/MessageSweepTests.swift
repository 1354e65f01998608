import Database
import Foundation
import Testing
import WhatsApp

@testable import Fleet

struct MessageSweepTests {
    private static let chat = "15550001111@s.whatsapp.net"
    private static let now = Date(timeIntervalSince1970: 1_800_100_000)

    private func message(
        _ id: String,
        chat: String = Self.chat,
        ageInHours: Double = 0,
        endsInHours: Double? = nil
    ) -> StoredMessage {
        var message = StoredMessage.test(id, chat: chat)
        message.timestamp = Self.now.addingTimeInterval(-ageInHours * 3_600)
        message.expiresAt = endsInHours.map { Self.now.addingTimeInterval($0 * 3_600) }
        return message
    }

    private func ids(_ world: StoreWorld) async throws -> [String] {
        try await world.database.query("SELECT id FROM messages ORDER BY id").map { try $0.decode("id") }
    }

    private func sweep(_ world: StoreWorld, server: String = "main") -> MessageSweep {
        MessageSweep(database: world.database, server: server)
    }

    @Test func whatHasDisappearedGoesAndWhatIsKeptStays() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(
                .of {
                    $0.messages = [
                        message("A", endsInHours: -1), message("B", endsInHours: 1), message("C"),
                        message("D", endsInHours: -1),
                    ]
                    // Comes with the message that it is about.
                    $0.marks = [MessageMark(chat: Self.chat, id: "D", isKept: true)]
                }
            )
            #expect(try await store.message(chat: Self.chat, id: "B")?.expiresAt == Self.now.addingTimeInterval(3_600))
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world) == ["B", "C", "D"])
            _ = try await store.commit(.of { $0.marks = [MessageMark(chat: Self.chat, id: "D", isKept: false)] })
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world) == ["B", "C"])
            let end = Self.now.addingTimeInterval(-1)
            _ = try await store.commit(.of { $0.marks = [MessageMark(chat: Self.chat, id: "C", expiresAt: end)] })
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world) == ["B"])
        }
    }

    @Test func nobodyReadsWhatHasDisappearedBeforeItIsRemoved() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            var past = message("A")
            past.expiresAt = Date(timeIntervalSinceNow: -1)
            _ = try await store.commit(.of { $0.messages = [past] })
            #expect(try await store.message(chat: Self.chat, id: "A") == nil)
            _ = try await store.commit(.of { $0.marks = [MessageMark(chat: Self.chat, id: "A", isKept: true)] })
            #expect(try await store.message(chat: Self.chat, id: "A") != nil)
        }
    }

    @Test func aClearedChatLosesWhatItsRangeSays() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let other = try await world.makeStore("two")
            _ = try await other.commit(.of { $0.messages = [message("Z", ageInHours: 9)] })
            _ = try await store.commit(
                .of {
                    $0.messages = [
                        message("A", ageInHours: 3), message("B", ageInHours: 2), message("C", ageInHours: 1),
                        message("D", chat: "other@g.us", ageInHours: 3),
                    ]
                    $0.marks = [MessageMark(chat: Self.chat, id: "A", isFromMe: false, isStarred: true)]
                }
            )
            let limit = Self.now.addingTimeInterval(-1.5 * 3_600)
            _ = try await store.commit(
                .of { $0.removals = [.chat(Self.chat, before: limit, keepsStarred: true)] }
            )
            // Hidden at once.
            #expect(try await store.message(chat: Self.chat, id: "B") == nil)
            #expect(try await store.message(chat: Self.chat, id: "A") != nil)
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world) == ["A", "C", "D", "Z"])
            _ = try await store.commit(
                .of { $0.removals = [.chat(Self.chat, before: limit, keepsStarred: false)] }
            )
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world) == ["C", "D", "Z"])
            let left: Int = try #require(
                try await world.database.queryOne("SELECT count(*) AS count FROM message_clearances")
            ).decode("count")
            #expect(left == 0)
        }
    }

    @Test func oneMessageGoesAlone() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(.of { $0.messages = [message("A"), message("B")] })
            _ = try await store.commit(
                .of {
                    $0.removals = [
                        .message(chat: Self.chat, id: "A", isFromMe: false),
                        // Not the account's own.
                        .message(chat: Self.chat, id: "B", isFromMe: true),
                    ]
                }
            )
            #expect(try await ids(world) == ["B"])
        }
    }

    @Test func whatIsTooOldGoesWithThisServersSessionsAlone() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let elsewhere = try await world.makeSession("elsewhere")
            let other = try await world.open(elsewhere)
            try await world.database.execute("UPDATE sessions SET server = 'other' WHERE id = \(elsewhere)")
            _ = try await other.commit(.of { $0.messages = [message("Z", ageInHours: 9)] })
            _ = try await store.commit(
                .of {
                    $0.messages = [
                        message("A", ageInHours: 9), message("B", ageInHours: 9), message("C", ageInHours: 1),
                    ]
                    $0.marks = [MessageMark(chat: Self.chat, id: "B", isStarred: true)]
                }
            )
            let limit = Self.now.addingTimeInterval(-5 * 3_600)
            #expect(try await sweep(world).removeWritten(before: limit))
            #expect(try await ids(world) == ["B", "C", "Z"])
        }
    }

    /// More than one statement takes, and the indexes serve for it.
    @Test func manyGoLittleByLittle() async throws {
        try await StoreWorld.run { world in
            let session = try await world.makeSession()
            try await world.database.execute(
                """
                INSERT INTO messages (session_id, chat, id, sender, is_from_me, sent_at, kind, content, is_history, expires_at)
                SELECT \(session), 'a@g.us', n::text, 'b', false, \(Self.now) - n * interval '1 second', 'text', '', false,
                    \(Self.now)
                FROM generate_series(1, 2500) AS n
                """
            )
            #expect(try await sweep(world).removeWritten(before: Self.now.addingTimeInterval(-1_000)))
            #expect(try await ids(world).count == 1_000)
            #expect(try await sweep(world).removeEnded(at: Self.now))
            #expect(try await ids(world).isEmpty)
        }
    }

    @Test func oneWorkerSweepsAtATime() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(.of { $0.messages = [message("A", endsInHours: -1)] })
            try await world.database.withTransaction { transaction in
                try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended('wharf.messages', 0))")
                _ = try await sweep(world).removeEnded(at: Self.now)
                let count = try await ids(world).count
                #expect(count == 1)
            }
            _ = try await sweep(world).removeEnded(at: Self.now)
            #expect(try await ids(world).isEmpty)
        }
    }
}
