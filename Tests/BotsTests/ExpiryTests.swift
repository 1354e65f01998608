import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport

@testable import Bots

struct ExpiryTests {
    @Test func ownersAreToldSevenThreeAndOneDayAhead() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            _ = try await world.hosting.approve(bot.id, for: .oneMonth, by: root)
            var told: [[String?]] = []
            for _ in 0..<31 {
                try await world.service.check()
                // However often it looks.
                try await world.service.check()
                world.clock.advance(days: 1)
                let soon = try await world.hosting.notices.open(for: ada.account).filter { $0.kind == .expiresSoon }
                told.append(soon.map(\.detail).reversed())
            }
            #expect(told[22] == [])
            #expect(told[23] == ["7"])
            #expect(told[27] == ["7", "3"])
            #expect(told[29] == ["7", "3", "1"])
            #expect(told[30] == ["7", "3", "1"])
            #expect(try await world.hosting.find(bot.id, for: ada).bot.approval.value == .expired)
            #expect(
                world.mail.notices.map(\.kind) == [.approved, .expiresSoon, .expiresSoon, .expiresSoon, .expired]
            )
            // A renewed bot is told of its next end anew.
            _ = try await world.hosting.renew(bot.id, for: .oneMonth, by: root)
            // What was said of the end that it had is over.
            let open = try await world.hosting.notices.open(for: ada.account).map(\.kind)
            #expect(!open.contains(.expiresSoon) && !open.contains(.expired))
            try await world.service.check()
            world.clock.advance(days: 29.5)
            try await world.service.check()
            #expect(world.mail.notices.suffix(2).map(\.kind) == [.renewed, .expiresSoon])
            #expect(world.mail.notices.last?.detail == "1")
        }
    }

    @Test func whatCameDueWhileNothingRanIsCaughtUp() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            try await world.hosting.plans.subscribe(root.account, to: "unlimited", until: nil, at: world.clock.now)
            for number in 0..<5 { _ = try await world.hosting.create(NewBot(name: "Bot \(number)"), by: root) }
            world.clock.advance(days: 45)
            try await world.service.check()
            #expect(try await world.hosting.counts() == [.expired: 5])
            // Nobody is told that it ends soon when it has ended.
            #expect(try await world.count("bot_notices WHERE kind = 'expires_soon'") == 0)
            #expect(try await world.count("bot_notices WHERE kind = 'expired'") == 5)
            let counted = try await world.hosting.deployments(since: .distantPast, by: root)
            #expect(counted.filter { $0.kind == "expired" }.map(\.count) == [5])
        }
    }

    @Test func manyCheckersDoItOnce() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            try await world.hosting.plans.subscribe(root.account, to: "unlimited", until: nil, at: world.clock.now)
            for number in 0..<10 { _ = try await world.hosting.create(NewBot(name: "Bot \(number)"), by: root) }
            world.clock.advance(days: 31)
            let now = world.clock.now
            let expired = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await ExpiryChecker(hosting: world.hosting).expire(at: now).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(expired == 10)
            #expect(try await world.count("bot_history WHERE kind = 'expired'") == 10)
        }
    }

    /// On the days that an administrator has chosen; after a pause the nearest one alone.
    @Test func ownersAreToldOnTheChosenDays() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: root)
            _ = try await world.hosting.approve(bot.id, for: .oneMonth, by: root)
            let checker = ExpiryChecker(hosting: world.hosting)
            for (passed, told) in [(15.0, 0), (2.0, 1), (8.0, 1), (3.0, 2), (0.0, 2)] {
                world.clock.advance(days: passed)
                try await checker.announce(at: world.clock.now, days: [14, 2])
                #expect(try await world.count("bot_notices WHERE kind = 'expires_soon'") == told, "\(passed)")
            }
            #expect(try await world.count("bot_notices WHERE detail = '14'") == 1)
            #expect(try await world.count("bot_notices WHERE detail = '2'") == 1)
        }
    }

    @Test func aClockThatGoesBackRevivesNothing() async throws {
        try await HostingWorld.run { world in
            let root = try await world.person("root", isAdministrator: true)
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: root)
            _ = try await world.hosting.approve(bot.id, for: .oneMonth, by: root)
            world.clock.advance(days: 31)
            try await world.service.check()
            world.clock.advance(days: -20)
            try await world.service.check()
            #expect(try await world.hosting.find(bot.id, for: root).bot.approval.value == .expired)
        }
    }

    @Test func logsAreKeptAsLongAsThePlanSays() async throws {
        try await HostingWorld.run { world in
            let ada = try await world.person("ada")
            let bot = try await world.hosting.create(NewBot(name: "Helper"), by: ada)
            let log = world.hosting.ear.log
            for number in 0..<50 {
                log.write(
                    number % 10 == 0 ? .error : .info,
                    "Line \(number)\nwith\tmore",
                    of: bot.id,
                    at: world.clock.now
                )
            }
            var query = LogQuery()
            query.text = "line 4"
            let found = try await world.hosting.log(of: bot.id, query, for: ada)
            #expect(found.count == 11)
            #expect(found.first?.text == "Line 4 with more")
            #expect(found.map(\.number) == found.map(\.number).sorted())
            query = LogQuery()
            query.level = .error
            #expect(try await world.hosting.log(of: bot.id, query, for: ada).count == 5)
            query = LogQuery()
            query.limit = 3
            #expect(try await world.hosting.log(of: bot.id, query, for: ada).map(\.text.count).count == 3)
            world.clock.advance(days: 6.9)
            try await world.service.sweep()
            #expect(try await world.count("bot_log") == 51)
            world.clock.advance(days: 0.2)
            try await world.service.sweep()
            #expect(try await world.count("bot_log") == 0)
        }
    }
}
