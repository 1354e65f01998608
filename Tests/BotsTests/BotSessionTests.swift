import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

struct BotSessionTests {
    @Test func fromANewBotToItsEndAndBack() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
                // A new bot may be linked, and does not run.
                try await world.link(bot, by: ada)
                try await world.wait(for: .stopped, of: bot)
                try await hosting.ear.flush()
                #expect(try await hosting.find(bot.id, for: ada).bot.link.value == .linked)
                await #expect(throws: HostingError.alreadyLinked) {
                    try await hosting.link(bot.id, phone: nil, by: ada)
                }
                // Nor by the back door.
                try await hosting.scheduler.start(bot.session)
                try await eventually { await hosting.session(of: bot)?.reason == "new" }
                #expect(await hosting.session(of: bot)?.isWanted == false)

                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.wait(for: .working, of: bot)
                try await hosting.ear.flush()
                #expect(try await hosting.find(bot.id, for: ada).bot.run.value == .running)

                world.clock.advance(days: 31)
                try await world.service.check()
                try await world.wait(for: .stopped, of: bot)
                await #expect(throws: HostingError.wrongApproval(.expired)) { try await hosting.start(bot.id, by: ada) }

                _ = try await hosting.renew(bot.id, for: .oneMonth, by: root)
                try await world.wait(for: .working, of: bot)

                _ = try await hosting.stop(bot.id, by: ada)
                try await world.wait(for: .stopped, of: bot)
                try await world.service.check()
                #expect(await hosting.session(of: bot)?.isWanted == false)
                _ = try await hosting.start(bot.id, by: ada)
                try await world.wait(for: .working, of: bot)
                try await hosting.delete(bot.id, confirmation: "Helper", by: ada)
                #expect(await hosting.session(of: bot) == nil)
                #expect(try await world.count("sessions") == 0)
            }
        }
    }

    @Test func usageIsMeasuredAndLimitsHold() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root", isAdministrator: true)
            try await hosting.plans.create(Plan(id: "few", name: "Few", approves: true, messagesPerDay: 2))
            try await hosting.plans.subscribe(root.account, to: "few", until: nil, at: world.clock.now)
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: root)
                try await world.link(bot, by: root)
                try await world.wait(for: .working, of: bot)
                try await world.service.measure()
                // Counted are those of one connection; a session that had to connect anew begins at zero.
                try await eventually {
                    try await world.sandbox.act(.text("Hello"), at: "15550002222", in: HostingWorld.number)
                    try await world.service.measure()
                    return try await hosting.find(bot.id, for: root).bot.hold != nil
                }
                let points = try await hosting.usage(of: bot.id, span: .hour, for: root)
                #expect(points.count == 60)
                #expect(points.last?.sample.received ?? 0 >= 2)
                #expect(points.last?.sample.bytesIn ?? 0 > 0)
                #expect(points.last?.sample.processorTime ?? .zero > .zero)
                try await world.wait(for: .stopped, of: bot)
                let held = try await hosting.find(bot.id, for: root).bot
                #expect(held.hold?.limit == .messages)
                #expect(try await hosting.notices.open(for: root.account).map(\.kind) == [.held])
                await #expect(throws: HostingError.mayNotRun("messages")) {
                    try await hosting.start(bot.id, by: root)
                }
                // The next day it goes on.
                world.clock.advance(days: 1)
                try await world.service.check()
                try await world.wait(for: .working, of: bot)
                try await world.service.sweep()
                #expect(try await hosting.find(bot.id, for: root).bot.storage > 0)
            }
        }
    }

    @Test func aBotIsDeployedAnewAndByCode() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root", isAdministrator: true)
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: root)
                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.link(bot, by: root)
                try await world.wait(for: .working, of: bot)
                _ = try await hosting.redeploy(bot.id, by: root)
                #expect(try await world.sandbox.phone(HostingWorld.number).devices.isEmpty)
                await #expect(throws: HostingError.phoneMissing) {
                    try await hosting.pairingCode(of: bot.id, isFresh: false, by: root)
                }
                _ = try await hosting.configure(
                    bot.id,
                    name: "Helper",
                    prefix: ".",
                    phone: "+\(HostingWorld.number)",
                    settings: BotSettings(),
                    by: root,
                    version: nil
                )
                let code = try await hosting.pairingCode(of: bot.id, isFresh: false, by: root).code
                #expect(code.count == 8)
                try await world.sandbox.enterCode(code, at: HostingWorld.number)
                try await world.wait(for: .working, of: bot)
            }
        }
    }

    @Test func anAccountThatIsGoneLeavesNoBot() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            _ = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            try await world.database.execute("DELETE FROM accounts WHERE id = \(ada.account)")
            try await world.service.sweep()
            #expect(try await world.count("bots") == 0)
            #expect(try await world.count("sessions") == 0)
            // A session that never got a bot goes at the second look.
            _ = try await world.hosting.scheduler.create("bot-nobodys")
            try await world.service.sweep()
            #expect(try await world.count("sessions") == 1)
            try await world.service.sweep()
            #expect(try await world.count("sessions") == 0)
        }
    }
}
