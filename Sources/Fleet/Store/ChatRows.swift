import Database
import Foundation
import WhatsApp

/// Rows of `chats`: those that go, then those that are set, each chat once a session.
struct ChatRows {
    private var goneSessions = SQLColumn<UUID>()
    private var goneJIDs = SQLColumn<String>()

    private var sessions = SQLColumn<UUID>()
    private var jids = SQLColumn<String>()
    private var names = SQLColumn<String>()
    private var archived = SQLColumn<Bool>()
    private var pinned = SQLColumn<Bool>()
    private var mutes = SQLColumn<Date>()
    private var unread = SQLColumn<Int32>()
    private var markedUnread = SQLColumn<Bool>()
    private var ephemeral = SQLColumn<Int32>()
    private var lastMessages = SQLColumn<Date>()

    mutating func add(_ chats: MergedChats, of session: SessionID) {
        for jid in chats.deleted {
            goneSessions.append(session.rawValue)
            goneJIDs.append(StoredText.name(jid))
        }
        for chat in chats.changed {
            sessions.append(session.rawValue)
            jids.append(StoredText.name(chat.jid))
            names.append(StoredText.words(chat.name))
            archived.append(chat.isArchived)
            pinned.append(chat.isPinned)
            mutes.append(StoredText.time(chat.mutedUntil))
            unread.append(chat.unreadCount.map { Int32(clamping: $0) })
            markedUnread.append(chat.isMarkedUnread)
            ephemeral.append(chat.ephemeralExpiration.map { Int32(clamping: $0) })
            lastMessages.append(StoredText.time(chat.lastMessageAt))
        }
    }

    var statements: [SQL] {
        var statements: [SQL] = []
        if goneSessions.count > 0 {
            statements.append(
                """
                DELETE FROM chats
                USING unnest(\(goneSessions), \(goneJIDs)) AS gone (session_id, jid)
                WHERE chats.session_id = gone.session_id AND chats.jid = gone.jid
                """
            )
        }
        if sessions.count > 0 {
            statements.append(
                """
                INSERT INTO chats AS known (
                    session_id, jid, name, is_archived, is_pinned, muted_until, unread_count, is_marked_unread,
                    ephemeral_seconds, last_message_at
                )
                SELECT row.session_id, row.jid, row.name, row.is_archived, row.is_pinned, row.muted_until,
                    row.unread_count, row.is_marked_unread, row.ephemeral_seconds, row.last_message_at
                FROM unnest(
                    \(sessions), \(jids), \(names), \(archived), \(pinned), \(mutes), \(unread), \(markedUnread),
                    \(ephemeral), \(lastMessages)
                ) AS row (
                    session_id, jid, name, is_archived, is_pinned, muted_until, unread_count, is_marked_unread,
                    ephemeral_seconds, last_message_at
                )
                ON CONFLICT (session_id, jid) DO UPDATE
                SET name = COALESCE(EXCLUDED.name, known.name),
                    is_archived = COALESCE(EXCLUDED.is_archived, known.is_archived),
                    is_pinned = COALESCE(EXCLUDED.is_pinned, known.is_pinned),
                    muted_until = COALESCE(EXCLUDED.muted_until, known.muted_until),
                    unread_count = COALESCE(EXCLUDED.unread_count, known.unread_count),
                    is_marked_unread = COALESCE(EXCLUDED.is_marked_unread, known.is_marked_unread),
                    ephemeral_seconds = COALESCE(EXCLUDED.ephemeral_seconds, known.ephemeral_seconds),
                    last_message_at = COALESCE(EXCLUDED.last_message_at, known.last_message_at)
                """
            )
        }
        return statements
    }
}
