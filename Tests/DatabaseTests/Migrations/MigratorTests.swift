import Database
import Foundation
import Logging
import Testing
import WharfTestSupport

struct MigratorTests {
    private let logger = Logger(label: "tests")

    /// A database without the product's schema, and a folder with migrations.
    private func withMigrations(
        _ files: [String: String],
        _ body: (Database, String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            for (name, text) in files { try write(text, to: "\(folder)/\(name)") }
            try await withTestDatabase { database in
                try await database.execute("DROP SCHEMA public CASCADE")
                try await database.execute("CREATE SCHEMA public")
                try await body(database, folder)
            }
        }
    }

    @discardableResult
    private func migrate(_ database: Database, _ folder: String) async throws -> [String] {
        try await Migrator(files: MigrationFile.all(in: folder), logger: logger).run(on: database).map(\.name)
    }

    private let twoSteps = [
        "0001_bots.sql": "CREATE TABLE bots (id integer);",
        "0002_names.sql": "ALTER TABLE bots ADD name text;\nCREATE INDEX bots_name ON bots (name);",
        "README.md": "not a migration",
    ]

    @Test func filesAreAppliedOnceInOrder() async throws {
        try await withMigrations(twoSteps) { database, folder in
            #expect(try await migrate(database, folder) == ["0001_bots.sql", "0002_names.sql"])
            #expect(try await migrate(database, folder) == [])
            try write("DROP INDEX bots_name;", to: "\(folder)/0003_no_index.sql")
            #expect(try await migrate(database, folder) == ["0003_no_index.sql"])
            let row = try #require(
                try await database.queryOne(
                    "SELECT count(*) AS steps, bool_and(length(checksum) = 64) AS summed FROM wharf_migrations"
                )
            )
            #expect(try row.decode("steps", as: Int.self) == 3)
            #expect(try row.decode("summed", as: Bool.self))
        }
    }

    @Test func theMigrationsOfTheProductAreApplied() async throws {
        try await withTestDatabase { database in
            let applied = try await database.query("SELECT name FROM wharf_migrations ORDER BY number")
            #expect(try applied.first?.decode("name", as: String.self).hasPrefix("0001_") == true)
        }
    }

    @Test func aChangedFileIsRefused() async throws {
        try await withMigrations(twoSteps) { database, folder in
            try await migrate(database, folder)
            try write("CREATE TABLE bots (id bigint);", to: "\(folder)/0001_bots.sql")
            await #expect(throws: MigrationError.changed(file: "0001_bots.sql")) { try await migrate(database, folder) }
        }
    }

    @Test func aRenamedFileIsRefused() async throws {
        try await withMigrations(twoSteps) { database, folder in
            try await migrate(database, folder)
            try FileManager.default.moveItem(atPath: "\(folder)/0002_names.sql", toPath: "\(folder)/0002_words.sql")
            await #expect(throws: MigrationError.renamed(file: "0002_words.sql", appliedAs: "0002_names.sql")) {
                try await migrate(database, folder)
            }
        }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        try await withMigrations(twoSteps) { database, folder in
            try await migrate(database, folder)
            try FileManager.default.removeItem(atPath: "\(folder)/0002_names.sql")
            await #expect(throws: MigrationError.databaseIsNewer(database: 2, files: 1)) {
                try await migrate(database, folder)
            }
        }
    }

    @Test(
        arguments: [
            (["0001_a.sql", "0003_c.sql"], MigrationError.gap(missing: 2)),
            (["0002_b.sql"], .gap(missing: 1)),
            (["0000_a.sql"], .duplicateNumber(0)),
            (["0001_a.sql", "0001_b.sql"], .duplicateNumber(1)),
            (["1_a.sql"], .malformedName("1_a.sql")),
            (["0001_A.sql"], .malformedName("0001_A.sql")),
            (["0001.sql"], .malformedName("0001.sql")),
        ]
    )
    func badFoldersAreRefused(names: [String], error: MigrationError) async throws {
        try await withTemporaryFolder { folder in
            for name in names { try write("SELECT 1", to: "\(folder)/\(name)") }
            #expect(throws: error) { try MigrationFile.all(in: folder) }
        }
    }

    @Test func aMissingFolderIsRefused() {
        #expect(throws: MigrationError.unreadable("/nonexistent")) { try MigrationFile.all(in: "/nonexistent") }
    }

    @Test(
        arguments: [
            // The server names the place.
            ("CREATE TABLE a (id integer);\n\nCREATE TABLE b (\n  id strange\n);", 4, "42704"),
            // It names none: the line is that of the statement.
            (
                "CREATE TABLE a (id integer PRIMARY KEY);\n-- twice;\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);",
                4, "23505"
            ),
        ]
    )
    func aFailingFileIsNamedWithItsLine(text: String, line: Int, state: String) async throws {
        try await withMigrations(["0001_fine.sql": "CREATE TABLE fine (id integer)", "0002_bad.sql": text]) {
            database,
            folder in
            await #expect(throws: MigrationError.failed(file: "0002_bad.sql", line: line, sqlState: state)) {
                try await migrate(database, folder)
            }
            // The one before stays, nothing of the failing one does, and a corrected one is applied.
            #expect(try await database.query("SELECT number FROM wharf_migrations").count == 1)
            try write("CREATE TABLE a (id integer);", to: "\(folder)/0002_bad.sql")
            #expect(try await migrate(database, folder) == ["0002_bad.sql"])
        }
    }

    @Test(arguments: ["CREATE TABLE a (id integer); COMMIT;", "ROLLBACK"])
    func aFileMayNotEndItsTransaction(text: String) async throws {
        try await withMigrations(["0001_ends.sql": text]) { database, folder in
            await #expect(throws: MigrationError.endsTransaction(file: "0001_ends.sql")) {
                try await migrate(database, folder)
            }
            let recorded = try await database.query("SELECT number FROM wharf_migrations")
            #expect(recorded.isEmpty)
        }
    }

    @Test func whatAFileSetsDoesNotLast() async throws {
        try await withMigrations(["0001_sets.sql": "SET lock_timeout = 1; SET TimeZone = 'Asia/Kathmandu'"]) {
            database,
            folder in
            try await migrate(database, folder)
            let row = try #require(try await database.queryOne("SELECT current_setting('TimeZone') AS zone"))
            #expect(try row.decode("zone", as: String.self) == "UTC")
        }
    }

    @Test func severalProcessesMayStartAtOnce() async throws {
        let slow = [
            "0001_slow.sql": "CREATE TABLE slow (id integer); SELECT pg_sleep(0.3);",
            "0002_more.sql": "CREATE TABLE more ()",
        ]
        try await withMigrations(slow) { database, folder in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await migrate(database, folder).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(applied.sorted() == [0, 0, 0, 2])
        }
    }

    @Test func waitingForAnotherProcessIsBounded() async throws {
        try await withMigrations(twoSteps) { database, folder in
            try await database.withTransaction { transaction in
                try await transaction.execute("SELECT pg_advisory_xact_lock(\(0x77_68_61_72_66))")
                let migrator = try Migrator(
                    files: MigrationFile.all(in: folder),
                    logger: logger,
                    patience: .milliseconds(100)
                )
                _ = await #expect(throws: MigrationError.busy) { try await migrator.run(on: database) }
            }
        }
    }
}
