import Testing

@testable import Database

struct SQLTests {
    @Test func interpolationMakesParameters() {
        let statement: SQL = "SELECT \(1), \("two"), \(Int?.none)"
        #expect(statement.text == "SELECT $1, $2, $3")
        #expect(statement.parameters.map(\.type) == [.int8, .inferred, .int8])
        #expect(statement.parameters.last?.content == .null)
    }

    @Test func aFragmentKeepsItsParametersAndIsNumberedAnew() {
        let order: SQL = "ORDER BY abs(number - \(7))"
        let statement: SQL = "SELECT number FROM numbers WHERE number > \(3) \(order) LIMIT \(10)"
        #expect(statement.text == "SELECT number FROM numbers WHERE number > $1 ORDER BY abs(number - $2) LIMIT $3")
        #expect(statement.parameters == [3.sqlValue, 7.sqlValue, 10.sqlValue])
    }

    @Test func neitherStatementNorValueShowsAParameter() {
        let statement: SQL = "SELECT \("a secret")"
        var dumped = ""
        dump(statement, to: &dumped)
        dump(statement.parameters, to: &dumped)
        for text in ["\(statement)", String(reflecting: statement), "\(statement.parameters)", dumped] {
            #expect(!text.contains("secret"))
        }
    }

    @Test(arguments: ["wharf", "test_12", "_x"])
    func databaseNamesAreLowerCaseWords(name: String) throws {
        let name = try #require(DatabaseName(name))
        let statement: SQL = "DROP DATABASE \(name)"
        #expect(statement.text == "DROP DATABASE \"\(name.text)\"")
    }

    @Test(arguments: ["", "Wharf", "1x", "a-b", "a\"b", "a;b", "ä", String(repeating: "a", count: 64)])
    func otherDatabaseNamesAreRefused(name: String) {
        #expect(DatabaseName(name) == nil)
    }

    @Test func thereIsALimitOfPreparedStatements() {
        var cache = StatementCache(limit: 1)
        #expect(cache.look(for: "SELECT 1") == .prepare(name: "wharf_1"))
        cache.remember("SELECT 1", as: "wharf_1")
        #expect(cache.look(for: "SELECT 1") == .prepared(name: "wharf_1"))
        #expect(cache.look(for: "SELECT 2") == .full)
        cache.forget("SELECT 1")
        #expect(cache.look(for: "SELECT 2") == .prepare(name: "wharf_2"))
    }

    @Test func theSameTextWithOtherTypesIsAnotherStatement() {
        var cache = StatementCache()
        cache.remember("SELECT \(1)", as: "wharf_1")
        #expect(cache.look(for: "SELECT \(2)") == .prepared(name: "wharf_1"))
        #expect(cache.look(for: "SELECT \(Int32(1))") != .prepared(name: "wharf_1"))
    }
}
