import Database
import Foundation
import WhatsApp

/// Rows of `contacts`, each contact once a session.
struct ContactRows {
    private var sessions = SQLColumn<UUID>()
    private var jids = SQLColumn<String>()
    private var fullNames = SQLColumn<String>()
    private var firstNames = SQLColumn<String>()
    private var pushNames = SQLColumn<String>()
    private var businessNames = SQLColumn<String>()
    private var abouts = SQLColumn<String>()
    private var lids = SQLColumn<String>()
    private var phones = SQLColumn<String>()
    private var removals = SQLColumn<Bool>()

    mutating func add(_ contacts: [ContactChange], of session: SessionID) {
        for contact in contacts {
            sessions.append(session.rawValue)
            jids.append(StoredText.name(contact.jid))
            fullNames.append(StoredText.words(contact.fullName))
            firstNames.append(StoredText.words(contact.firstName))
            pushNames.append(StoredText.words(contact.pushName))
            businessNames.append(StoredText.words(contact.businessName))
            abouts.append(StoredText.words(contact.about))
            lids.append(StoredText.words(contact.lid))
            phones.append(StoredText.words(contact.phone))
            removals.append(contact.isRemoved)
        }
    }

    var statements: [SQL] {
        guard sessions.count > 0 else { return [] }
        return [
            """
            INSERT INTO contacts AS known (
                session_id, jid, full_name, first_name, push_name, business_name, about, lid, phone, is_removed
            )
            SELECT row.session_id, row.jid, row.full_name, row.first_name, row.push_name, row.business_name, row.about,
                row.lid, row.phone, row.is_removed
            FROM unnest(
                \(sessions), \(jids), \(fullNames), \(firstNames), \(pushNames), \(businessNames), \(abouts), \(lids),
                \(phones), \(removals)
            ) AS row (
                session_id, jid, full_name, first_name, push_name, business_name, about, lid, phone, is_removed
            )
            ON CONFLICT (session_id, jid) DO UPDATE
            SET full_name = CASE WHEN EXCLUDED.is_removed THEN EXCLUDED.full_name
                    ELSE COALESCE(EXCLUDED.full_name, known.full_name) END,
                first_name = CASE WHEN EXCLUDED.is_removed THEN EXCLUDED.first_name
                    ELSE COALESCE(EXCLUDED.first_name, known.first_name) END,
                push_name = COALESCE(EXCLUDED.push_name, known.push_name),
                business_name = COALESCE(EXCLUDED.business_name, known.business_name),
                about = COALESCE(EXCLUDED.about, known.about),
                lid = COALESCE(EXCLUDED.lid, known.lid),
                phone = COALESCE(EXCLUDED.phone, known.phone),
                is_removed = EXCLUDED.is_removed AND EXCLUDED.full_name IS NULL AND EXCLUDED.first_name IS NULL
                    OR known.is_removed AND EXCLUDED.full_name IS NULL AND EXCLUDED.first_name IS NULL
            """
        ]
    }
}
