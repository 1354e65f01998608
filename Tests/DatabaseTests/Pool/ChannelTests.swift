import Database
import Synchronization
import Testing
import WharfTestSupport

struct ChannelTests {
    private static let channel = DatabaseChannel("harbour_news")

    /// Gives the notices of a listener, which ends with the closure.
    private func whileListening(
        _ database: Database,
        failingAt failure: String? = nil,
        _ body: (inout AsyncStream<ChannelNotice>.AsyncIterator) async throws -> Void
    ) async throws {
        struct Broken: Error {}
        let (notices, continuation) = AsyncStream.makeStream(of: ChannelNotice.self)
        let listening = Task {
            await database.listen(on: Self.channel) { notice in
                if let failure, notice == .told([failure]) { throw Broken() }
                continuation.yield(notice)
            }
            continuation.finish()
        }
        var heard = notices.makeAsyncIterator()
        do {
            #expect(await heard.next() == .begun)
            try await body(&heard)
        } catch {
            listening.cancel()
            throw error
        }
        listening.cancel()
        while await heard.next() != nil {}
        await listening.value
    }

    @Test func whoListensHearsWhatIsTold() async throws {
        try await withTestDatabase { database in
            try await whileListening(database) { heard in
                try await database.tell("ship 'one'", on: Self.channel)
                #expect(await heard.next() == .told(["ship 'one'"]))
                try await database.tell("elsewhere", on: DatabaseChannel("other_news"))
                try await database.tell("ship two", on: Self.channel)
                #expect(await heard.next() == .told(["ship two"]))
            }
        }
    }

    @Test func aLostConnectionBeginsAnew() async throws {
        try await withTestDatabase { database in
            try await whileListening(database) { heard in
                _ = try await database.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%'
                    """
                )
                #expect(await heard.next() == .begun)
                try await database.tell("ship", on: Self.channel)
                #expect(await heard.next() == .told(["ship"]))
            }
        }
    }

    @Test func whoFailsBeginsAnew() async throws {
        try await withTestDatabase { database in
            try await whileListening(database, failingAt: "reef") { heard in
                try await database.tell("reef", on: Self.channel)
                #expect(await heard.next() == .begun)
            }
        }
    }
}
