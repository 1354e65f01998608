import Database
import Foundation

/// How large the database is, and what keeps it busy.
package struct DatabaseFigures: Sendable, Encodable, Equatable {
    package struct Statement: Sendable, Encodable, Equatable {
        package let text: String
        package let seconds: Double
        package let state: String
    }

    package var bytes: Int
    package var connections: Int
    /// Those under way for longest, without their parameters.
    package var slow: [Statement]
    package var tables: [Table]

    package struct Table: Sendable, Encodable, Equatable {
        package let name: String
        package let bytes: Int
        package let rows: Int
    }
}

extension Hosting {
    /// How large the database is, and which statements take long at the moment.
    package func databaseFigures() async throws -> DatabaseFigures {
        let size = try await database.queryOne(
            """
            SELECT pg_database_size(current_database()) AS bytes,
                (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections
            """
        )
        let slow = try await database.query(
            """
            SELECT left(query, 300) AS text, extract(epoch FROM clock_timestamp() - query_start)::float8 AS seconds, state
            FROM pg_stat_activity
            WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
                AND clock_timestamp() - query_start > interval '100 milliseconds'
            ORDER BY query_start LIMIT 10
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
            slow: try slow.map { row in
                DatabaseFigures.Statement(
                    text: try row.decode("text"),
                    seconds: try row.decode("seconds"),
                    state: try row.decode("state")
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
