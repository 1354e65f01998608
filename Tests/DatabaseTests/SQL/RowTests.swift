import Database
import Foundation
import Testing
import WharfTestSupport

struct RowTests {
    @Test func whatDoesNotFitIsATypedError() async throws {
        try await withTestDatabase { database in
            let row = try #require(
                try await database.queryOne(
                    "SELECT 70000 AS big, NULL::integer AS gap, 'x'::text AS text, 1.5::numeric AS exact, 'grey'::text AS colour"
                )
            )
            #expect(throws: RowError.missingColumn("other")) { try row.decode("other", as: Int.self) }
            #expect(throws: RowError.unexpectedNull(column: "gap")) { try row.decode("gap", as: Int.self) }
            #expect(throws: RowError.wrongType(column: "text", expected: "Int")) {
                try row.decode("text", as: Int.self)
            }
            #expect(throws: RowError.wrongType(column: "big", expected: "String")) {
                try row.decode("big", as: String.self)
            }
            #expect(throws: RowError.wrongType(column: "big", expected: "UUID")) {
                try row.decode("big", as: UUID.self)
            }
            #expect(throws: RowError.wrongType(column: "exact", expected: "Double")) {
                try row.decode("exact", as: Double.self)
            }
            #expect(throws: RowError.invalidValue(column: "big", expected: "Int16")) {
                try row.decode("big", as: Int16.self)
            }
            #expect(throws: RowError.invalidValue(column: "colour", expected: "Colour")) {
                try row.decode("colour", as: Colour.self)
            }
        }
    }

    @Test func aRowShowsItsColumnsAlone() async throws {
        try await withTestDatabase { database in
            let row = try #require(try await database.queryOne("SELECT 'a secret' AS token"))
            var text = "\(row)"
            dump(row, to: &text)
            #expect(text.contains("token"))
            #expect(!text.contains("secret"))
        }
    }

    @Test func onlyOneRowIsOne() async throws {
        try await withTestDatabase { database throws in
            #expect(try await database.queryOne("SELECT 1 WHERE false") == nil)
            await #expect(throws: DatabaseError.moreThanOneRow) {
                try await database.queryOne("SELECT generate_series(1, 2)")
            }
        }
    }

    private enum Colour: String, SQLDecodable {
        case red, green
    }
}
