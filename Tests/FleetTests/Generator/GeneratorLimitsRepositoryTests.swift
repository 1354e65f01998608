import Database
import Foundation
import SignalProtocol
import Testing
import WharfTestSupport

@testable import Fleet

@Suite(.serialized, .timeLimit(.minutes(4))) struct GeneratorLimitsRepositoryTests {
    private static let hour = Duration.seconds(3_600)

    private func limits(_ database: Database, key: UInt8 = 1) -> GeneratorLimitsRepository {
        GeneratorLimitsRepository(database: database, key: SecretBytes([UInt8](repeating: key, count: 32)))
    }

    /// Lets all that was taken be so much longer ago.
    private func age(_ database: Database, by minutes: Double) async throws {
        _ = try await database.execute(
            """
            UPDATE generator_limits
            SET taken_at = ARRAY(SELECT taken - make_interval(secs => \(minutes * 60)) FROM unnest(taken_at) AS taken),
                last_at = last_at - make_interval(secs => \(minutes * 60))
            """
        )
    }

    @Test func windowSlidesAndTheWaitIsExact() async throws {
        try await withTestDatabase { database in
            let limits = limits(database)
            for _ in 0..<3 {
                #expect(try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour) == nil)
                try await age(database, by: 10)
            }
            // Taken 30, 20 and 10 minutes ago: the first leaves the window in 30 minutes.
            let wait = try #require(try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour))
            #expect(wait <= .seconds(1_800) && wait > .seconds(1_790))
            try await age(database, by: 29.9)
            let last = try #require(try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour))
            #expect(last <= .seconds(6))
            try await age(database, by: 0.11)
            #expect(try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour) == nil)
            // The second of the first three is next, in ten minutes.
            let next = try #require(try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour))
            #expect(next <= .seconds(600) && next > .seconds(580))
        }
    }

    @Test func loweredLimitHoldsAtOnce() async throws {
        try await withTestDatabase { database in
            let limits = limits(database)
            for _ in 0..<4 {
                #expect(try await limits.take(.attempt, by: "a", limit: 10, within: Self.hour) == nil)
                try await age(database, by: 5)
            }
            // Taken 20, 15, 10 and 5 minutes ago: with 2 allowed, one is free when the third has left, in 50 minutes.
            let wait = try #require(try await limits.take(.attempt, by: "a", limit: 2, within: Self.hour))
            #expect(wait <= .seconds(3_000) && wait > .seconds(2_980))
        }
    }

    @Test func subjectsAndKindsAreCountedApart() async throws {
        try await withTestDatabase { database in
            let limits = limits(database)
            #expect(try await limits.take(.attempt, by: "a", limit: 1, within: Self.hour) == nil)
            #expect(try await limits.take(.attempt, by: "b", limit: 1, within: Self.hour) == nil)
            #expect(try await limits.take(.validation, by: "a", limit: 1, within: Self.hour) == nil)
            #expect(try await limits.take(.attempt, by: "a", limit: 1, within: Self.hour) != nil)
            try await limits.release(.attempt, by: "a")
            #expect(try await limits.take(.attempt, by: "a", limit: 1, within: Self.hour) == nil)
            #expect(try await limits.take(.attempt, by: "b", limit: 1, within: Self.hour) != nil)
        }
    }

    @Test func manyAtOnceNeverPassTheLimit() async throws {
        let test = try await TestDatabase.make()
        let other = Database(server: test.connectionString, configuration: .test, logger: GeneratorWorld.silence)
        let repositories = [limits(test.database), limits(other)]
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    try await repositories[index % 2].take(.attempt, by: "a", limit: 7, within: Self.hour) == nil
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 7)
        await other.close()
        try await test.drop()
    }

    @Test func addressesThemselvesAreNotStored() async throws {
        try await withTestDatabase { database in
            #expect(try await limits(database).take(.attempt, by: "192.0.2.1", limit: 1, within: Self.hour) == nil)
            let row = try #require(try await database.queryOne("SELECT subject FROM generator_limits"))
            let subject: [UInt8] = try row.decode("subject")
            #expect(subject.count == 32)
            #expect(!String(decoding: subject, as: UTF8.self).contains("192"))
            // Another key is another hash.
            #expect(
                try await limits(database, key: 2).take(.attempt, by: "192.0.2.1", limit: 1, within: Self.hour) == nil
            )
            #expect(try await database.query("SELECT kind FROM generator_limits").count == 2)
        }
    }

    @Test func oldRowsAreRemoved() async throws {
        try await withTestDatabase { database in
            let limits = limits(database)
            _ = try await limits.take(.attempt, by: "old", limit: 1, within: Self.hour)
            try await age(database, by: 61)
            _ = try await limits.take(.attempt, by: "new", limit: 1, within: Self.hour)
            try await limits.removeOld(than: Self.hour)
            #expect(try await database.query("SELECT kind FROM generator_limits").count == 1)
            #expect(try await limits.take(.attempt, by: "new", limit: 1, within: Self.hour) != nil)
        }
    }

    @Test func rowsDoNotGrow() async throws {
        try await withTestDatabase { database in
            let limits = limits(database)
            for _ in 0..<20 {
                _ = try await limits.take(.attempt, by: "a", limit: 3, within: Self.hour)
                try await age(database, by: 25)
            }
            let row = try #require(
                try await database.queryOne("SELECT cardinality(taken_at)::bigint AS count FROM generator_limits")
            )
            let count: Int = try row.decode("count")
            #expect(count <= 3)
        }
    }
}

@Suite struct AddressKeyTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wharf-key-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func keyIsMadeOnceForItsOwnerAlone() throws {
        try withFolder { folder in
            let key = try AddressKey.loadOrCreate(inFolder: folder)
            #expect(key.count == 32)
            #expect(try AddressKey.loadOrCreate(inFolder: folder) == key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [AddressKey.fileName])
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(AddressKey.fileName)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(arguments: [0, 31, 33])
    func damagedKeyIsNamed(length: Int) throws {
        try withFolder { folder in
            let path = "\(folder)/\(AddressKey.fileName)"
            try Data(repeating: 1, count: length).write(to: URL(fileURLWithPath: path))
            #expect(throws: KeyFileError.damaged(path: path)) { try AddressKey.loadOrCreate(inFolder: folder) }
        }
    }

    @Test func missingFolderIsNamed() {
        #expect(throws: KeyFileError.self) { try AddressKey.loadOrCreate(inFolder: "/nonexistent/folder") }
    }
}
