import Database
import Foundation
import WhatsApp

/// What becomes of rows of `messages` beside their status: marks, and their end.
struct MessageChangeRows {
    private struct Name: Hashable {
        let chat: String
        let id: String
        let isFromMe: Bool?
    }

    private var sessions = SQLColumn<UUID>()
    private var chats = SQLColumn<String>()
    private var ids = SQLColumn<String>()
    private var ownership = SQLColumn<Bool>()
    private var stars = SQLColumn<Bool>()
    private var keeps = SQLColumn<Bool>()
    private var ends = SQLColumn<Date>()

    private var goneSessions = SQLColumn<UUID>()
    private var goneChats = SQLColumn<String>()
    private var goneIDs = SQLColumn<String>()
    private var goneOwnership = SQLColumn<Bool>()

    private var clearedSessions = SQLColumn<UUID>()
    private var clearedChats = SQLColumn<String>()
    private var clearedUntil = SQLColumn<Date>()
    private var starKeeping = SQLColumn<Bool>()

    mutating func add(_ batch: StoreBatch, of session: SessionID) {
        guard !batch.marks.isEmpty || !batch.removals.isEmpty else { return }
        mark(batch.marks, of: session)
        var cleared: [Clearance: Date] = [:]
        for removal in batch.removals {
            switch removal {
            case .message(let chat, let id, let isFromMe):
                goneSessions.append(session.rawValue)
                goneChats.append(StoredText.name(chat))
                goneIDs.append(StoredText.name(id))
                goneOwnership.append(isFromMe)
            case .chat(let chat, let time, let keepsStarred):
                let name = Clearance(chat: StoredText.name(chat), keepsStarred: keepsStarred)
                cleared[name] = max(cleared[name] ?? time, time)
            }
        }
        for (clearance, time) in cleared {
            clearedSessions.append(session.rawValue)
            clearedChats.append(clearance.chat)
            clearedUntil.append(StoredText.time(time))
            starKeeping.append(clearance.keepsStarred)
        }
    }

    private struct Clearance: Hashable {
        let chat: String
        let keepsStarred: Bool
    }

    private mutating func mark(_ marks: [MessageMark], of session: SessionID) {
        var merged: [Name: MessageMark] = [:]
        for mark in marks {
            let name = Name(
                chat: StoredText.name(mark.chat),
                id: StoredText.name(mark.id),
                isFromMe: mark.isFromMe
            )
            if merged[name]?.absorb(mark) == nil { merged[name] = mark }
        }
        for (name, mark) in merged {
            sessions.append(session.rawValue)
            chats.append(name.chat)
            ids.append(name.id)
            ownership.append(name.isFromMe)
            stars.append(mark.isStarred)
            keeps.append(mark.isKept)
            ends.append(StoredText.time(mark.expiresAt))
        }
    }

    var statements: [SQL] {
        var statements: [SQL] = []
        if sessions.count > 0 {
            statements.append(
                """
                UPDATE messages AS stored
                SET is_starred = COALESCE(mark.is_starred, stored.is_starred),
                    is_kept = COALESCE(mark.is_kept, stored.is_kept),
                    expires_at = COALESCE(mark.expires_at, stored.expires_at)
                FROM unnest(
                    \(sessions), \(chats), \(ids), \(ownership), \(stars), \(keeps), \(ends)
                ) AS mark (session_id, chat, id, is_from_me, is_starred, is_kept, expires_at)
                WHERE stored.session_id = mark.session_id AND stored.chat = mark.chat AND stored.id = mark.id
                    AND (mark.is_from_me IS NULL OR stored.is_from_me = mark.is_from_me)
                """
            )
        }
        if goneSessions.count > 0 {
            statements.append(
                """
                DELETE FROM messages AS stored
                USING unnest(\(goneSessions), \(goneChats), \(goneIDs), \(goneOwnership))
                    AS gone (session_id, chat, id, is_from_me)
                WHERE stored.session_id = gone.session_id AND stored.chat = gone.chat AND stored.id = gone.id
                    AND stored.is_from_me = gone.is_from_me
                """
            )
        }
        if clearedSessions.count > 0 {
            statements.append(
                """
                INSERT INTO message_clearances AS known (session_id, chat, until, keeps_starred)
                SELECT row.session_id, row.chat, row.until, row.keeps_starred
                FROM unnest(\(clearedSessions), \(clearedChats), \(clearedUntil), \(starKeeping))
                    AS row (session_id, chat, until, keeps_starred)
                ON CONFLICT (session_id, chat, keeps_starred) DO UPDATE
                SET until = GREATEST(known.until, EXCLUDED.until)
                """
            )
        }
        return statements
    }
}
