import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox

@testable import Bots

/// What the panel changes of a bot that runs.
struct RowChangeTests {
    @Test func aNameAPrefixAndVariablesHoldAtOnce() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let session = try await world.session()
            #expect(try await bob.hears(".alive", in: chat) == "Helper is here for you, Bob.")
            let change = { (name: String, prefix: String) in
                _ = try await world.hosting.configure(
                    world.bot.id,
                    name: name,
                    prefix: prefix,
                    phone: nil,
                    settings: world.bot.settings,
                    by: world.owner,
                    version: nil
                )
            }
            try await change("Robo", ".")
            try await eventually { try await bob.hears(".alive", in: chat) == "Robo is here for you, Bob." }
            try await change("Robo", "#")
            try await eventually { world.store.live.known(world.bot.session)?.conduct.prefixes == ["#"] }
            #expect(try await bob.hears("#uptime", in: chat).hasPrefix("Up for"))
            _ = try await world.hosting.setEnvironment(
                [VariableWish(name: "LANGUAGE", value: "id", isSecret: false)],
                of: world.bot.id,
                by: world.owner,
                version: nil
            )
            try await eventually { try await bob.hears("#uptime", in: chat).hasPrefix("Aktif selama") }
            #expect(try await world.session() === session)
        }
    }
}
