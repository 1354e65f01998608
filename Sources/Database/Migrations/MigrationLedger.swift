/// The table in which a database keeps which migrations it has.
struct MigrationLedger {
    struct Entry: Equatable {
        let number: Int
        let name: String
        let checksum: String
    }

    let connection: PostgresConnection

    /// Statements of the schema may take long on a large table.
    private static let timeLimit: Duration? = nil
    /// The key of the advisory lock: "wharf" in ASCII.
    private static let lockKey = 0x77_68_61_72_66

    /// Takes the lock that lets one process at a time migrate; it is held until the connection is closed.
    func tryLock() async throws(DatabaseError) -> Bool {
        let result = try await run("SELECT pg_try_advisory_lock(\(Self.lockKey)) AS locked")
        return try result.rows.first?.read("locked") ?? false
    }

    /// What has been applied, in order.
    func entries() async throws(DatabaseError) -> [Entry] {
        try await run(
            """
            CREATE TABLE IF NOT EXISTS wharf_migrations (
                number integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL CHECK (length(checksum) = 64),
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """
        )
        let result = try await run("SELECT number, name, checksum FROM wharf_migrations ORDER BY number")
        var entries: [Entry] = []
        for row in result.rows {
            entries.append(
                Entry(
                    number: try row.read("number"),
                    name: try row.read("name"),
                    checksum: try row.read("checksum")
                )
            )
        }
        return entries
    }

    /// Opens the transaction of one file, in which nothing is bounded.
    func begin() async throws(DatabaseError) {
        try await run("BEGIN")
        try await run("SET LOCAL statement_timeout = 0")
    }

    func add(_ entry: Entry) async throws(DatabaseError) {
        try await run(
            """
            INSERT INTO wharf_migrations (number, name, checksum)
            VALUES (\(entry.number), \(entry.name), \(entry.checksum))
            """
        )
    }

    func commit() async throws(DatabaseError) {
        try await run("COMMIT")
    }

    @discardableResult
    private func run(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        try await connection.run(statement, timeLimit: Self.timeLimit)
    }
}

extension MigrationLedger.Entry {
    init(_ file: MigrationFile) {
        self.init(number: file.number, name: file.name, checksum: file.checksum)
    }
}

extension Row {
    /// Reads a column of the ledger; a table of this name that is not ours has the state "datatype mismatch".
    fileprivate func read<Value: SQLDecodable>(_ column: String) throws(DatabaseError) -> Value {
        do throws(RowError) {
            return try decode(column)
        } catch {
            throw .other(sqlState: "42804")
        }
    }
}
