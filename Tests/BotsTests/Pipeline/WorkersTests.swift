import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport

@testable import Bots

/// A bot runs on one worker; another worker on the same database changes it.
struct WorkersTests {
    @Test func whatAnotherWorkerChangesReachesTheBotAtOnce() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let (bot, own) = (world.bot, world.phone.number)
            #expect(try await bob.hears(".ping", in: own).hasPrefix("Pong!"))
            // It has bots of its own, and knows nothing of this one's session.
            let services = CommandServices(
                hosting: world.hosting,
                registry: world.server.services.registry,
                http: world.server.http
            )
            let other = BotControl(services: services)
            try await other.changeConduct(of: bot.id, by: world.owner, version: nil) { $0.prefixes = ["#"] }
            try await eventually { world.store.live.known(bot.session)?.conduct.prefixes == ["#"] }
            #expect(try await bob.hears("#ping", in: own).hasPrefix("Pong!"))
            try await other.save(
                AutoReplyRule(match: .exact, pattern: "ahoy", answer: "Welcome on board"),
                of: bot.id,
                by: world.owner
            )
            try await eventually { world.store.live.known(bot.session)?.automation?.rules.isEmpty == false }
            #expect(try await bob.hears("ahoy", in: own) == "Welcome on board")
            var change = SwitchChange()
            change.commands = ["ping": false]
            _ = try await other.change(change, of: bot.id, by: world.owner)
            try await eventually {
                world.store.live.known(bot.session)?.conduct.settings.disabledCommands?.contains("ping") == true
            }
            #expect(try await bob.hears("#ping", in: own).contains("switched off"))
        }
    }

    @Test func whatWasMissedIsReadWhenTheConnectionIsBack() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
            // Nobody is told of it.
            let conduct = ConductRepository(database: world.server.database)
            _ = try await conduct.change(world.bot.id, at: Date()) { $0.prefixes = ["#"] }
            #expect(world.store.live.known(world.bot.session)?.conduct.prefixes == ["."])
            _ = try await world.server.database.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query IN ('LISTEN bots_changed', 'SELECT 1')
                    AND pid <> pg_backend_pid()
                """
            )
            try await eventually { world.store.live.known(world.bot.session)?.conduct.prefixes == ["#"] }
            #expect(try await bob.hears("#ping", in: world.phone.number).hasPrefix("Pong!"))
        }
    }
}
