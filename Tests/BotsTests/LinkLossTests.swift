import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox

@testable import Bots

struct LinkLossTests {
    @Test func whoeverLosesThePhoneIsTold() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.link(bot, by: ada)
                try await world.wait(for: .working, of: bot)
                try await hosting.ear.flush()
                #expect(try await hosting.history(of: bot.id, for: ada).map(\.kind).contains(.linked))
                try await world.sandbox.unlink(of: HostingWorld.number)
                try await eventually {
                    try await hosting.ear.flush()
                    return try await hosting.notices.open(for: ada.account).contains { $0.kind == .linkLost }
                }
                #expect(try await hosting.history(of: bot.id, for: ada).first?.kind == .linkLost)
                try await world.service.check()
                #expect(world.mail.notices.map(\.kind).contains(.linkLost))
                // Once is enough.
                try await hosting.ear.flush()
                #expect(try await world.count("bot_notices WHERE kind = 'link_lost'") == 1)
                try await world.link(bot, by: ada)
                try await eventually {
                    try await hosting.ear.flush()
                    return try await hosting.notices.open(for: ada.account).allSatisfy { $0.kind != .linkLost }
                }
            }
        }
    }

    @Test func aDeletedAccountsBotIsStoppedAndWipedAtOnce() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.link(bot, by: ada)
                try await world.wait(for: .working, of: bot)
                try await world.database.execute("DELETE FROM accounts WHERE id = \(ada.account)")
                try await hosting.settleBots(of: ada.account)
                #expect(await hosting.session(of: bot) == nil)
                #expect(try await world.count("bots") == 0)
                #expect(try await world.count("sessions") == 0)
                #expect(try await world.sandbox.phone(HostingWorld.number).devices.isEmpty)
                // It counts as gone, and as one that had been let run.
                let counted = try await hosting.deployments(since: .distantPast, by: root)
                #expect(counted.filter { ["deleted", "churned"].contains($0.kind) }.map(\.count) == [1, 1])
            }
        }
    }
}
