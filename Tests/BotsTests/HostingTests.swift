import Accounts
import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport
import WhatsApp

@testable import Bots

struct HostingTests {
    @Test func aNewBotWaitsToBeApproved() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "  Helper "), by: ada)
            #expect(bot.name == "Helper")
            #expect(bot.approval.value == .new)
            await #expect(throws: HostingError.wrongApproval(.new)) { try await world.hosting.start(bot.id, by: ada) }
            let page = try await world.hosting.list(BotQuery(), for: ada)
            #expect(page.bots.map(\.bot.id) == [bot.id])
            #expect(try await world.hosting.counts() == [.new: 1])
            #expect(try await world.hosting.history(of: bot.id, for: ada).map(\.kind) == [.created])
        }
    }

    @Test func somebodyElsesBotDoesNotExist() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let (ada, eve) = (try await world.person("ada"), try await world.person("eve"))
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            await #expect(throws: HostingError.unknownBot) { try await hosting.find(bot.id, for: eve) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.stop(bot.id, by: eve) }
            await #expect(throws: HostingError.unknownBot) {
                try await hosting.delete(bot.id, confirmation: nil, by: eve)
            }
            await #expect(throws: HostingError.unknownBot) { try await hosting.log(of: bot.id, LogQuery(), for: eve) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.environment(of: bot.id, for: eve) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.usage(of: bot.id, span: .day, for: eve) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.accept(bot.id, by: eve) }
            await #expect(throws: HostingError.notAllowed) {
                try await hosting.approve(bot.id, for: .oneMonth, by: ada)
            }
            #expect(try await hosting.list(BotQuery(), for: eve, all: true).total == 0)
        }
    }

    @Test func aServerSeesItsOwnBotsAlone() async throws {
        try await HostingWorld.run(server: "one") { one in
            try await HostingWorld.run(on: one.database, server: "two") { two in
                let root = try await one.person("root", isAdministrator: true)
                let bot = try await one.hosting.create(NewBot(name: "Helper"), by: root)
                #expect(try await two.hosting.list(BotQuery(), for: root, all: true).total == 0)
                await #expect(throws: HostingError.unknownBot) {
                    try await two.hosting.approve(bot.id, for: .oneMonth, by: root)
                }
                #expect(try await two.hosting.counts() == [:])
                #expect(try await one.hosting.list(BotQuery(), for: root, all: true).total == 1)
                // Its sessions neither: they are not brought up over there.
                try await two.whileRunning {
                    #expect(await two.hosting.scheduler.all().isEmpty)
                }
            }
        }
    }

    @Test func thePlanLimitsBotsAlsoAtOnce() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        (try? await world.hosting.create(NewBot(name: "Bot \(number)"), by: ada)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 3)
            #expect(try await world.count("bots") == 3)
            #expect(try await world.count("sessions") == 3)
            await #expect(throws: HostingError.limitReached(.bots, 3)) {
                try await world.hosting.create(NewBot(name: "One more"), by: ada)
            }
        }
    }

    @Test func aPlanMayApproveByItself() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            try await world.hosting.plans.subscribe(ada.account, to: "plus", until: nil, at: world.clock.now)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            #expect(bot.approval == Bot.Axis(.approved, at: world.clock.now, cause: "plan"))
            #expect(bot.expiresAt == world.clock.now.addingTimeInterval(30 * 86_400))
            // A subscription that has ended is none.
            try await world.hosting.plans.subscribe(
                ada.account,
                to: "plus",
                until: world.clock.now,
                at: world.clock.now
            )
            #expect(try await world.hosting.planUse(of: ada.account).plan.id == "standard")
        }
    }

    @Test func twoApprovalsAtOnceAreOne() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: root)
            let approved = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask { (try? await world.hosting.approve(bot.id, for: .oneMonth, by: root)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(approved == 1)
            let after = try await world.hosting.find(bot.id, for: root).bot
            #expect(after.expiresAt == world.clock.now.addingTimeInterval(30 * 86_400))
            // A form that is sent twice renews once: the second saw another version.
            let renewed = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        (try? await world.hosting.renew(bot.id, for: .oneMonth, by: root, version: after.version))
                            != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(renewed == 1)
            #expect(
                try await world.hosting.find(bot.id, for: root).bot.expiresAt
                    == world.clock.now.addingTimeInterval(60 * 86_400)
            )
        }
    }

    @Test func approvingWhileDeletingLeavesNothingBehind() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            for _ in 0..<5 {
                let bot = try await world.hosting.create(NewBot(name: "Helper"), by: root)
                async let approval = try? world.hosting.approve(bot.id, for: .oneMonth, by: root)
                async let deletion: Void = world.hosting.delete(bot.id, confirmation: "Helper", by: root)
                _ = await approval
                try await deletion
                #expect(try await world.count("bots") == 0)
                #expect(try await world.count("sessions") == 0)
            }
        }
    }

    @Test func deletionNeedsTheName() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            await #expect(throws: HostingError.wrongConfirmation) {
                try await world.hosting.delete(bot.id, confirmation: "helper", by: ada)
            }
            try await world.hosting.delete(bot.id, confirmation: "Helper", by: ada)
            await #expect(throws: HostingError.unknownBot) { try await world.hosting.find(bot.id, for: ada) }
            #expect(try await world.count("bot_statistics WHERE kind = 'deleted'") == 1)
        }
    }

    @Test func secretsAreSealedAndNeverListed() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            var wanted = NewBot(name: "Helper")
            wanted.environment = [
                try VariableWish(name: "MODE", value: "private", isSecret: false),
                try VariableWish(name: "OPENAI_API_KEY", value: "sk-very-secret", isSecret: false),
            ]
            let bot = try await hosting.create(wanted, by: ada)
            let listed = try await hosting.environment(of: bot.id, for: ada)
            #expect(listed.map(\.name) == ["MODE", "OPENAI_API_KEY"])
            #expect(listed.map(\.value) == ["private", nil])
            #expect(
                try await hosting.revealedEnvironment(of: bot) == [
                    "MODE": "private", "OPENAI_API_KEY": "sk-very-secret",
                ]
            )
            let stored = try await world.database.query("SELECT sealed FROM bot_environment WHERE sealed IS NOT NULL")
            let sealed: [UInt8] = try #require(stored.first).decode("sealed")
            #expect(!String(decoding: sealed, as: UTF8.self).contains("secret"))

            // A secret that is not typed again stays; what is left out goes.
            let diff = try await hosting.setEnvironment(
                [
                    VariableWish(name: "OPENAI_API_KEY", value: nil, isSecret: true),
                    VariableWish(name: "LANGUAGE", value: "id", isSecret: false),
                ],
                of: bot.id,
                by: ada,
                version: 1
            )
            #expect(diff.text == "+LANGUAGE -MODE")
            #expect(try await hosting.revealedEnvironment(of: bot)["OPENAI_API_KEY"] == "sk-very-secret")
            await #expect(throws: HostingError.changedMeanwhile) {
                try await hosting.setEnvironment([], of: bot.id, by: ada, version: 1)
            }
            let entry = try #require(try await hosting.history(of: bot.id, for: ada).first)
            #expect(entry.kind == .environment)
            #expect(entry.detail == HistoryDetail(.variables, "+LANGUAGE -MODE"))
        }
    }

    @Test func sharedBotsAreSeenAndOperatedAsAgreed() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
            try await world.join(bob, teamOf: ada)
            try await hosting.share(bot.id, with: bob.account, mayOperate: false, by: ada)
            #expect(try await hosting.find(bot.id, for: bob).access == .view)
            #expect(try await hosting.list(BotQuery(), for: bob).bots.map(\.access) == [.view])
            await #expect(throws: HostingError.notAllowed) { try await hosting.stop(bot.id, by: bob) }
            try await hosting.share(bot.id, with: bob.account, mayOperate: true, by: ada)
            #expect(try await hosting.stop(bot.id, by: bob).desired.value == false)
            await #expect(throws: HostingError.notAllowed) {
                try await hosting.delete(bot.id, confirmation: nil, by: bob)
            }
            await #expect(throws: HostingError.notAllowed) {
                try await hosting.share(bot.id, with: root.account, mayOperate: true, by: bob)
            }
            try await hosting.unshare(bot.id, with: bob.account, by: ada)
            await #expect(throws: HostingError.unknownBot) { try await hosting.find(bot.id, for: bob) }
        }
    }

    @Test func aTransferNeedsToBeAccepted() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let (ada, bob, eve) = (
                try await world.person("ada"), try await world.person("bob"), try await world.person("eve")
            )
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            try await world.offer(bot, to: bob, by: ada)
            #expect(try await hosting.offers(to: bob.account).map(\.botName) == ["Helper"])
            await #expect(throws: HostingError.unknownBot) { try await hosting.accept(bot.id, by: eve) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.endTransfer(bot.id, by: eve) }
            try await hosting.accept(bot.id, by: bob)
            #expect(try await hosting.find(bot.id, for: bob).bot.account == bob.account)
            await #expect(throws: HostingError.unknownBot) { try await hosting.find(bot.id, for: ada) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.accept(bot.id, by: bob) }
            #expect(try await hosting.notices.open(for: ada.account).map(\.kind) == [.transferred])
        }
    }

    @Test func listsAreSearchedAndSorted() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            try await world.hosting.plans.subscribe(root.account, to: "unlimited", until: nil, at: world.clock.now)
            for name in ["100% fun", "Alpha", "beta_x"] {
                _ = try await world.hosting.create(NewBot(name: name), by: root)
            }
            var query = BotQuery()
            query.order = .name
            #expect(try await world.names(query, root) == ["100% fun", "Alpha", "beta_x"])
            query.isReversed = true
            #expect(try await world.names(query, root) == ["beta_x", "Alpha", "100% fun"])
            query.text = "%"
            #expect(try await world.names(query, root) == ["100% fun"])
            query.text = "_"
            #expect(try await world.names(query, root) == ["beta_x"])
            query.text = "'; DROP TABLE bots; --"
            #expect(try await world.names(query, root).isEmpty)
            // Administrators look for owners too, others do not.
            let ada = try await world.person("ada")
            _ = try await world.hosting.create(NewBot(name: "Hers"), by: ada)
            query.text = "ada@example"
            #expect(try await world.hosting.list(query, for: root, all: true).bots.map(\.bot.name) == ["Hers"])
            #expect(try await world.hosting.list(query, for: ada).bots.isEmpty)
            query.text = nil
            query.approval = .expired
            #expect(try await world.names(query, root).isEmpty)
            query.approval = .approved
            query.page = 7
            #expect(try await world.names(query, root).isEmpty)
        }
    }

    @Test func plansAreChangedByOneAtATime() async throws {
        try await HostingWorld.run { world in
            let plans = world.hosting.plans
            try await plans.create(Plan(id: "tiny", name: "Tiny", bots: 1))
            await #expect(throws: HostingError.invalidPlan(field: "id")) {
                try await plans.create(Plan(id: "tiny", name: "Again"))
            }
            await #expect(throws: HostingError.invalidPlan(field: "id")) {
                try await plans.create(Plan(id: "A b", name: "Bad"))
            }
            var tiny = try #require(try await plans.find("tiny"))
            tiny.bots = 2
            try await plans.update(tiny)
            await #expect(throws: HostingError.changedMeanwhile) { try await plans.update(tiny) }
            let ada = try await world.person("ada")
            try await plans.subscribe(ada.account, to: "tiny", until: nil, at: world.clock.now)
            await #expect(throws: HostingError.planInUse) { try await plans.delete("tiny") }
            await #expect(throws: HostingError.planInUse) { try await plans.delete("standard") }
            await #expect(throws: HostingError.unknownPlan) {
                try await plans.subscribe(ada.account, to: "none", until: nil, at: world.clock.now)
            }
        }
    }
}

extension HostingWorld {
    fileprivate func names(_ query: BotQuery, _ caller: BotCaller) async throws -> [String] {
        try await hosting.list(query, for: caller, all: true).bots.map(\.bot.name)
    }
}
