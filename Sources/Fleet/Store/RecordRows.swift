import Database
import Foundation
import WhatsApp

/// Rows of `session_records`: what goes, and what is set.
struct RecordRows {
    private var prefixSessions = SQLColumn<UUID>()
    private var prefixKinds = SQLColumn<Int16>()
    private var prefixes = SQLColumn<String>()

    private var endingSessions = SQLColumn<UUID>()
    private var endingKinds = SQLColumn<Int16>()
    private var endings = SQLColumn<String>()

    private var goneSessions = SQLColumn<UUID>()
    private var goneKinds = SQLColumn<Int16>()
    private var goneNames = SQLColumn<String>()

    private var sessions = SQLColumn<UUID>()
    private var kinds = SQLColumn<Int16>()
    private var names = SQLColumn<String>()
    private var values = SQLColumn<[UInt8]>()
    private var expiries = SQLColumn<Date>()

    mutating func add(_ batch: StoreBatch, _ seal: RowSeal) {
        let session = seal.session.rawValue
        for prefix in batch.deletedPrefixes where !prefix.name.utf8.contains(0) {
            prefixSessions.append(session)
            prefixKinds.append(prefix.kind.rawValue)
            prefixes.append(prefix.name)
        }
        for ending in batch.deletedEndings where !ending.name.utf8.contains(0) {
            endingSessions.append(session)
            endingKinds.append(ending.kind.rawValue)
            endings.append(ending.name)
        }
        for (key, change) in batch.records {
            let name = StoredText.name(key.name)
            switch change {
            case .delete:
                goneSessions.append(session)
                goneKinds.append(key.kind.rawValue)
                goneNames.append(name)
            case .put(let value, let expires):
                sessions.append(session)
                kinds.append(key.kind.rawValue)
                names.append(name)
                values.append { output in
                    let place = SealedPlace.record(of: seal.session, kind: key.kind.rawValue, name: name)
                    seal.key.seal(value, in: place, to: &output)
                }
                expiries.append(StoredText.time(expires))
            }
        }
    }

    var statements: [SQL] {
        var statements: [SQL] = []
        if prefixSessions.count > 0 {
            statements.append(
                """
                DELETE FROM session_records AS record
                USING unnest(\(prefixSessions), \(prefixKinds), \(prefixes)) AS gone (session_id, kind, prefix)
                WHERE record.session_id = gone.session_id AND record.kind = gone.kind
                    AND starts_with(record.name, gone.prefix)
                """
            )
        }
        if endingSessions.count > 0 {
            statements.append(
                """
                DELETE FROM session_records AS record
                USING unnest(\(endingSessions), \(endingKinds), \(endings)) AS gone (session_id, kind, ending)
                WHERE record.session_id = gone.session_id AND record.kind = gone.kind
                    AND right(record.name, length(gone.ending)) = gone.ending
                """
            )
        }
        if goneSessions.count > 0 {
            statements.append(
                """
                DELETE FROM session_records AS record
                USING unnest(\(goneSessions), \(goneKinds), \(goneNames)) AS gone (session_id, kind, name)
                WHERE record.session_id = gone.session_id AND record.kind = gone.kind AND record.name = gone.name
                """
            )
        }
        if sessions.count > 0 {
            statements.append(
                """
                INSERT INTO session_records (session_id, kind, name, value, expires_at)
                SELECT row.session_id, row.kind, row.name, row.value, row.expires_at
                FROM unnest(\(sessions), \(kinds), \(names), \(values), \(expiries))
                    AS row (session_id, kind, name, value, expires_at)
                ON CONFLICT (session_id, kind, name) DO UPDATE
                SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
                """
            )
        }
        return statements
    }
}
