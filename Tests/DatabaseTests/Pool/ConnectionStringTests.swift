import Testing

@testable import Database

struct ConnectionStringTests {
    @Test(arguments: [
        "postgres://user:secret@db.example:5433/wharf?sslmode=require", "postgresql:///wharf",
        "host=/tmp dbname=wharf password=secret",
    ])
    func urlsAndKeywordsAreRead(text: String) throws {
        let server = try ConnectionString(parsing: text)
        var shown = "\(server) \(String(reflecting: server))"
        dump(server, to: &shown)
        #expect(!shown.contains("secret"))
    }

    @Test(arguments: ["", "  "])
    func nothingIsNoAddress(text: String) {
        #expect(throws: ConnectionStringError.empty) { try ConnectionString(parsing: text) }
    }

    @Test(arguments: ["mysql://host/db", "wharf", "host", "colour=red", "host=a\0b", "postgres://[::1/x"])
    func otherTextsAreRefused(text: String) {
        #expect(throws: ConnectionStringError.malformed) { try ConnectionString(parsing: text) }
    }

    @Test func everySessionSaysWhoItIs() throws {
        #expect(try keywords(of: "host=x")["application_name"] == "wharf")
        #expect(try keywords(of: "host=x application_name=mine client_encoding=LATIN1")["application_name"] == "mine")
        #expect(try keywords(of: "host=x client_encoding=LATIN1")["client_encoding"] == "UTF8")
    }

    private func keywords(of text: String) throws -> [String: String] {
        var found: [String: String] = [:]
        try ConnectionString(parsing: text).withPointers { keywords, values in
            guard var keyword = keywords, var value = values else { return }
            while let name = keyword.pointee, let content = value.pointee {
                found[String(cString: name)] = String(cString: content)
                keyword += 1
                value += 1
            }
        }
        return found
    }
}
