import Accounts
import Database
import Fleet
import Foundation
import HTTPClient
import Testing
import WharfTestSupport

@testable import Bots

struct StatisticsTests {
    private func run(_ body: (BotControl, BotID, BotCaller, HostingWorld) async throws -> Void) async throws {
        try await HostingWorld.run { world in
            let http = HTTPClient()
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            let services = CommandServices(
                hosting: world.hosting,
                registry: try .builtIn(),
                http: http,
                time: world.clock.source
            )
            do {
                try await body(BotControl(services: services), bot.id, ada, world)
            } catch {
                await http.shutdown()
                throw error
            }
            await http.shutdown()
        }
    }

    /// Counts are kept by the hour; the hour in which the day begins is of the day.
    @Test func whatIsNotYetADayOldIsOfTheDay() async throws {
        try await run { control, bot, ada, world in
            let counts = CommandStatistics(database: world.database)
            // Half past; the clock stands at the full hour at first.
            world.clock.advance(days: 0.5 / 24)
            counts.count("ping", isError: false, .milliseconds(3), by: "bob", of: bot, at: world.clock.now)
            try await counts.flush()
            world.clock.advance(days: 23.75 / 24)
            let day = try await control.statistics(of: bot, span: .day, for: ada)
            #expect(day.commands.map(\.name) == ["ping"])
            #expect(day.users.map(\.person) == ["bob"])
            world.clock.advance(days: 2 / 24.0)
            #expect(try await control.statistics(of: bot, span: .day, for: ada).runs == 0)
            #expect(try await control.statistics(of: bot, span: .week, for: ada).runs == 1)
        }
    }

    @Test func whatCannotBeWrittenIsCountedLater() async throws {
        try await run { control, bot, ada, world in
            let counts = CommandStatistics(database: world.database)
            for isError in [true, false] {
                counts.count("ping", isError: isError, .milliseconds(3), by: "bob", of: bot, at: world.clock.now)
            }
            try await world.database.execute("ALTER TABLE bot_command_users RENAME TO elsewhere")
            await #expect(throws: DatabaseError.self) { try await counts.flush() }
            counts.count("ping", isError: false, .milliseconds(3), by: "bob", of: bot, at: world.clock.now)
            try await world.database.execute("ALTER TABLE elsewhere RENAME TO bot_command_users")
            try await counts.flush()
            let shown = try await control.statistics(of: bot, span: .day, for: ada)
            #expect(shown.runs == 3)
            #expect(shown.errors == 1)
            #expect(shown.users == [ShownStatistics.User(person: "bob", runs: 3)])
        }
    }

    @Test func countsAreKeptForTheLongestSpanAndRemovedLater() async throws {
        try await run { control, bot, ada, world in
            let counts = CommandStatistics(database: world.database)
            counts.count("ping", isError: false, .milliseconds(3), by: "bob", of: bot, at: world.clock.now)
            try await counts.flush()
            world.clock.advance(days: 29)
            try await counts.sweep(at: world.clock.now)
            #expect(try await control.statistics(of: bot, span: .month, for: ada).runs == 1)
            world.clock.advance(days: 13)
            counts.count("menu", isError: false, .milliseconds(3), by: "eve", of: bot, at: world.clock.now)
            try await counts.flush()
            try await counts.sweep(at: world.clock.now)
            #expect(try await world.count("bot_command_use") == 1)
            #expect(try await world.count("bot_command_users") == 1)
        }
    }
}
