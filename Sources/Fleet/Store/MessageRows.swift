import Database
import Foundation
import WhatsApp

/// Rows of `messages`, and what becomes of those that are there.
struct MessageRows {
    /// Which message of which batch a row is.
    struct Origin: Hashable {
        let entry: Int
        let position: Int
    }

    private struct Name: Hashable {
        let chat: String
        let id: String
        let sender: String

        init(chat: String, id: String, sender: String) {
            (self.chat, self.id, self.sender) = (chat, id, sender)
        }

        init(_ message: StoredMessage) {
            chat = StoredText.name(message.chat)
            id = StoredText.name(message.id)
            sender = StoredText.name(message.sender)
        }
    }

    private var origins: [Origin] = []
    private var sessions = SQLColumn<UUID>()
    private var chats = SQLColumn<String>()
    private var messageIDs = SQLColumn<String>()
    private var senders = SQLColumn<String>()
    private var ownership = SQLColumn<Bool>()
    private var times = SQLColumn<Date>()
    private var kinds = SQLColumn<String>()
    private var pushNames = SQLColumn<String>()
    private var contents = SQLColumn<[UInt8]>()
    private var history = SQLColumn<Bool>()
    private var statuses = SQLColumn<Int16>()
    private var ends = SQLColumn<Date>()

    private var changedSessions = SQLColumn<UUID>()
    private var changedChats = SQLColumn<String>()
    private var changedIDs = SQLColumn<String>()
    private var newStatuses = SQLColumn<Int16>()
    private var replacements = SQLColumn<Bool>()
    private var errors = SQLColumn<Int32>()

    var count: Int { sessions.count }

    /// Adds messages of one session and returns those that come twice among them.
    mutating func add(_ messages: [StoredMessage], from places: [Origin], _ seal: RowSeal) -> [Origin] {
        var doubles: [Origin] = []
        var seen: Set<Name> = []
        // A placeholder gives way to what it stands for, whichever comes first.
        let real =
            messages.contains { $0.isPlaceholder } ? Set(messages.filter { !$0.isPlaceholder }.map(Name.init)) : []
        for (message, place) in zip(messages, places) {
            let name = Name(message)
            if messages.count > 1, message.isPlaceholder && real.contains(name) || !seen.insert(name).inserted {
                doubles.append(place)
                continue
            }
            origins.append(place)
            sessions.append(seal.session.rawValue)
            chats.append(name.chat)
            messageIDs.append(name.id)
            senders.append(name.sender)
            ownership.append(message.isFromMe)
            times.append(StoredText.time(message.timestamp))
            kinds.append(StoredText.words(message.kind))
            pushNames.append(StoredText.words(message.pushName))
            contents.append { output in
                let place = SealedPlace.message(of: seal.session, chat: name.chat, id: name.id, sender: name.sender)
                seal.key.seal(message.content, in: place, to: &output)
            }
            history.append(message.isHistory)
            statuses.append(message.status.rawValue)
            ends.append(StoredText.time(message.expiresAt))
        }
        return doubles
    }

    mutating func add(_ changes: [MessageStatusChange], of session: SessionID) {
        var merged: [Name: MergedStatus] = [:]
        for change in changes {
            let name = Name(chat: StoredText.name(change.chat), id: StoredText.name(change.id), sender: "")
            if merged[name]?.absorb(change) == nil { merged[name] = MergedStatus(change) }
        }
        for (name, change) in merged {
            changedSessions.append(session.rawValue)
            changedChats.append(name.chat)
            changedIDs.append(name.id)
            newStatuses.append(change.status.rawValue)
            replacements.append(change.replaces)
            errors.append(change.error.map { Int32(clamping: $0) })
        }
    }

    var statements: [SQL] {
        var statements: [SQL] = []
        if sessions.count > 0 {
            statements.append(
                """
                INSERT INTO messages AS stored (
                    session_id, chat, id, sender, is_from_me, sent_at, kind, push_name, content, is_history, status,
                    expires_at
                )
                SELECT row.session_id, row.chat, row.id, row.sender, row.is_from_me, row.sent_at, row.kind,
                    row.push_name, row.content, row.is_history, row.status, row.expires_at
                FROM unnest(
                    \(sessions), \(chats), \(messageIDs), \(senders), \(ownership), \(times), \(kinds),
                    \(pushNames), \(contents), \(history), \(statuses), \(ends)
                ) AS row (
                    session_id, chat, id, sender, is_from_me, sent_at, kind, push_name, content, is_history, status,
                    expires_at
                )
                ON CONFLICT (session_id, chat, id, sender) DO UPDATE
                SET content = EXCLUDED.content, kind = EXCLUDED.kind, sent_at = EXCLUDED.sent_at,
                    push_name = EXCLUDED.push_name, is_history = EXCLUDED.is_history,
                    status = GREATEST(stored.status, EXCLUDED.status), expires_at = EXCLUDED.expires_at
                WHERE stored.content = EXCLUDED.content
                    OR stored.kind = \(StoredMessage.placeholderKind)
                        AND EXCLUDED.kind <> \(StoredMessage.placeholderKind)
                """
            )
        }
        if changedSessions.count > 0 {
            statements.append(
                """
                UPDATE messages AS stored
                SET status = CASE WHEN change.replaces THEN change.status
                        ELSE GREATEST(stored.status, change.status) END,
                    error = COALESCE(change.error, stored.error)
                FROM unnest(
                    \(changedSessions), \(changedChats), \(changedIDs), \(newStatuses), \(replacements), \(errors)
                ) AS change (session_id, chat, id, status, replaces, error)
                WHERE stored.session_id = change.session_id AND stored.chat = change.chat AND stored.id = change.id
                    AND (change.replaces OR stored.status < change.status OR change.error IS NOT NULL)
                """
            )
        }
        return statements
    }

    /// The messages that had been there before this transaction.
    func doubles(in database: Database) async throws(DatabaseError) -> [Origin] {
        let rows = try await database.query(
            """
            SELECT row.place
            FROM unnest(\(sessions), \(chats), \(messageIDs), \(senders), \(contents))
                WITH ORDINALITY AS row (session_id, chat, id, sender, content, place)
            JOIN messages AS stored
                ON stored.session_id = row.session_id AND stored.chat = row.chat AND stored.id = row.id
                    AND stored.sender = row.sender
            WHERE stored.content <> row.content
            """
        )
        return rows.compactMap { row in
            guard let place: Int = try? row.decode("place"), origins.indices.contains(place - 1) else { return nil }
            return origins[place - 1]
        }
    }
}
