import Testing

@testable import Bots

struct HistoryDetailTests {
    @Test(arguments: HistoryDetail.Code.allCases)
    func hasWordsInBothLanguages(_ code: HistoryDetail.Code) {
        let detail = HistoryDetail(code, code == .limit ? "storage" : "3 Team")
        let texts = BotLanguage.allCases.map { detail.words.text($0) }
        #expect(texts.allSatisfy { !$0.isEmpty })
        let isNamesAlone = [.fields, .variables, .hours].contains(code)
        #expect((texts[0] == texts[1]) == isNamesAlone)
    }

    @Test func monthsAreCounted() {
        #expect(HistoryDetail.months(.oneMonth).words.text(.english) == "1 month")
        #expect(HistoryDetail.months(.threeMonths).words.text(.english) == "3 months")
        let planned = HistoryDetail.months(.oneMonth, plan: "Large one").words
        #expect(planned.text(.english) == "1 month, by the plan Large one")
        #expect(planned.text(.indonesian) == "1 bulan, oleh paket Large one")
    }

    /// Rows from before there were codes, and rows of a later version.
    @Test func whatHasNoCodeIsShownAsItStands() {
        #expect(HistoryDetail(nil, "commands: a rule set").words.text(.indonesian) == "commands: a rule set")
    }
}
