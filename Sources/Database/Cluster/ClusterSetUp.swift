/// Brings a fresh server to the state in which Wharf expects it, and leaves one alone that is in it.
struct ClusterSetUp {
    /// A connection as superuser.
    let connection: PostgresConnection

    /// Makes the user `wharf`, who may do nothing beyond the own database, and the database of the same name.
    func run() async throws(ClusterError) {
        do throws(DatabaseError) {
            try await make("CREATE ROLE wharf LOGIN", unless: "SELECT 1 FROM pg_roles WHERE rolname = 'wharf'")
            try await make(
                "CREATE DATABASE wharf OWNER wharf",
                unless: "SELECT 1 FROM pg_database WHERE datname = 'wharf'"
            )
        } catch {
            throw error == .cancelled ? .cancelled : .setUpFailed(error)
        }
    }

    private func make(_ statement: SQL, unless test: SQL) async throws(DatabaseError) {
        guard try await connection.run(test, timeLimit: .seconds(10)).rowCount == 0 else { return }
        _ = try await connection.run(statement, timeLimit: .seconds(60))
    }
}

extension DatabaseName {
    /// The product's own database.
    static let wharf = DatabaseName(trusted: "wharf")
    /// The database that every server has.
    static let maintenance = DatabaseName(trusted: "postgres")
}
