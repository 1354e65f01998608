import Testing
import WhatsApp
import WhatsAppWire

@testable import Bots

struct LoopGuardTests {
    private let loops = LoopGuard()
    private let bot = BotID()

    private func chat() throws -> JID { try #require(Person(number: "15550001111")).jid }

    /// How many of the answers at these seconds may go out.
    private func answers(at seconds: some Sequence<Double>) throws -> Int {
        let chat = try chat()
        return seconds.filter { loops.judge(bot, chat, at: .seconds($0)) == .allowed }.count
    }

    @Test func quickLoopsAreBroken() throws {
        #expect(try answers(at: (0..<600).map { Double($0) }) < 30)
    }

    /// Two bots that think before they answer, for a day.
    @Test func slowLoopsAreBroken() throws {
        let day = try answers(at: stride(from: 0, to: 86_400, by: 5))
        #expect(day < 600)
    }

    @Test func whoTakesTimeToReadIsAnswered() throws {
        #expect(try answers(at: (0..<200).map { Double($0) * 30 }) == 200)
    }

    @Test func aLivelyTalkIsNoLoop() throws {
        #expect(try answers(at: (0..<50).map { Double($0) * 8 }) == 50)
    }

    @Test func theFirstRefusalSaysForHowLong() throws {
        let chat = try chat()
        let verdicts = (0..<20).map { loops.judge(bot, chat, at: .milliseconds($0 * 500)) }
        let first = try #require(verdicts.firstIndex { $0 != .allowed })
        #expect(verdicts[first] == .muted(.seconds(300)))
        #expect(verdicts[(first + 1)...].allSatisfy { $0 == .refused })
        // After a day it begins anew.
        #expect(loops.judge(bot, chat, at: .seconds(90_000)) == .allowed)
    }
}
