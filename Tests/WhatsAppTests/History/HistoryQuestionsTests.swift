import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

struct HistoryQuestionsTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func chat(_ number: Int) -> JID { JID(user: "1555\(1_000_000 + number)", server: .user) }

    @Test func aChatIsAskedForOnceInAWhile() {
        var questions = HistoryQuestions()
        #expect(questions.wait(for: chat(1), at: start) == nil)
        #expect(questions.wait(for: chat(1), at: start.addingTimeInterval(20)) == HistoryQuestions.coolDown - 20)
        #expect(questions.wait(for: chat(2), at: start.addingTimeInterval(20)) == nil)
        // Answered or not.
        questions.answered()
        #expect(questions.wait(for: chat(1), at: start.addingTimeInterval(30)) == HistoryQuestions.coolDown - 30)
        #expect(questions.wait(for: chat(1), at: start.addingTimeInterval(HistoryQuestions.coolDown)) == nil)
    }

    @Test func notAllChatsAreAskedForAtOnce() {
        var questions = HistoryQuestions()
        for number in 0..<HistoryQuestions.limit { #expect(questions.wait(for: chat(number), at: start) == nil) }
        let later = start.addingTimeInterval(30)
        #expect(questions.wait(for: chat(99), at: later) == HistoryQuestions.patience - 30)
        questions.answered()
        #expect(questions.wait(for: chat(99), at: later) == nil)
        // A phone that does not answer is not waited for for ever.
        #expect(questions.wait(for: chat(98), at: start.addingTimeInterval(HistoryQuestions.patience)) == nil)
    }

    @Test func whatDidNotGetOutDoesNotCount() {
        var questions = HistoryQuestions()
        #expect(questions.wait(for: chat(1), at: start) == nil)
        questions.withdraw(chat(1))
        #expect(questions.wait(for: chat(1), at: start) == nil)
    }
}
