import Accounts
import Database
import Fleet
import Foundation
import HTTPClient
import Testing
import WharfTestSupport

@testable import Bots

struct BotControlTests {
    /// Bots that do not run: what stands in the database is enough.
    private func run(_ body: (BotControl, HostingWorld) async throws -> Void) async throws {
        try await HostingWorld.run { world in
            let http = HTTPClient()
            let services = CommandServices(
                hosting: world.hosting,
                registry: try .builtIn(),
                http: http,
                time: world.clock.source
            )
            do {
                try await body(BotControl(services: services), world)
            } catch {
                await http.shutdown()
                throw error
            }
            await http.shutdown()
        }
    }

    @Test func aSwitchWinsOverItsCategory() async throws {
        try await run { control, world in
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            var change = SwitchChange()
            change.categories[.general] = false
            change.commands["ping"] = true
            _ = try await control.change(change, of: bot.id, by: ada)
            let switches = try await control.switches(of: bot.id, for: ada)
            let general = try #require(switches.categories.first { $0.category == .general })
            #expect(!general.isOn)
            #expect(general.commands.filter(\.isOn).map(\.declaration.name) == ["ping"])
            // Off and on again: nothing is left of it.
            var back = SwitchChange()
            back.categories[.general] = true
            back.commands["ping"] = true
            _ = try await control.change(back, of: bot.id, by: ada)
            let settings = try await control.conduct(of: bot.id, for: ada).settings
            #expect(settings == ConductSettings())
        }
    }

    @Test func strangersFindNothingAndMembersChangeNothing() async throws {
        try await run { control, world in
            let (ada, bob, eve) = (
                try await world.person("ada"), try await world.person("bob"), try await world.person("eve")
            )
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            try await world.join(bob, teamOf: ada)
            try await world.database.execute(
                """
                INSERT INTO bot_shares (bot_id, account_id, may_operate, created_at)
                VALUES (\(bot.id), \(bob.account), false, now())
                """
            )
            await #expect(throws: HostingError.unknownBot) { try await control.switches(of: bot.id, for: eve) }
            await #expect(throws: HostingError.unknownBot) {
                try await control.statistics(of: bot.id, span: .day, for: eve)
            }
            _ = try await control.switches(of: bot.id, for: bob)
            await #expect(throws: HostingError.notAllowed) { try await control.conduct(of: bot.id, for: bob) }
            await #expect(throws: HostingError.notAllowed) {
                try await control.resetWarnings(of: "1@lid", in: "2@g.us", bot: bot.id, by: bob)
            }
            await #expect(throws: HostingError.notAllowed) {
                try await control.changeConduct(of: bot.id, by: bob, version: nil) { $0.mode = .groups }
            }
        }
    }

    @Test func twoPeopleDoNotOverwriteEachOther() async throws {
        try await run { control, world in
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            let seen = try await control.conduct(of: bot.id, for: ada).version
            try await control.changeConduct(of: bot.id, by: ada, version: seen) { $0.mode = .groups }
            await #expect(throws: HostingError.changedMeanwhile) {
                try await control.changeConduct(of: bot.id, by: ada, version: seen) { $0.mode = .inbox }
            }
            #expect(try await control.conduct(of: bot.id, for: ada).settings.mode == .groups)
        }
    }

    @Test(arguments: ["👍", "❤️", "🏳️‍🌈"])
    func anEmojiIsOne(text: String) {
        #expect(EmojiText.isOne(text))
    }

    @Test(arguments: ["", "a", "1", "👍👍", "#"])
    func whatIsNoEmojiIsNone(text: String) {
        #expect(!EmojiText.isOne(text))
    }
}
