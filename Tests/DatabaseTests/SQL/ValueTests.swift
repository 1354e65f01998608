import Database
import Foundation
import Testing
import WharfTestSupport

struct ValueTests {
    private enum Colour: String, SQLEncodable, SQLDecodable {
        case red, green
    }

    private struct Identifier: RawRepresentable, Equatable, SQLEncodable, SQLDecodable {
        let rawValue: Int
    }

    /// Sends a value and reads it back, with the type that the parameter has.
    private func roundTrip<Value: SQLEncodable & SQLDecodable>(_ value: Value, _ database: Database) async throws
        -> Value
    {
        try #require(try await database.queryOne("SELECT \(value) AS value")).decode("value")
    }

    @Test func numbersGoThereAndBack() async throws {
        try await withTestDatabase { database throws in
            for value in [Int.min, -1, 0, 1, .max] { #expect(try await roundTrip(value, database) == value) }
            for value in [Int64.min, .max] { #expect(try await roundTrip(value, database) == value) }
            for value in [Int32.min, .max] { #expect(try await roundTrip(value, database) == value) }
            for value in [Int16.min, .max] { #expect(try await roundTrip(value, database) == value) }
            for value in [0.1, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
                #expect(try await roundTrip(value, database).bitPattern == value.bitPattern)
            }
            #expect(try await roundTrip(Double.nan, database).isNaN)
            #expect(try await roundTrip(true, database))
            #expect(try await !roundTrip(false, database))
        }
    }

    @Test func bytesAndIdentifiersGoThereAndBack() async throws {
        try await withTestDatabase { database throws in
            let bytes = (0...255).map { UInt8($0) }
            #expect(try await roundTrip(bytes, database) == bytes)
            #expect(try await roundTrip([UInt8](), database) == [])
            let uuid = UUID()
            #expect(try await roundTrip(uuid, database) == uuid)
            #expect(try await roundTrip(Identifier(rawValue: 7), database) == Identifier(rawValue: 7))
            #expect(try await roundTrip(Colour.green, database) == .green)
        }
    }

    @Test(arguments: [
        "", "plain", "'; DROP TABLE ships; --", "$1 \\' \" %s {} \\x00", "Grüße, 世界 👩‍👩‍👧‍👦", "\u{7F}\u{80}\u{FF}\u{10FFFF}",
        "a\tb\r\nc",
    ])
    func textGoesThereAndBack(text: String) async throws {
        try await withTestDatabase { database throws in
            #expect(try await roundTrip(text, database).utf8.elementsEqual(text.utf8))
        }
    }

    @Test func injectedSyntaxStaysAValue() async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE TABLE ships (name text NOT NULL)")
            let hostile = "x'); DELETE FROM ships; SELECT ('"
            try await database.execute("INSERT INTO ships (name) VALUES (\(hostile))")
            let everything = "nobody' OR '1' = '1"
            #expect(try await database.query("SELECT name FROM ships WHERE name = \(everything)").isEmpty)
            let names = try await database.query("SELECT name FROM ships").map {
                try $0.decode("name", as: String.self)
            }
            #expect(names == [hostile])
        }
    }

    @Test func textWithANULIsAnErrorBeforeAnythingIsSent() async throws {
        try await withTestDatabase { database in
            await #expect(throws: DatabaseError.unsendableParameter(position: 2)) {
                try await database.execute("SELECT \(1), \("a\0b")")
            }
            await #expect(throws: DatabaseError.unsendableParameter(position: 1)) {
                try await database.execute("SELECT \(["fine", "a\0b"])")
            }
            await #expect(throws: DatabaseError.unsendableParameter(position: 1)) {
                try await database.execute("SELECT \(JSONText("\"a\0b\""))")
            }
        }
    }

    @Test func nullsAreTyped() async throws {
        try await withTestDatabase { database in
            let row = try #require(
                try await database.queryOne(
                    """
                    SELECT \(Int?.none) AS number, \(Date?.none) AS time, \([UInt8]?.none) AS bytes,
                        \(UUID?.some(UUID())) AS uuid, \(String?.none) AS text
                    """
                )
            )
            #expect(try row.decodeIfPresent("number", as: Int.self) == nil)
            #expect(try row.decodeIfPresent("time", as: Date.self) == nil)
            #expect(try row.decodeIfPresent("bytes", as: [UInt8].self) == nil)
            #expect(try row.decodeIfPresent("text", as: String.self) == nil)
            #expect(try row.decodeIfPresent("uuid", as: UUID.self) != nil)
        }
    }

    @Test func arraysGoThereAndBack() async throws {
        try await withTestDatabase { database in
            let texts = ["", "a,b", "{\"quoted\\\"}", "NULL", "ä"]
            #expect(try await roundTrip(texts, database) == texts)
            #expect(try await roundTrip([String](), database) == [])
            #expect(try await roundTrip([Int.min, 0, .max], database) == [.min, 0, .max])
            let times = [Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: 1_700_000_000.25)]
            #expect(try await roundTrip(times, database) == times)
            let row = try #require(
                try await database.queryOne(
                    "SELECT ARRAY[1, 2]::integer[] AS small, count(*) AS hits WHERE 5 = ANY(\([4, 5]))"
                )
            )
            #expect(try row.decode("small", as: [Int].self) == [1, 2])
            #expect(try row.decode("hits", as: Int.self) == 1)
        }
    }

    @Test func arraysOfOtherShapesAreRefused() async throws {
        try await withTestDatabase { database in
            let row = try #require(
                try await database.queryOne(
                    "SELECT ARRAY[[1, 2], [3, 4]]::bigint[] AS square, ARRAY['a', NULL] AS gaps"
                )
            )
            #expect(throws: RowError.invalidValue(column: "square", expected: "Array<Int>")) {
                try row.decode("square", as: [Int].self)
            }
            #expect(throws: RowError.invalidValue(column: "gaps", expected: "Array<String>")) {
                try row.decode("gaps", as: [String].self)
            }
        }
    }

    @Test func documentsGoThereAndBack() async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE TABLE documents (body jsonb NOT NULL, raw json)")
            let document = JSONText(#"{"name": "x\"y", "list": [1, null]}"#)
            try await database.execute("INSERT INTO documents (body, raw) VALUES (\(document), \(#"{"a":1}"#))")
            let row = try #require(
                try await database.queryOne("SELECT body, raw, body->>'name' AS name FROM documents")
            )
            #expect(try row.decode("name", as: String.self) == "x\"y")
            #expect(try row.decode("body", as: JSONText.self).text == #"{"list": [1, null], "name": "x\"y"}"#)
            #expect(try row.decode("body", as: String.self) == #"{"list": [1, null], "name": "x\"y"}"#)
            #expect(try row.decode("raw", as: JSONText.self).text == #"{"a":1}"#)
        }
    }

    @Test func untypedTextFitsEnumsAndAddresses() async throws {
        try await withTestDatabase { database in
            try await database.execute("CREATE TYPE colour AS ENUM ('red', 'green')")
            try await database.execute("CREATE TABLE things (colour colour, address inet, tag varchar(5))")
            try await database.execute(
                "INSERT INTO things (colour, address, tag) VALUES (\(Colour.red), \("192.0.2.1"), \("abc"))"
            )
            let row = try #require(
                try await database.queryOne(
                    "SELECT colour, host(address) AS host, tag FROM things WHERE colour = \("red")"
                )
            )
            #expect(try row.decode("colour", as: Colour.self) == .red)
            #expect(try row.decode("host", as: String.self) == "192.0.2.1")
            #expect(try row.decode("tag", as: String.self) == "abc")
        }
    }

    @Test(arguments: [0, 1_700_000_000.123456, -62_135_596_800, 253_402_300_800, 951_782_400])
    func timesGoThereAndBack(seconds: Double) async throws {
        try await withTestDatabase { database in
            let time = Date(timeIntervalSince1970: seconds)
            let back = try await roundTrip(time, database)
            #expect(abs(back.timeIntervalSince(time)) < 0.000_001)
            // What comes back goes there unchanged.
            #expect(try await roundTrip(back, database) == back)
        }
    }

    @Test func timesAreTheSameInEveryZone() async throws {
        try await withTestDatabase { database in
            let time = Date(timeIntervalSince1970: 1_711_850_400.5)
            for zone in ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"] {
                try await database.withTransaction { transaction in
                    try await transaction.execute("SELECT set_config('TimeZone', \(zone), true)")
                    let row = try #require(
                        try await transaction.queryOne(
                            "SELECT \(time) AS time, extract(epoch FROM \(time))::float8 AS seconds"
                        )
                    )
                    #expect(try row.decode("time", as: Date.self) == time)
                    #expect(try row.decode("seconds", as: Double.self) == 1_711_850_400.5)
                }
            }
            let row = try #require(
                try await database.queryOne("SELECT '2024-03-31 03:00:00.5+02:00'::timestamptz AS summer")
            )
            #expect(try row.decode("summer", as: Date.self) == Date(timeIntervalSince1970: 1_711_846_800.5))
        }
    }

    @Test func timesWithoutCounterpartAreRefused() async throws {
        try await withTestDatabase { database in
            let row = try #require(
                try await database.queryOne("SELECT 'infinity'::timestamptz AS never, now()::timestamp AS here")
            )
            #expect(throws: RowError.invalidValue(column: "never", expected: "Date")) {
                try row.decode("never", as: Date.self)
            }
            #expect(throws: RowError.wrongType(column: "here", expected: "Date")) {
                try row.decode("here", as: Date.self)
            }
            for time in [Date(timeIntervalSince1970: .infinity), Date(timeIntervalSince1970: 1e30)] {
                await #expect(throws: DatabaseError.unsendableParameter(position: 1)) {
                    try await database.execute("SELECT \(time)")
                }
            }
        }
    }

    @Test func hugeValuesGoThereAndBack() async throws {
        try await withTestDatabase { database in
            let bytes = [UInt8](repeating: 0xA5, count: 10 << 20)
            let text = String(repeating: "ä", count: 5 << 20)
            let row = try #require(try await database.queryOne("SELECT \(bytes) AS bytes, \(text) AS text"))
            #expect(try row.decode("bytes", as: [UInt8].self) == bytes)
            #expect(try row.decode("text", as: String.self) == text)
        }
    }
}
