import Accounts
import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport
import WhatsApp

@testable import Bots

/// What becomes of bots that are over a limit of their plan, and of those that no longer are.
struct PlanLimitTests {
    private struct World {
        let world: HostingWorld
        let ada: BotCaller
        let root: BotCaller

        var hosting: Hosting { world.hosting }

        func give(_ plan: Plan, until: Date? = nil) async throws {
            try await hosting.save(plan, isNew: true, by: root)
            try await hosting.give(plan.id, to: ada.account, until: until, by: root)
        }

        func bot(_ name: String) async throws -> Bot {
            world.clock.advance(days: 0.001)
            return try await hosting.create(NewBot(name: name), by: ada)
        }

        func found(_ bot: Bot) async throws -> Bot { try await hosting.find(bot.id, for: ada).bot }

        func on(_ bots: [Bot]) async throws -> [String] {
            var names: [String] = []
            for bot in bots where try await found(bot).desired.value { names.append(bot.name) }
            return names
        }

        func told(_ kind: NoticeKind = .held) async throws -> [String?] {
            try await hosting.notices.open(for: ada.account).filter { $0.kind == kind }.map(\.detail)
        }

        func history(_ bot: Bot) async throws -> [HistoryKind] {
            try await hosting.history(of: bot.id, for: ada).map(\.kind)
        }
    }

    private func run(_ body: (World) async throws -> Void) async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            try await body(World(world: world, ada: try await world.person("ada"), root: root))
        }
    }

    // MARK: How many run at once

    @Test func aSmallerPlanStopsWhatWasStartedLast() async throws {
        try await run { world in
            try await world.give(Plan(id: "wide", name: "Wide", approves: true, sessions: 3))
            let bots = [try await world.bot("One"), try await world.bot("Two"), try await world.bot("Three")]
            #expect(try await world.on(bots) == ["One", "Two", "Three"])
            try await world.give(Plan(id: "narrow", name: "Narrow", approves: true, sessions: 1))
            #expect(try await world.on(bots) == ["One"])
            #expect(try await world.found(bots[2]).desired.cause == "sessions")
            #expect(try await world.told() == ["sessions", "sessions"])
            #expect(try await world.history(bots[1]).first == .held)
            await #expect(throws: HostingError.limitReached(.sessions, 1)) {
                try await world.hosting.start(bots[1].id, by: world.ada)
            }
            // A larger one has room for them again, for what was started first.
            try await world.give(Plan(id: "middle", name: "Middle", approves: true, sessions: 2))
            #expect(try await world.on(bots) == ["One", "Two"])
            #expect(try await world.history(bots[1]).first == .released)
        }
    }

    @Test func aPlanThatEndsOrIsChangedStopsTheSurplusToo() async throws {
        try await run { world in
            let end = world.world.clock.now.addingTimeInterval(86_400)
            try await world.give(Plan(id: "wide", name: "Wide", approves: true), until: end)
            var bots: [Bot] = []
            for number in 1...5 { bots.append(try await world.bot("Bot \(number)")) }
            try await world.world.service.check()
            #expect(try await world.on(bots).count == 5)
            world.world.clock.advance(days: 2)
            try await world.world.service.check()
            #expect(try await world.on(bots) == ["Bot 1", "Bot 2", "Bot 3"])
            var standard = try #require(try await world.hosting.plans.find("standard"))
            standard.sessions = 1
            try await world.hosting.save(standard, isNew: false, by: world.root)
            #expect(try await world.on(bots) == ["Bot 1"])
            #expect(world.world.mail.notices.filter { $0.kind == .held }.count == 2)
            try await world.world.service.check()
            #expect(world.world.mail.notices.filter { $0.kind == .held }.count == 4)
        }
    }

    @Test func whoeverIsLeftOffIsTold() async throws {
        try await run { world in
            try await world.give(Plan(id: "one", name: "One", approves: true, sessions: 1))
            let bots = [try await world.bot("One"), try await world.bot("Two")]
            #expect(try await world.on(bots) == ["One"])
            #expect(try await world.told() == ["sessions"])
            let log = try await world.hosting.log(of: bots[1].id, LogQuery(), for: world.ada)
            #expect(log.contains { $0.text.hasPrefix("The plan lets no further bot run at once") })
        }
    }

    @Test func anAdministratorsBotsHaveNoLimitButOneThatIsGiven() async throws {
        try await run { world in
            var bots: [Bot] = []
            for number in 1...5 {
                let bot = try await world.hosting.create(NewBot(name: "Bot \(number)"), by: world.root)
                bots.append(try await world.hosting.approve(bot.id, for: .oneMonth, by: world.root))
            }
            #expect(bots.filter(\.desired.value).count == 5)
            try await world.world.service.check()
            #expect(try await world.world.count("bots WHERE is_desired") == 5)
            #expect(try await world.hosting.planUse(of: world.root.account).plan.bots == nil)
            try await world.hosting.save(Plan(id: "two", name: "Two", sessions: 2), isNew: true, by: world.root)
            try await world.hosting.give("two", to: world.root.account, until: nil, by: world.root)
            #expect(try await world.world.count("bots WHERE is_desired") == 2)
        }
    }

    @Test func plansAreForAdministrators() async throws {
        try await run { world in
            let plan = Plan(id: "mine", name: "Mine")
            await #expect(throws: HostingError.notAllowed) {
                try await world.hosting.save(plan, isNew: true, by: world.ada)
            }
            await #expect(throws: HostingError.notAllowed) {
                try await world.hosting.give("unlimited", to: world.ada.account, until: nil, by: world.ada)
            }
            await #expect(throws: HostingError.notAllowed) {
                try await world.hosting.deletePlan("plus", by: world.ada)
            }
        }
    }

    // MARK: What a bot takes

    @Test func storageHoldsUntilThereIsRoom() async throws {
        try await run { world in
            try await world.give(Plan(id: "small", name: "Small", approves: true, storage: 1_000))
            let bot = try await world.bot("Helper")
            try await world.world.database.execute("UPDATE bots SET storage_bytes = 2000")
            var meter = UsageMeter(pause: .seconds(600))
            _ = meter.take([bot.session: RunFigures(run: 1)], bots: [bot.session: bot.id], at: .zero)
            try await hold(bot, .storage, meter, world)
            // However long that takes: it does not come back in between.
            world.world.clock.advance(days: 3)
            try await world.world.service.check()
            #expect(try await world.found(bot).refusal(at: world.world.clock.now) == "storage")
            await #expect(throws: HostingError.mayNotRun("storage")) {
                try await world.hosting.start(bot.id, by: world.ada)
            }
            try await world.world.database.execute("UPDATE bots SET storage_bytes = 1000")
            try await world.world.service.check()
            #expect(try await world.found(bot).hold == nil)
            #expect(try await world.history(bot).prefix(2) == [.released, .held])
            #expect(try await world.told() == ["storage"])
        }
    }

    @Test func theProcessorsShareHoldsForAWhile() async throws {
        try await run { world in
            try await world.give(Plan(id: "slow", name: "Slow", approves: true, processorPercent: 50))
            let bot = try await world.bot("Helper")
            var meter = UsageMeter(pause: .seconds(600))
            for step in 0..<40 {
                let time = Duration.seconds(15 * step)
                let usage = SessionUsage(bytesIn: 0, bytesOut: 0, processorTime: time)
                let figures = RunFigures(run: 1, usage: usage)
                _ = meter.take([bot.session: figures], bots: [bot.session: bot.id], at: time)
            }
            try await hold(bot, .processor, meter, world)
            #expect(try await meter.excesses(in: world.hosting, at: world.world.clock.now).isEmpty)
            world.world.clock.advance(days: 601 / 86_400)
            try await world.world.service.check()
            #expect(try await world.found(bot).hold == nil)
        }
    }

    @Test func memoryHoldsAndALargerPlanLetsGoAtOnce() async throws {
        try await run { world in
            try await world.give(Plan(id: "thin", name: "Thin", approves: true, memory: 1))
            let bot = try await world.bot("Helper")
            var meter = UsageMeter(pause: .seconds(600))
            _ = meter.take([:], bots: [:], at: .zero)
            let much = [UInt8](repeating: 7, count: 64 << 20)
            _ = meter.take([bot.session: RunFigures(run: 1)], bots: [bot.session: bot.id], at: .seconds(15))
            #expect(much.last == 7)
            try await hold(bot, .memory, meter, world)
            try await world.world.service.check()
            #expect(try await world.found(bot).hold != nil)
            try await world.give(Plan(id: "thick", name: "Thick", approves: true))
            #expect(try await world.found(bot).hold == nil)
        }
    }

    @Test(arguments: [PlanLimit.messages, .storage, .processor])
    func aLargerPlanLiftsWhatHolds(limit: PlanLimit) async throws {
        try await run { world in
            let bot = try await world.bot("Helper")
            _ = try await world.hosting.approve(bot.id, for: .oneMonth, by: world.root)
            let later = world.world.clock.now.addingTimeInterval(3_600)
            try await world.hosting.hold(bot.id, for: limit, until: later, at: world.world.clock.now)
            #expect(try await world.found(bot).refusal(at: world.world.clock.now) == limit.rawValue)
            try await world.give(Plan(id: "large", name: "Large"))
            #expect(try await world.found(bot).refusal(at: world.world.clock.now) == nil)
        }
    }

    private func hold(_ bot: Bot, _ limit: PlanLimit, _ meter: UsageMeter, _ world: World) async throws {
        let now = world.world.clock.now
        let excesses = try await meter.excesses(in: world.hosting, at: now)
        #expect(excesses.map(\.limit) == [limit])
        for excess in excesses {
            try await world.hosting.hold(excess.bot, for: excess.limit, until: excess.until, at: now)
        }
        #expect(try await world.found(bot).hold?.limit == limit)
        #expect(try await world.told() == [limit.rawValue])
    }
}

extension RunFigures {
    fileprivate init(run: UInt64, usage: SessionUsage = SessionUsage()) {
        self.init(run: run, counters: SessionCounters(), usage: usage)
    }
}
