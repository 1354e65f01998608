import Database
import Testing
import WharfTestSupport

struct DatabaseTests {
    @Test func aStatementGoesThereAndBack() async throws {
        try await withTestDatabase { database in
            let row = try #require(try await database.queryOne("SELECT \(41) + 1 AS answer, \("x") AS text"))
            #expect(try row.decode("answer", as: Int.self) == 42)
            #expect(try row.decode("text", as: String.self) == "x")
        }
    }
}
