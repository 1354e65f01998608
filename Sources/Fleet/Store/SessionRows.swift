import Database
import Foundation
import WhatsApp

/// Reads what sessions keep.
///
/// A read that found no database is tried again for a while, because the database may be starting anew.
struct SessionRows: Sendable {
    private let database: Database
    private let patience: Duration

    init(database: Database, patience: Duration = .seconds(20)) {
        self.database = database
        self.patience = patience
    }

    func credentials(of session: SessionID, key: DataKey) async throws(StoreError) -> Credentials? {
        let rows = try await query("SELECT content FROM session_credentials WHERE session_id = \(session)")
        guard let row = rows.first else { return nil }
        do {
            let content = try key.open(row.decode("content"), in: .credentials(of: session))
            return try CredentialsForm.decode(content)
        } catch {
            throw .corrupt(.setting)
        }
    }

    func load(_ keys: [RecordKey], of session: SessionID, key: DataKey) async throws(StoreError)
        -> [RecordKey: [UInt8]]
    {
        guard !keys.isEmpty else { return [:] }
        var kinds = SQLColumn<Int16>()
        var names = SQLColumn<String>()
        for key in keys {
            kinds.append(key.kind.rawValue)
            names.append(StoredText.name(key.name))
        }
        let rows = try await query(
            """
            SELECT wanted.place, record.value
            FROM unnest(\(kinds), \(names)) WITH ORDINALITY AS wanted (kind, name, place)
            JOIN session_records AS record
                ON record.session_id = \(session) AND record.kind = wanted.kind AND record.name = wanted.name
            WHERE record.expires_at IS NULL OR record.expires_at > now()
            """
        )
        var found: [RecordKey: [UInt8]] = [:]
        for row in rows {
            let place: Int = try decode { () throws(RowError) in try row.decode("place") }
            guard keys.indices.contains(place - 1) else { throw .unavailable }
            let name = keys[place - 1]
            found[name] = try open(row, name.kind, StoredText.name(name.name), session, key)
        }
        return found
    }

    func list(
        _ kind: RecordKind,
        of session: SessionID,
        prefix: String,
        after name: String?,
        limit: Int,
        key: DataKey
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        guard !prefix.utf8.contains(0), limit > 0 else { return [] }
        let rows = try await query(
            """
            SELECT name, value FROM session_records
            WHERE session_id = \(session) AND kind = \(kind.rawValue) AND starts_with(name, \(prefix))
                AND name > \(StoredText.name(name ?? "")) AND (expires_at IS NULL OR expires_at > now())
            ORDER BY name LIMIT \(limit)
            """
        )
        var found: [(name: String, value: [UInt8])] = []
        for row in rows {
            let name: String = try decode { () throws(RowError) in try row.decode("name") }
            found.append((name, try open(row, kind, name, session, key)))
        }
        return found
    }

    func message(
        chat: String,
        id: String,
        sender: String?,
        of session: SessionID,
        key: DataKey
    ) async throws(StoreError) -> StoredMessage? {
        let author = sender.map { StoredText.name($0) }
        let rows = try await query(
            """
            SELECT chat, id, sender, is_from_me, sent_at, kind, push_name, content, is_history, status, expires_at, error
            FROM messages
            WHERE session_id = \(session) AND chat = \(StoredText.name(chat)) AND id = \(StoredText.name(id))
                AND (\(author)::text IS NULL OR sender = \(author))
                AND (expires_at IS NULL OR is_kept OR expires_at > now())
                AND NOT EXISTS (
                    SELECT FROM message_clearances AS clearance
                    WHERE clearance.session_id = messages.session_id AND clearance.chat = messages.chat
                        AND messages.sent_at < clearance.until
                        AND NOT (clearance.keeps_starred AND messages.is_starred)
                )
            ORDER BY sender LIMIT 1
            """
        )
        return try rows.first.map { row throws(StoreError) in try message(row, of: session, key: key) }
    }

    /// At most so many are looked for at a start.
    private static let pendingLimit = 4_096

    func pendingMessages(
        since time: Date,
        of session: SessionID,
        key: DataKey
    ) async throws(StoreError) -> [StoredMessage] {
        let rows = try await query(
            """
            SELECT chat, id, sender, is_from_me, sent_at, kind, push_name, content, is_history, status, expires_at, error
            FROM messages
            WHERE session_id = \(session) AND sent_at >= \(time) AND is_from_me AND NOT is_history
                AND status = \(MessageStatus.pending.rawValue)
            ORDER BY sent_at LIMIT \(Self.pendingLimit)
            """
        )
        var messages: [StoredMessage] = []
        for row in rows { messages.append(try message(row, of: session, key: key)) }
        return messages
    }

    private func message(_ row: Row, of session: SessionID, key: DataKey) throws(StoreError) -> StoredMessage {
        try decode { () throws(RowError) in
            let chat: String = try row.decode("chat")
            let id: String = try row.decode("id")
            let sender: String = try row.decode("sender")
            let place = SealedPlace.message(of: session, chat: chat, id: id, sender: sender)
            guard let content = try? key.open(try row.decode("content"), in: place) else {
                throw .invalidValue(column: "content", expected: "a sealed message")
            }
            return StoredMessage(
                chat: chat,
                sender: sender,
                id: id,
                isFromMe: try row.decode("is_from_me"),
                timestamp: try row.decode("sent_at"),
                kind: try row.decode("kind"),
                pushName: try row.decodeIfPresent("push_name"),
                content: content,
                isHistory: try row.decode("is_history"),
                status: MessageStatus(rawValue: try row.decode("status")) ?? .none,
                expiresAt: try row.decodeIfPresent("expires_at"),
                error: try row.decodeIfPresent("error")
            )
        }
    }

    func newestMessage(in chats: [String], of session: SessionID) async throws(StoreError) -> Date? {
        var names = SQLColumn<String>()
        for chat in chats { names.append(StoredText.name(chat)) }
        let rows = try await query(
            "SELECT max(sent_at) AS newest FROM messages WHERE session_id = \(session) AND chat = ANY (\(names))"
        )
        guard let row = rows.first else { return nil }
        return try decode { () throws(RowError) in try row.decodeIfPresent("newest") }
    }

    func pushName(of names: [String], in session: SessionID) async throws(StoreError) -> String? {
        var jids = SQLColumn<String>()
        for name in names { jids.append(StoredText.name(name)) }
        let rows = try await query(
            """
            SELECT push_name FROM contacts
            WHERE session_id = \(session) AND jid = ANY (\(jids)) AND push_name <> '' LIMIT 1
            """
        )
        guard let row = rows.first else { return nil }
        return try decode { () throws(RowError) in try row.decodeIfPresent("push_name") }
    }

    private func open(
        _ row: Row,
        _ kind: RecordKind,
        _ name: String,
        _ session: SessionID,
        _ key: DataKey
    ) throws(StoreError) -> [UInt8] {
        do {
            return try key.open(row.decode("value"), in: .record(of: session, kind: kind.rawValue, name: name))
        } catch {
            throw .corrupt(kind)
        }
    }

    private func decode<Value>(_ body: () throws(RowError) -> Value) throws(StoreError) -> Value {
        do throws(RowError) {
            return try body()
        } catch {
            throw .unavailable
        }
    }

    private func query(_ statement: SQL) async throws(StoreError) -> [Row] {
        let deadline = ContinuousClock.now + patience
        var pause = Duration.milliseconds(50)
        while true {
            do throws(DatabaseError) {
                return try await database.query(statement)
            } catch {
                guard error.mayPass, .now + pause < deadline, !Task.isCancelled else { throw .unavailable }
            }
            try? await Task.sleep(for: pause * Double.random(in: 0.5...1))
            pause = min(pause * 2, .seconds(1))
        }
    }
}
