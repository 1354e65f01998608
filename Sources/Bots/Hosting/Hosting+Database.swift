import Database
import Foundation

/// How large the database is, and what keeps it busy.
package struct DatabaseFigures: Sendable, Encodable, Equatable {
    package struct Statement: Sendable, Encodable, Equatable {
        package let text: String
        /// The longest.
        package let seconds: Double
        package let count: Int
        package let totalSeconds: Double
    }

    package var bytes: Int
    package var connections: Int
    /// Those of this process that took the most time in all since it began, without their values.
    package var slow: [Statement]
    package var tables: [Table]

    package struct Table: Sendable, Encodable, Equatable {
        package let name: String
        package let bytes: Int
        package let rows: Int
    }
}

extension Hosting {
    /// How large the database is, and which statements have taken long.
    package func databaseFigures() async throws -> DatabaseFigures {
        let size = try await database.queryOne(
            """
            SELECT pg_database_size(current_database()) AS bytes,
                (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections
            """
        )
        let tables = try await database.query(
            """
            SELECT relname::text AS name, pg_total_relation_size(relid) AS bytes, n_live_tup AS rows
            FROM pg_stat_user_tables ORDER BY 2 DESC LIMIT 8
            """
        )
        return DatabaseFigures(
            bytes: try size?.decode("bytes") ?? 0,
            connections: try size?.decode("connections") ?? 0,
            slow: database.slowStatements.top(10).map { entry in
                DatabaseFigures.Statement(
                    text: entry.text,
                    seconds: entry.longest / .seconds(1),
                    count: entry.count,
                    totalSeconds: entry.total / .seconds(1)
                )
            },
            tables: try tables.map { row in
                DatabaseFigures.Table(
                    name: try row.decode("name"),
                    bytes: try row.decode("bytes"),
                    rows: try row.decode("rows")
                )
            }
        )
    }
}
