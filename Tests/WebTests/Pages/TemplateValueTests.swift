import Foundation
import Testing

@testable import Web

struct TemplateValueTests {
    private struct Row {
        let name: String
        let note: String?
        let tags: [String]
        let id: UUID
    }

    private struct Page {
        let title: String
        let isOld: Bool
        let count: Int
        let rows: [Row]
        let best: Row?
        let missing: Row?
        let markup: SafeHTML
    }

    private static let id = UUID()

    private static var value: TemplateValue {
        let row = Row(name: "Ada", note: nil, tags: ["a", "b"], id: id)
        let other = Row(name: "Bob", note: "new", tags: [], id: id)
        return TemplateValue(
            Page(
                title: "Rows",
                isOld: true,
                count: 3,
                rows: [row, other],
                best: other,
                missing: nil,
                markup: SafeHTML(rendered: "<b>x</b>")
            )
        )
    }

    @Test func simpleValuesStayWhatTheyAre() {
        let value = Self.value
        #expect(value.child(named: "title") as? String == "Rows")
        #expect(value.child(named: "isOld") as? Bool == true)
        #expect(value.child(named: "count") as? Int == 3)
        #expect((value.child(named: "markup") as? SafeHTML)?.renderText == "<b>x</b>")
    }

    @Test func whatIsNotThereIsNothing() throws {
        let value = Self.value
        #expect(value.child(named: "missing") == nil)
        #expect(value.child(named: "unknown") == nil)
        let rows = try #require(value.child(named: "rows") as? [Any])
        #expect((rows.first as? TemplateValue)?.child(named: "note") == nil)
        #expect((rows.last as? TemplateValue)?.child(named: "note") as? String == "new")
    }

    @Test func valuesWithinAreReadInTheSameWay() throws {
        let best = try #require(Self.value.child(named: "best") as? TemplateValue)
        #expect(best.child(named: "name") as? String == "Bob")
        #expect((best.child(named: "tags") as? [Any])?.isEmpty == true)
        let rows = try #require(Self.value.child(named: "rows") as? [Any])
        let tags = try #require((rows.first as? TemplateValue)?.child(named: "tags") as? [Any])
        #expect(tags as? [String] == ["a", "b"])
        // Shown as it shows itself.
        let id = try #require(best.child(named: "id"))
        #expect(String(describing: id) == "\(Self.id)")
    }
}
