import Database
import Foundation
import WhatsApp
import WhatsAppWire

/// What is known of all sessions, running or not, and their keys.
struct SessionRepository: Sendable {
    /// What it takes to open a session's store.
    struct Opening: Sendable {
        let key: DataKey
        /// Nil where none are kept.
        let credentials: Credentials?
        let untoldEvents: [(name: String, value: [UInt8])]
    }

    let database: Database
    let masterKeys: MasterKeyring
    /// The group of workers whose sessions these are; those of others in the same database are not seen.
    var server = "main"

    /// Makes a session with a key of its own, and with credentials where there are some.
    ///
    /// Throws ``FleetError/nameTaken(_:)`` when there is a session of that name.
    func create(_ name: String, credentials: Credentials? = nil) async throws -> StoredSession {
        let id = SessionID()
        let key = DataKey.random()
        let masterKey = masterKeys.current
        let wrapped = key.wrapped(with: masterKey.key, in: .key(of: id))
        var statements: [SQL] = [
            """
            INSERT INTO sessions (id, name, jid, server)
            VALUES (\(id), \(name), \(credentials?.account?.jid.description), \(server))
            """,
            "INSERT INTO session_keys (session_id, master_key, wrapped_key) VALUES (\(id), \(masterKey.id), \(wrapped))",
        ]
        if let credentials {
            let content = key.seal(CredentialsForm.encode(credentials), in: .credentials(of: id))
            statements.append("INSERT INTO session_credentials (session_id, content) VALUES (\(id), \(content))")
        }
        for case .failed(let error) in try await database.pipeline(statements) {
            guard error == .uniqueViolation(constraint: "sessions_name_key") else { throw error }
            throw FleetError.nameTaken(name)
        }
        guard let session = try await find(id) else { throw FleetError.unknownSession }
        return session
    }

    /// Replaces the credentials and all that belonged to those before: the session is another device now.
    func replaceCredentials(of id: SessionID, with credentials: Credentials) async throws {
        let key = try await key(of: id)
        let content = key.seal(CredentialsForm.encode(credentials), in: .credentials(of: id))
        try await all([
            "DELETE FROM session_records WHERE session_id = \(id)",
            """
            INSERT INTO session_credentials (session_id, content) VALUES (\(id), \(content))
            ON CONFLICT (session_id) DO UPDATE SET content = EXCLUDED.content, updated_at = now()
            """,
            "UPDATE sessions SET jid = \(credentials.account?.jid.description) WHERE id = \(id)",
        ])
    }

    /// Removes credentials and every secret; messages, contacts and chats stay.
    func wipe(_ id: SessionID) async throws {
        try await all([
            "DELETE FROM session_credentials WHERE session_id = \(id)",
            "DELETE FROM session_records WHERE session_id = \(id)",
            "UPDATE sessions SET jid = NULL WHERE id = \(id)",
        ])
    }

    /// Removes the session and everything of it.
    ///
    /// No store of it may be open.
    func delete(_ id: SessionID) async throws {
        try await all([
            // First: with it goes the right to write anything more.
            "DELETE FROM session_leases WHERE session_id = \(id)",
            "DELETE FROM session_records WHERE session_id = \(id)",
            "DELETE FROM messages WHERE session_id = \(id)",
            "DELETE FROM message_clearances WHERE session_id = \(id)",
            "DELETE FROM contacts WHERE session_id = \(id)",
            "DELETE FROM chats WHERE session_id = \(id)",
            "DELETE FROM sessions WHERE id = \(id)",
        ])
    }

    /// All sessions, by name.
    func all() async throws -> [StoredSession] {
        try await database.query(
            """
            SELECT id, name, is_wanted, status, reason, jid, created_at, status_at, active_at
            FROM sessions WHERE server = \(server) ORDER BY name
            """
        ).map(Self.session)
    }

    func find(_ id: SessionID) async throws -> StoredSession? {
        try await database.queryOne(
            """
            SELECT id, name, is_wanted, status, reason, jid, created_at, status_at, active_at
            FROM sessions WHERE id = \(id)
            """
        ).map(Self.session)
    }

    func setWanted(_ isWanted: Bool, _ id: SessionID) async throws {
        try await database.execute("UPDATE sessions SET is_wanted = \(isWanted) WHERE id = \(id)")
    }

    /// Writes down where sessions stand.
    func note(_ changes: [StatusChange]) async throws {
        guard !changes.isEmpty else { return }
        var ids = SQLColumn<UUID>()
        var statuses = SQLColumn<String>()
        var reasons = SQLColumn<String>()
        var jids = SQLColumn<String>()
        var times = SQLColumn<Date>()
        for change in changes {
            ids.append(change.id.rawValue)
            statuses.append(change.status.rawValue)
            reasons.append(change.reason)
            jids.append(change.jid?.description)
            times.append(change.at)
        }
        try await database.execute(
            """
            UPDATE sessions
            SET status = change.status, reason = change.reason, jid = COALESCE(change.jid, sessions.jid),
                status_at = change.status_at
            FROM unnest(\(ids), \(statuses), \(reasons), \(jids), \(times))
                AS change (id, status, reason, jid, status_at)
            WHERE sessions.id = change.id
            """
        )
    }

    /// A status that is to be written down.
    struct StatusChange: Sendable {
        let id: SessionID
        let status: SessionStatus
        let reason: String?
        let jid: JID?
        let at: Date
    }

    /// Writes down that sessions were in use.
    func noteActivity(_ active: [(SessionID, Date)]) async throws {
        guard !active.isEmpty else { return }
        var ids = SQLColumn<UUID>()
        var times = SQLColumn<Date>()
        for (id, time) in active {
            ids.append(id.rawValue)
            times.append(time)
        }
        try await database.execute(
            """
            UPDATE sessions SET active_at = GREATEST(sessions.active_at, seen.at)
            FROM unnest(\(ids), \(times)) AS seen (id, at) WHERE sessions.id = seen.id
            """
        )
    }

    /// Removes records whose time is over, some thousands at once.
    func removeExpired() async throws {
        while true {
            let removed = try await database.execute(
                """
                DELETE FROM session_records WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM session_records WHERE expires_at < now() LIMIT 5000
                ))
                """
            )
            guard removed == 5_000 else { return }
        }
    }

    /// Bytes that each of the sessions takes, without the indexes.
    func storage(of ids: [SessionID]) async throws -> [SessionID: Int] {
        var wanted = SQLColumn<SessionID.RawValue>()
        for id in ids { wanted.append(id.rawValue) }
        let rows = try await database.query(
            """
            SELECT wanted.id,
                (SELECT COALESCE(sum(octet_length(value) + octet_length(name) + 40), 0)
                    FROM session_records WHERE session_id = wanted.id)
                + (SELECT COALESCE(sum(octet_length(content) + 120), 0) FROM messages WHERE session_id = wanted.id)
                + (SELECT count(*) * 120 FROM contacts WHERE session_id = wanted.id)
                + (SELECT count(*) * 80 FROM chats WHERE session_id = wanted.id)
                + (SELECT COALESCE(sum(octet_length(content)), 0)
                    FROM session_credentials WHERE session_id = wanted.id) AS bytes
            FROM unnest(\(wanted)) AS wanted (id)
            """
        )
        var storage: [SessionID: Int] = [:]
        for row in rows { storage[try row.decode("id")] = try row.decode("bytes") }
        return storage
    }

    func key(of id: SessionID) async throws -> DataKey {
        let row = try await database.queryOne(
            "SELECT master_key, wrapped_key FROM session_keys WHERE session_id = \(id)"
        )
        guard let row else { throw FleetError.unknownSession }
        return try unwrap(row.decode("wrapped_key"), row.decode("master_key"), of: id)
    }

    private static func session(_ row: Row) throws -> StoredSession {
        StoredSession(
            id: try row.decode("id"),
            name: try row.decode("name"),
            isWanted: try row.decode("is_wanted"),
            status: SessionStatus(rawValue: try row.decode("status")) ?? .stopped,
            reason: try row.decodeIfPresent("reason"),
            jid: try row.decodeIfPresent("jid", as: String.self).flatMap { JID($0) },
            createdAt: try row.decode("created_at"),
            statusAt: try row.decode("status_at"),
            activeAt: try row.decodeIfPresent("active_at")
        )
    }

    private func all(_ statements: [SQL]) async throws {
        for case .failed(let error) in try await database.pipeline(statements) { throw error }
    }
}
