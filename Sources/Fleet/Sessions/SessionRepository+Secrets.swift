import Database
import Foundation
import WhatsApp

extension SessionRepository {
    /// Keys, credentials and untold events of many sessions; sessions that are gone are left out.
    ///
    /// What cannot be opened fails alone: with ``FleetError/otherMasterKey`` or ``FleetError/unreadableSecrets``.
    func open(_ ids: [SessionID]) async throws -> [SessionID: Result<Opening, FleetError>] {
        var wanted = SQLColumn<SessionID.RawValue>()
        for id in ids { wanted.append(id.rawValue) }
        let rows = try await database.query(
            """
            SELECT session_keys.session_id, master_key, wrapped_key, content
            FROM session_keys LEFT JOIN session_credentials USING (session_id)
            WHERE session_keys.session_id = ANY (\(wanted))
            """
        )
        let events = try await untoldEvents(of: wanted)
        var openings: [SessionID: Result<Opening, FleetError>] = [:]
        for row in rows {
            let id: SessionID = try row.decode("session_id")
            let masterKey: String = try row.decode("master_key")
            let wrapped: [UInt8] = try row.decode("wrapped_key")
            let content: [UInt8]? = try row.decodeIfPresent("content")
            openings[id] = Result { () throws(FleetError) in
                try opening(of: id, try unwrap(wrapped, masterKey, of: id), content, events[id] ?? [])
            }
        }
        return openings
    }

    private func untoldEvents(
        of sessions: SQLColumn<SessionID.RawValue>
    ) async throws -> [SessionID: [(name: String, value: [UInt8])]] {
        let rows = try await database.query(
            """
            SELECT session_id, name, value FROM session_records
            WHERE session_id = ANY (\(sessions)) AND kind = \(RecordKind.untoldEvents.rawValue)
            """
        )
        var events: [SessionID: [(name: String, value: [UInt8])]] = [:]
        for row in rows {
            events[try row.decode("session_id"), default: []].append(
                (try row.decode("name"), try row.decode("value"))
            )
        }
        return events
    }

    private func opening(
        of id: SessionID,
        _ key: DataKey,
        _ content: [UInt8]?,
        _ events: [(name: String, value: [UInt8])]
    ) throws(FleetError) -> Opening {
        var credentials: Credentials?
        if let content {
            do throws(SealBroken) {
                credentials = try CredentialsForm.decode(try key.open(content, in: .credentials(of: id)))
            } catch {
                throw .unreadableSecrets
            }
        }
        let opened = events.map { event in
            let place = SealedPlace.record(of: id, kind: RecordKind.untoldEvents.rawValue, name: event.name)
            // One that cannot be opened is passed over as one that cannot be read.
            return (name: event.name, value: (try? key.open(event.value, in: place)) ?? [])
        }
        return Opening(key: key, credentials: credentials, untoldEvents: opened)
    }

    func unwrap(_ wrapped: [UInt8], _ masterKey: String, of id: SessionID) throws(FleetError) -> DataKey {
        guard let masterKey = masterKeys[masterKey] else { throw .otherMasterKey }
        do throws(SealBroken) {
            return try DataKey.unwrap(wrapped, with: masterKey.key, in: .key(of: id))
        } catch {
            throw .unreadableSecrets
        }
    }

    /// Wraps the keys that former master keys have wrapped with the present one.
    ///
    /// May be done by several processes at once, and again after it was cut short.
    func rewrapKeys() async throws -> (rewrapped: Int, unknown: Int) {
        var last = SessionID(rawValue: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        var (rewrapped, unknown) = (0, 0)
        let current = masterKeys.current
        while true {
            let rows = try await database.query(
                """
                SELECT session_id, master_key, wrapped_key FROM session_keys
                WHERE master_key <> \(current.id) AND session_id > \(last) ORDER BY session_id LIMIT 500
                """
            )
            guard !rows.isEmpty else { return (rewrapped, unknown) }
            var ids = SQLColumn<SessionID.RawValue>()
            var old = SQLColumn<[UInt8]>()
            var new = SQLColumn<[UInt8]>()
            for row in rows {
                let id: SessionID = try row.decode("session_id")
                let wrapped: [UInt8] = try row.decode("wrapped_key")
                last = id
                guard let key = try? unwrap(wrapped, row.decode("master_key"), of: id) else {
                    unknown += 1
                    continue
                }
                ids.append(id.rawValue)
                old.append(wrapped)
                new.append(key.wrapped(with: current.key, in: .key(of: id)))
            }
            rewrapped += Int(
                try await database.execute(
                    """
                    UPDATE session_keys SET master_key = \(current.id), wrapped_key = row.new
                    FROM unnest(\(ids), \(old), \(new)) AS row (session_id, old, new)
                    WHERE session_keys.session_id = row.session_id AND session_keys.wrapped_key = row.old
                    """
                )
            )
        }
    }
}
