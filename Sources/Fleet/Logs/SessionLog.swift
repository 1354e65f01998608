import Database
import Foundation
import Synchronization
import WhatsApp

/// The logs of all sessions: the last thousand lines of each are in the database, written in groups.
final class SessionLog: Sendable {
    /// Lines of one session between two writings; what comes beyond is not kept.
    private static let burst = 200
    private static let limit = 20_000

    private struct State {
        var waiting: [(id: SessionID, line: SessionLogLine)] = []
        var counts: [SessionID: Int] = [:]
    }

    private let database: Database
    private let state = Mutex(State())

    init(database: Database) {
        self.database = database
    }

    func write(_ line: SessionLogLine, of id: SessionID) {
        state.withLock { state in
            guard state.waiting.count < Self.limit, state.counts[id, default: 0] < Self.burst else { return }
            state.counts[id, default: 0] += 1
            state.waiting.append((id, line))
        }
    }

    /// Writes what has gathered; without a database it gathers on, up to the limit.
    func flush() async throws {
        let lines = state.withLock { state in
            defer { (state.waiting, state.counts) = ([], [:]) }
            return state.waiting
        }
        guard !lines.isEmpty else { return }
        do {
            try await insert(lines)
        } catch {
            state.withLock { state in
                state.waiting = Array((lines + state.waiting).prefix(Self.limit))
                for line in lines { state.counts[line.id, default: 0] += 1 }
            }
            throw error
        }
    }

    private func insert(_ lines: [(id: SessionID, line: SessionLogLine)]) async throws {
        var ids = SQLColumn<UUID>()
        var times = SQLColumn<Date>()
        var levels = SQLColumn<String>()
        var texts = SQLColumn<String>()
        for (id, line) in lines {
            ids.append(id.rawValue)
            times.append(line.at)
            levels.append(line.level.rawValue)
            texts.append(StoredText.words(line.text))
        }
        try await database.execute(
            """
            WITH line AS (
                SELECT row.session_id, row.written_at, row.level, row.text,
                    row_number() OVER (PARTITION BY row.session_id ORDER BY row.place) AS step
                FROM unnest(\(ids), \(times), \(levels), \(texts))
                    WITH ORDINALITY AS row (session_id, written_at, level, text, place)
            ), counted AS (
                UPDATE sessions SET log_lines = log_lines + fresh.count
                FROM (SELECT session_id, max(step) AS count FROM line GROUP BY session_id) AS fresh
                WHERE sessions.id = fresh.session_id
                RETURNING sessions.id, sessions.log_lines - fresh.count AS before
            )
            INSERT INTO session_log (session_id, place, number, written_at, level, text)
            SELECT line.session_id, (counted.before + line.step - 1) % 1000, counted.before + line.step,
                line.written_at, line.level, line.text
            FROM line JOIN counted ON counted.id = line.session_id
            ON CONFLICT (session_id, place) DO UPDATE
            SET number = EXCLUDED.number, written_at = EXCLUDED.written_at, level = EXCLUDED.level,
                text = EXCLUDED.text
            """
        )
    }

    /// The last lines of a session, oldest first.
    func lines(of id: SessionID, last count: Int) async throws -> [SessionLogLine] {
        let rows = try await database.query(
            """
            SELECT written_at, level, text FROM session_log
            WHERE session_id = \(id) ORDER BY number DESC LIMIT \(min(max(count, 0), 1_000))
            """
        )
        return try rows.reversed().map { row in
            SessionLogLine(
                at: try row.decode("written_at"),
                level: SessionNote.Level(rawValue: try row.decode("level")) ?? .info,
                text: try row.decode("text")
            )
        }
    }
}
