import Database
import Testing
import WharfTestSupport

struct ErrorTests {
    @Test func violationsNameTheirConstraint() async throws {
        try await withTestDatabase { database in
            try await database.execute(
                """
                CREATE TABLE owners (id integer CONSTRAINT owners_key PRIMARY KEY)
                """
            )
            try await database.execute(
                """
                CREATE TABLE ships (
                    owner integer NOT NULL CONSTRAINT ships_owner REFERENCES owners (id),
                    size integer CONSTRAINT ships_size CHECK (size < 10)
                )
                """
            )
            try await database.execute("INSERT INTO owners (id) VALUES (1)")
            await #expect(throws: DatabaseError.uniqueViolation(constraint: "owners_key")) {
                try await database.execute("INSERT INTO owners (id) VALUES (\(1))")
            }
            await #expect(throws: DatabaseError.foreignKeyViolation(constraint: "ships_owner")) {
                try await database.execute("INSERT INTO ships (owner) VALUES (\(2))")
            }
            await #expect(throws: DatabaseError.checkViolation(constraint: "ships_size")) {
                try await database.execute("INSERT INTO ships (owner, size) VALUES (\(1), \(10))")
            }
            await #expect(throws: DatabaseError.notNullViolation(column: "owner")) {
                try await database.execute("INSERT INTO ships (owner) VALUES (\(Int?.none))")
            }
        }
    }

    @Test func otherErrorsHoldTheirStateAndNoData() async throws {
        try await withTestDatabase { database in
            let secret = "a secret"
            let error = await #expect(throws: DatabaseError.self) {
                try await database.execute("SELECT \(secret)::integer")
            }
            #expect(error == .other(sqlState: "22P02"))
            #expect(!String(reflecting: error).contains(secret))
            await #expect(throws: DatabaseError.other(sqlState: "42601")) { try await database.execute("SELEKT 1") }
            await #expect(throws: DatabaseError.other(sqlState: "22003")) {
                try await database.execute("SELECT \(Int.max)::integer")
            }
        }
    }

    @Test func rowsThatChangedAreCounted() async throws {
        try await withTestDatabase { database in
            var changed = [try await database.execute("CREATE TABLE numbers (number integer)")]
            changed.append(try await database.execute("INSERT INTO numbers SELECT generate_series(1, 7)"))
            changed.append(try await database.execute("UPDATE numbers SET number = 0 WHERE number > \(4)"))
            changed.append(try await database.execute("DELETE FROM numbers WHERE number = \(99)"))
            #expect(changed == [0, 7, 3, 0])
        }
    }
}
