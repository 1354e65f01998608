import Foundation
import Testing
import WharfTestSupport

@testable import Database

struct SQLColumnTests {
    @Test func rowsOfAllTypesGoThereAndBack() async throws {
        let (first, second) = (UUID(), UUID())
        let moment = Date(timeIntervalSince1970: 1_800_000_000.25)
        var ids = SQLColumn<UUID>()
        var small = SQLColumn<Int16>()
        var middle = SQLColumn<Int32>()
        var large = SQLColumn<Int64>()
        var flags = SQLColumn<Bool>()
        var texts = SQLColumn<String>()
        var bytes = SQLColumn<[UInt8]>()
        var times = SQLColumn<Date>()
        for (id, isNull) in [(first, false), (second, true)] {
            ids.append(id)
            small.append(-3)
            middle.append(isNull ? nil : 70_000)
            large.append(Int64.max)
            flags.append(isNull ? nil : true)
            texts.append(isNull ? nil : "über")
            bytes.append { $0.append(contentsOf: [0, 1, 2]) }
            times.append(isNull ? nil : moment)
        }
        try await withTestDatabase { database in
            let rows = try await database.query(
                """
                SELECT row.id, row.small, row.middle, row.large, row.flag, row.text, row.bytes, row.time
                FROM unnest(\(ids), \(small), \(middle), \(large), \(flags), \(texts), \(bytes), \(times))
                    WITH ORDINALITY AS row (id, small, middle, large, flag, text, bytes, time, place)
                ORDER BY row.place
                """
            )
            try #require(rows.count == 2)
            #expect(try rows[0].decode("id", as: UUID.self) == first)
            #expect(try rows[0].decode("small", as: Int.self) == -3)
            #expect(try rows[0].decode("middle", as: Int.self) == 70_000)
            #expect(try rows[0].decode("large", as: Int64.self) == .max)
            #expect(try rows[0].decode("flag", as: Bool.self))
            #expect(try rows[0].decode("text", as: String.self) == "über")
            #expect(try rows[0].decode("bytes", as: [UInt8].self) == [0, 1, 2])
            #expect(try rows[0].decode("time", as: Date.self) == moment)
            #expect(try rows[1].decode("id", as: UUID.self) == second)
            #expect(try rows[1].decodeIfPresent("middle", as: Int.self) == nil)
            #expect(try rows[1].decodeIfPresent("flag", as: Bool.self) == nil)
            #expect(try rows[1].decodeIfPresent("text", as: String.self) == nil)
            #expect(try rows[1].decodeIfPresent("time", as: Date.self) == nil)
        }
    }

    @Test func anEmptyColumnHasNoRows() async throws {
        try await withTestDatabase { database in
            let rows = try await database.query("SELECT row.id FROM unnest(\(SQLColumn<UUID>())) AS row (id)")
            #expect(rows.isEmpty)
        }
    }

    @Test func aTextWithNulIsNotSent() async throws {
        var texts = SQLColumn<String>()
        texts.append("a\0b")
        let column = texts
        try await withTestDatabase { database in
            await #expect(throws: DatabaseError.unsendableParameter(position: 1)) {
                try await database.query("SELECT row.text FROM unnest(\(column)) AS row (text)")
            }
        }
    }
}
