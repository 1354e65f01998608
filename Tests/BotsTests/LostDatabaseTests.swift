import Database
import Fleet
import Foundation
import ServiceLifecycle
import Testing
import WharfTestSupport

@testable import Bots

@Suite(.timeLimit(.minutes(3)))
struct LostDatabaseTests {
    @Test func theServiceGoesOnWhenTheDatabaseIsBack() async throws {
        try await HostingWorld.runLosable { world, test in
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            _ = try await world.hosting.approve(bot.id, for: .oneMonth, by: root)

            var configuration = HostingConfiguration()
            configuration.check = .milliseconds(20)
            configuration.measure = .milliseconds(20)
            configuration.sweep = .milliseconds(20)
            configuration.write = .milliseconds(20)
            let failures = RecordedLog()
            let service = HostingService(
                configuration: configuration,
                hosting: world.hosting,
                mail: world.mail,
                logger: failures.logger
            )
            // Away already when it starts.
            try await test.lose()
            let group = ServiceGroup(services: [service], logger: HostingWorld.silence)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await eventually { failures.works.isSuperset(of: ["check", "sweep"]) }
                world.clock.advance(days: 31)
                try await test.bringBack()
                try await eventually {
                    try await world.hosting.find(bot.id, for: ada).bot.approval.value == .expired
                }
                failures.forget()
                try await test.lose()
                world.hosting.ear.log.write(.info, "Said while it was away.", of: bot.id, at: world.clock.now)
                try await eventually { failures.works.isSuperset(of: ["check", "write"]) }
                try await test.bringBack()
                try await eventually {
                    try await world.count("bot_log WHERE text = 'Said while it was away.'") == 1
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    /// A session that was stopped because nothing happened on it is not started again by itself, and its owner is told once.
    @Test func aBotThatIsNotUsedIsParkedWithANotice() async throws {
        try await HostingWorld.run { world in
            let hosting = world.hosting
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            try await world.whileRunning {
                let bot = try await hosting.create(NewBot(name: "Helper"), by: ada)
                try await world.link(bot, by: ada)
                try await world.wait(for: .stopped, of: bot)
                _ = try await hosting.approve(bot.id, for: .oneMonth, by: root)
                try await world.wait(for: .working, of: bot)
                try await hosting.scheduler.park(bot.session)
                try await eventually { await hosting.session(of: bot)?.isParked == true }
                for _ in 0..<2 { try await world.service.check() }
                #expect(await hosting.session(of: bot)?.isParked == true)
                #expect(try await world.count("bot_notices WHERE kind = 'idle'") == 1)

                _ = try await hosting.start(bot.id, by: ada)
                try await world.wait(for: .working, of: bot)
            }
        }
    }
}

extension RecordedLog {
    /// Which works of the service have failed.
    fileprivate var works: Set<String> { Set(lines.compactMap { $0.metadata["work"].map { "\($0)" } }) }
}
