import Database
import Fleet
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

struct ScheduleTests {
    private static let due = Date(timeIntervalSince1970: 1_795_269_600)

    private static func message(_ when: ScheduledMessage.When, failures: Int = 0) -> ScheduledMessage {
        var message = ScheduledMessage(chat: "x@g.us", text: "x", when: when, zone: .gmt, createdBy: "test")
        message.nextAt = due
        message.failures = failures
        return message
    }

    @Test func whatFailsIsTriedAgainUnderItsTimeAndThenGivenUp() throws {
        let bot = BotID()
        var message = Self.message(.once(Self.due))
        let id = ScheduleRunner.messageID(of: message, for: bot)
        for number in 1..<ScheduleTry.limit {
            let next = ScheduleTry(of: message, .refused(500), at: Self.due.addingTimeInterval(Double(number) * 60))
            #expect(next.nextAt == Self.due && next.failures == number)
            (message.nextAt, message.failures) = (next.nextAt, next.failures)
            #expect(ScheduleRunner.messageID(of: message, for: bot) == id)
        }
        let last = ScheduleTry(of: message, .failed, at: Self.due.addingTimeInterval(900))
        #expect(last.nextAt == nil && last.failures == 0)
        let cron = try #require(CronExpression("0 * * * *"))
        let now = Self.due.addingTimeInterval(900)
        let again = ScheduleTry(of: Self.message(.again(cron), failures: ScheduleTry.limit - 1), .failed, at: now)
        #expect(again.nextAt == cron.next(after: now, in: .gmt) && again.failures == 0)
        #expect(ScheduleTry(of: Self.message(.once(Self.due)), nil, at: now).nextAt == nil)
        #expect(ScheduleTry(of: Self.message(.once(Self.due)), .late, isFinal: true, at: now).nextAt == nil)
    }

    @Test func problemsAreKeptAsCodes() {
        let all: [ScheduleProblem] = [
            .dailyCap(5), .limited, .busy, .chat, .late, .notConnected, .timedOut, .noDevices, .invalid, .refused(403),
            .failed,
        ]
        for problem in all { #expect(ScheduleProblem(rawValue: problem.rawValue) == problem) }
        for odd in ["", ":", "refused", "refused:x", "daily_cap:", "words of an older version"] {
            #expect(ScheduleProblem(rawValue: odd) == .failed, "\(odd)")
        }
    }

    @Test func aMessageThatCannotBeSentEndsWithItsError() async throws {
        try await BotWorld.run { world in
            let message = ScheduledMessage(
                chat: "120363999999999999@g.us",
                text: "Nobody reads this",
                when: .once(Date().addingTimeInterval(60)),
                zone: .gmt,
                createdBy: "test"
            )
            let planned = try await world.store.schedule(message, of: world.bot.id)
            try await world.server.database.execute(
                "UPDATE bot_scheduled_messages SET next_at = now() - interval '5 seconds' WHERE id = \(planned.id)"
            )
            let control = BotControl(services: world.server.services)
            let shown = { () async throws -> ScheduledMessage? in
                try await control.scheduledMessages(of: world.bot.id, for: world.owner).first
            }
            let due = try #require(try await shown()?.nextAt)
            try await world.server.pipeline.doWhatIsDue()
            try await eventually { try await shown()?.failures == 1 }
            #expect(try await shown()?.nextAt == due)
            guard case .refused = try await shown()?.lastError else {
                Issue.record("The group's refusal is not kept.")
                return
            }
            // Nothing is tried before its pause is over.
            try await world.server.pipeline.doWhatIsDue()
            #expect(try await shown()?.failures == 1)
            try await eventually {
                try await world.server.database.execute(
                    "UPDATE bot_scheduled_messages SET last_at = now() - interval '2 minutes' WHERE id = \(planned.id)"
                )
                try await world.server.pipeline.doWhatIsDue()
                return try await shown()?.nextAt == nil
            }
            #expect(try await shown()?.lastError != nil)
        }
    }

    @Test func whatIsADayLateIsNotSent() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".schedule 2h Old news", in: group.jid)
            _ = try await world.phone.hears(".schedule 3h Fresh news", in: group.jid)
            try await world.server.database.execute(
                """
                UPDATE bot_scheduled_messages SET failures = 0,
                    next_at = now() - CASE WHEN text = 'Old news' THEN interval '25 hours' ELSE interval '1 minute' END
                WHERE bot_id = \(world.bot.id)
                """
            )
            try await world.server.pipeline.doWhatIsDue()
            _ = try await bob.message { $0.text == "Fresh news" }
            let control = BotControl(services: world.server.services)
            try await eventually {
                try await control.scheduledMessages(of: world.bot.id, for: world.owner).allSatisfy { $0.nextAt == nil }
            }
            let all = try await control.scheduledMessages(of: world.bot.id, for: world.owner)
            #expect(all.first { $0.text == "Old news" }?.lastError == .late)
            #expect(try await bob.messages().contains { $0.text == "Old news" } == false)
        }
    }

    /// Planned messages pass the door, reminders do not.
    @Test func aDayHasRoomForSoManyPlannedMessages() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            for text in [".schedule 2h One", ".schedule 2h Two", ".remind 2h Three"] {
                _ = try await world.phone.hears(text, in: bob.number)
            }
            var configuration = SendDoor.Configuration()
            configuration.pause = .zero
            configuration.dailyCap = 1
            var services = world.server.services
            services.door = SendDoor(configuration: configuration, database: world.server.database)
            // Three hours from now, for this runner alone.
            services.time = TimeSource(date: { Date().addingTimeInterval(10_800) }, uptime: TimeSource.system.uptime)
            let runner = ScheduleRunner(services: services, logger: BotServer.silence)
            await withDiscardingTaskGroup { await runner.begin(in: &$0) }
            let control = BotControl(services: services)
            let all = try await control.scheduledMessages(of: world.bot.id, for: world.owner)
            #expect(all.count == 3 && all.allSatisfy { $0.nextAt == nil })
            #expect(all.compactMap(\.lastError) == [.dailyCap(1)])
            #expect(all.first { $0.text.contains("Three") }?.lastError == nil)
        }
    }

    @Test func timesAreThoseOfTheBotsZone() async throws {
        try await BotWorld.run {
            $0.timeZone = "Asia/Jakarta"
        } _: { world in
            let bob = try await world.person("Bob")
            #expect(try await world.phone.hears(".cron add 0 8 * * * | Morning", in: bob.number).contains("08:00"))
            let control = BotControl(services: world.server.services)
            let planned = try #require(try await control.scheduledMessages(of: world.bot.id, for: world.owner).first)
            let next = try #require(planned.nextAt)
            #expect(Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: next).hour == 1)
        }
    }

    @Test func oneBotThatStallsHoldsUpNoOther() async {
        let bots = DueBots()
        let (slow, quick) = (BotID(), BotID())
        let (words, told) = AsyncStream.makeStream(of: String.self)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        await withDiscardingTaskGroup { group in
            bots.begin(slow, in: &group) {
                for await _ in gate { break }
                told.yield("slow")
            }
            bots.begin(slow, in: &group) { told.yield("slow again") }
            bots.begin(quick, in: &group) {
                told.yield("quick")
                opener.yield()
            }
        }
        told.finish()
        var all: [String] = []
        for await word in words { all.append(word) }
        #expect(all == ["quick", "slow"])
    }

    @Test func aGroupThatCouldNotBeTurnedIsTriedAgain() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [world.phone], by: bob)
            let now = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date())
            let minute = (now.hour ?? 0) * 60 + (now.minute ?? 0)
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.hours = OpeningHours(closes: minute) }
            _ = try await bob.hears(".ping", in: group.jid)
            try await world.server.pipeline.doWhatIsDue()
            #expect(try await !group.view().announcement)
            try await world.sandbox.changeMembers(.promote, [world.phone.number], of: group.id, by: bob.number)
            try await eventually {
                try await world.server.pipeline.doWhatIsDue()
                return try await group.view().announcement
            }
            // Opened at its hour as well, and left alone once nothing is wanted.
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.hours = OpeningHours(opens: minute) }
            try await eventually {
                try await world.server.pipeline.doWhatIsDue()
                return try await !group.view().announcement
            }
            _ = try await bob.message { $0.text == "The group is open." }
            #expect(try await bob.hears(".hours off", in: group.jid).contains("not opened or closed"))
        }
    }
}
