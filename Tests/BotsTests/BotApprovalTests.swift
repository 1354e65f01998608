import Accounts
import Fleet
import Foundation
import Testing

@testable import Bots

struct BotApprovalTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(arguments: [(1, 30), (2, 60), (3, 90), (6, 180), (12, 360)])
    func monthsHaveThirtyDays(months: Int, days: Int) throws {
        let duration = try #require(ApprovalDuration(rawValue: months))
        var bot = Bot.fixture(at: start)
        try bot.approve(for: duration, by: "root", at: start)
        #expect(bot.expiresAt == start.addingTimeInterval(Double(days) * 86_400))
        #expect(bot.approval == Bot.Axis(.approved, at: start, cause: "root"))
    }

    @Test(arguments: [0, 4, 5, 7, 13, -1])
    func otherMonthsAreNotOffered(months: Int) {
        #expect(ApprovalDuration(rawValue: months) == nil)
    }

    @Test func aNewBotDoesNotRun() {
        let bot = Bot.fixture(at: start)
        #expect(bot.refusal(at: start) == "new")
        #expect(!bot.mayRun(at: start))
    }

    @Test func anApprovedBotRunsUntilItsEnd() throws {
        var bot = Bot.fixture(at: start)
        try bot.approve(for: .oneMonth, by: "root", at: start)
        let end = try #require(bot.expiresAt)
        #expect(bot.mayRun(at: end.addingTimeInterval(-1)))
        // The checker may be late; nothing runs a moment longer all the same.
        #expect(bot.refusal(at: end) == "expired")
        let early = bot.expire(at: end.addingTimeInterval(-1))
        #expect(!early)
        let onTime = bot.expire(at: end)
        #expect(onTime)
        #expect(bot.approval.value == .expired)
        #expect(!bot.desired.value)
        let again = bot.expire(at: end)
        #expect(!again)
    }

    @Test func renewalAddsToWhatIsLeft() throws {
        var bot = Bot.fixture(at: start)
        try bot.approve(for: .oneMonth, by: "root", at: start)
        try bot.renew(for: .twoMonths, by: "root", at: start.addingTimeInterval(10 * 86_400))
        #expect(bot.expiresAt == start.addingTimeInterval(90 * 86_400))
    }

    @Test func renewalAfterTheEndCountsFromNow() throws {
        var bot = Bot.fixture(at: start)
        try bot.approve(for: .oneMonth, by: "root", at: start)
        let late = start.addingTimeInterval(100 * 86_400)
        let isOver = bot.expire(at: late)
        #expect(isOver)
        try bot.renew(for: .oneMonth, by: "root", at: late)
        #expect(bot.expiresAt == late.addingTimeInterval(30 * 86_400))
        #expect(bot.mayRun(at: late))
    }

    @Test func stepsThatDoNotExistAreRefused() throws {
        var bot = Bot.fixture(at: start)
        #expect(throws: HostingError.wrongApproval(.new)) { try bot.renew(for: .oneMonth, by: "root", at: start) }
        #expect(throws: HostingError.wrongApproval(.new)) { try bot.want(true, by: "ada", at: start) }
        try bot.approve(for: .oneMonth, by: "root", at: start)
        #expect(throws: HostingError.wrongApproval(.approved)) {
            try bot.approve(for: .oneMonth, by: "root", at: start)
        }
        #expect(throws: HostingError.wrongApproval(.approved)) { try bot.reject(by: "root", at: start) }
        var rejected = Bot.fixture(at: start)
        try rejected.reject(by: "root", at: start)
        #expect(throws: HostingError.wrongApproval(.rejected)) {
            try rejected.renew(for: .oneMonth, by: "root", at: start)
        }
        try rejected.approve(for: .oneMonth, by: "root", at: start)
        #expect(rejected.mayRun(at: start))
    }

    @Test func aHeldBotWaitsUntilItsTime() throws {
        var bot = Bot.fixture(at: start)
        try bot.approve(for: .oneMonth, by: "root", at: start)
        bot.hold = Bot.Hold(limit: .messages, until: start.addingTimeInterval(60))
        #expect(bot.refusal(at: start) == "messages")
        #expect(bot.mayRun(at: start.addingTimeInterval(60)))
    }
}

extension Bot {
    static func fixture(at now: Date) -> Bot {
        Bot(
            id: BotID(),
            server: "main",
            account: AccountID(),
            session: SessionID(),
            name: "Ada's bot",
            prefix: "!",
            approval: Axis(.new, at: now, cause: "created"),
            desired: Axis(true, at: now, cause: "created"),
            run: Axis(.stopped, at: now, cause: nil),
            link: Axis(.none, at: now, cause: nil),
            settings: BotSettings(),
            storage: 0,
            environmentVersion: 1,
            version: 1,
            createdAt: now,
            updatedAt: now
        )
    }
}
