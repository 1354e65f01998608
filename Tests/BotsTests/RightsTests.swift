import Accounts
import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport

@testable import Bots

/// Who may what with a bot, and what a plan has room for.
struct RightsTests {
    @Test func whoeverLeavesTheTeamLosesWhatWasShared() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            await #expect(throws: HostingError.notInTeam) {
                try await hosting.share(bot.id, with: bob.account, mayOperate: true, by: ada)
            }
            try await world.join(bob, teamOf: ada)
            try await hosting.share(bot.id, with: bob.account, mayOperate: true, by: ada)
            #expect(try await hosting.visible(to: bob) == [bot.id])
            try await world.database.execute("DELETE FROM team_members WHERE member_id = \(bob.account)")
            await #expect(throws: HostingError.unknownBot) { try await hosting.find(bot.id, for: bob) }
            await #expect(throws: HostingError.unknownBot) { try await hosting.stop(bot.id, by: bob) }
            #expect(try await hosting.list(BotQuery(), for: bob).total == 0)
            #expect(try await hosting.visible(to: bob).isEmpty)
            #expect(try await hosting.shares(of: bot.id, for: ada).isEmpty)
            // Whoever comes back begins anew.
            try await hosting.removeStaleShares()
            try await world.join(bob, teamOf: ada)
            await #expect(throws: HostingError.unknownBot) { try await hosting.find(bot.id, for: bob) }
        }
    }

    @Test func theBotsOfASuspendedAccountRestUntilItIsRestored() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root", isAdministrator: true)
            let ada = try await world.person("ada")
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.link(bot, by: ada)
                try await world.wait(for: .working, of: bot)
                try await world.database.execute("UPDATE accounts SET status = 'suspended' WHERE id = \(ada.account)")
                try await hosting.settleBots(of: ada.account)
                try await world.wait(for: .stopped, of: bot)
                let resting = try await hosting.find(bot.id, for: root).bot
                #expect(resting.refusal(at: world.clock.now) == "suspended")
                // Its wishes stay, but nobody starts it meanwhile.
                #expect(resting.desired.value)
                await #expect(throws: HostingError.mayNotRun("suspended")) {
                    try await hosting.start(bot.id, by: root)
                }
                try await world.service.check()
                #expect(await hosting.session(of: bot)?.status == .stopped)
                try await world.database.execute("UPDATE accounts SET status = 'active' WHERE id = \(ada.account)")
                try await hosting.settleBots(of: ada.account)
                try await world.wait(for: .working, of: bot)
            }
        }
    }

    @Test func thePlanLimitsWhatRunsHoweverItIsApproved() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root", isAdministrator: true)
            let (ada, bob) = (try await world.person("ada"), try await world.person("bob"))
            try await hosting.plans.create(Plan(id: "one", name: "One", bots: 5, sessions: 1))
            try await hosting.plans.create(Plan(id: "self", name: "Self", approves: true, bots: 5, sessions: 1))
            for person in [ada, bob] {
                try await hosting.plans.subscribe(person.account, to: "one", until: nil, at: world.clock.now)
            }
            var bots: [Bot] = []
            for number in 0..<4 { bots.append(try await hosting.create(NewBot(name: "Bot \(number)"), by: ada)) }
            // Approved all at once, one of them is switched on.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for bot in bots {
                    group.addTask { _ = try await hosting.approve(bot.id, for: .oneMonth, by: root) }
                }
                try await group.waitForAll()
            }
            #expect(try await hosting.planUse(of: ada.account).sessions == 1)
            let resting = try #require(
                try await hosting.list(BotQuery(), for: ada).bots.first { !$0.bot.desired.value }?.bot
            )
            #expect(resting.approval.value == .approved)
            #expect(resting.desired.cause == "sessions")
            await #expect(throws: HostingError.limitReached(.sessions, 1)) {
                try await hosting.start(resting.id, by: ada)
            }
            // Nor by renewing, nor by a plan that approves by itself.
            world.clock.advance(days: 31)
            try await world.service.check()
            for bot in bots { _ = try await hosting.renew(bot.id, for: .oneMonth, by: root) }
            #expect(try await hosting.planUse(of: ada.account).sessions == 1)
            try await hosting.plans.subscribe(ada.account, to: "self", until: nil, at: world.clock.now)
            let fifth = try await hosting.create(NewBot(name: "Fifth"), by: ada)
            #expect(fifth.approval.value == .approved && !fifth.desired.value)
            // Nor by taking a running bot over.
            let own = try await hosting.create(NewBot(name: "Own"), by: bob)
            _ = try await hosting.approve(own.id, for: .oneMonth, by: root)
            let running = try #require(try await hosting.list(BotQuery(), for: ada).bots.first { $0.bot.desired.value })
            try await world.offer(running.bot, to: bob, by: ada)
            try await hosting.accept(running.bot.id, by: bob)
            #expect(try await hosting.planUse(of: bob.account).sessions == 1)
        }
    }

    @Test func aPlanThatShrankApprovesNoMoreThanItHolds() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root", isAdministrator: true)
            let ada = try await world.person("ada")
            let bots = [
                try await hosting.create(NewBot(name: "One"), by: ada),
                try await hosting.create(NewBot(name: "Two"), by: ada),
            ]
            try await hosting.plans.create(Plan(id: "one", name: "One", bots: 1))
            try await hosting.plans.subscribe(ada.account, to: "one", until: nil, at: world.clock.now)
            let approved = await withTaskGroup(of: Bool.self) { group in
                for bot in bots {
                    group.addTask { (try? await hosting.approve(bot.id, for: .oneMonth, by: root)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(approved == 1)
            #expect(try await hosting.counts() == [.approved: 1, .new: 1])
        }
    }

    @Test func anOfferStandsWhetherItsAddressHasAnAccountOrNot() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            let nobody = try #require(EmailAddress("nobody@example.org"))
            try await hosting.offer(bot.id, to: nobody, of: nil, by: ada)
            #expect(try await hosting.transfer(of: bot.id, for: ada)?.email == "nobody@example.org")
            try await hosting.endTransfer(bot.id, by: ada)
            #expect(try await hosting.transfer(of: bot.id, for: ada) == nil)
        }
    }

    @Test func maintenanceRefusesEverybodyElse() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            let ada = try await world.person("ada")
            try await world.hosting.setMaintenance("Back at noon", by: root)
            await #expect(throws: HostingError.inMaintenance) {
                _ = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            }
            _ = try await world.hosting.create(NewBot(name: "Helper"), by: root)
        }
    }

    @Test func ownersDoNotLearnWhichAdministratorItWas() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let root = try await world.person("root@harbour", isAdministrator: true)
            let ada = try await world.person("ada")
            let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
            let approved = try await hosting.approve(bot.id, for: .oneMonth, by: root)
            #expect(approved.approval.cause == "administrator")
            let seen = BotCaller(
                account: ada.account,
                actor: root.account,
                name: "root@harbour as ada",
                isAdministrator: false,
                isImpersonated: true
            )
            _ = try await hosting.stop(bot.id, by: seen)
            let shown = try await hosting.history(of: bot.id, for: ada)
            #expect(shown.map(\.actor) == ["administrator", "administrator", "ada"])
            #expect(try await hosting.find(bot.id, for: ada).bot.desired.cause == "administrator")
            let known = try await hosting.history(of: bot.id, for: root)
            #expect(known.map(\.actor) == ["root@harbour as ada", "root@harbour", "ada"])
        }
    }
}
