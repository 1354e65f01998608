import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

struct PipelineTests {
    @Test func aPhoneAsksAndSeesTheAnswer() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
            #expect(try await bob.hears(".P", in: world.phone.number).hasPrefix("Pong!"))
            let menu = try await bob.hears(".menu", in: world.phone.number)
            #expect(menu.contains("*General*"))
            #expect(menu.contains("ping"))
            #expect(try await bob.hears(".help ping", in: world.phone.number).contains("Also: p, speed"))
            #expect(try await bob.hears(".menu pnig", in: world.phone.number).contains("There is no command"))
            let group = try await world.group(of: [bob])
            #expect(try await bob.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            try await eventually { try await world.log().contains { $0.hasPrefix("ping by") && $0.contains("done") } }
        }
    }
}
