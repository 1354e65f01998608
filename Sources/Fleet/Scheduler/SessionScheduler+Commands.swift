import Foundation
import Logging
package import WhatsApp
import WhatsAppWire

extension SessionScheduler {
    /// Makes a session that does not run yet; with credentials it needs no phone.
    package func create(_ name: String, credentials: Credentials? = nil) async throws -> SessionID {
        guard isAccepting else { throw FleetError.stopping }
        let stored = try await vault.create(name, credentials: credentials)
        entries[stored.id] = SessionEntry(stored, now: time.date())
        names[stored.name] = stored.id
        return stored.id
    }

    /// Takes over credentials that were exported elsewhere, under a new name; of a whole folder also its ratchets and keys.
    ///
    /// Throws `SessionIDError` for a text that is no session ID, and ``FleetError/notLinked`` for one that no phone accepted.
    package func importSession(_ text: String, as name: String) async throws -> SessionID {
        let imported = try SessionIDCodec.decode(text)
        guard imported.credentials.account != nil else { throw FleetError.notLinked }
        let id = try await create(name, credentials: imported.credentials)
        do {
            try await keepRecords(of: imported, in: id)
        } catch {
            // Half of a session is worse than none: its next owner would take it for whole.
            try? await delete(id)
            throw error
        }
        return id
    }

    /// Writes what a folder holds beside the credentials, before anybody connects with them.
    private func keepRecords(of imported: ImportedSessionID, in id: SessionID) async throws {
        guard let records = imported.records(), !records.isEmpty else { return }
        try await withStore(of: id) { store, _ in _ = try await store.commit(records.batch) }
        if records.unreadable > 0 {
            write(.warning, "\(records.unreadable) files of the imported folder could not be read.", of: id)
        }
    }

    /// Opens a session that does not run, and gives it back.
    private func withStore<Value: Sendable>(
        of id: SessionID,
        _ body: (PostgresSessionStore, Credentials?) async throws -> Value
    ) async throws -> Value {
        guard case .idle = entries[id]?.phase else { throw FleetError.running }
        let openings = try await vault.open([id])
        guard let opened = openings.opened.first else { throw openings.failed[id] ?? FleetError.running }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(opened.store, opened.credentials))
        } catch {
            result = .failure(error)
        }
        await opened.store.settle()
        try await vault.leases.release([opened.lease])
        return try result.get()
    }

    /// The session's credentials as a text that bots accept: a secret.
    package func exportSession(_ id: SessionID, as dialect: SessionIDDialect) async throws -> ExportedSession {
        guard entries[id] != nil else { throw FleetError.unknownSession }
        let credentials: Credentials? =
            if let run = entries[id]?.running {
                await run.session.credentials
            } else {
                try await vault.sessions.open([id])[id]?.get().credentials
            }
        guard let credentials, credentials.account != nil else { throw FleetError.notLinked }
        return try SessionIDCodec.encode(credentials, as: dialect, prefix: .standard)
    }

    /// The files of a session folder as Baileys keeps it, ratchets and keys included: secrets all.
    ///
    /// Throws ``FleetError/running`` while the session runs: both would go on with the same ratchets.
    package func exportFolder(_ id: SessionID) async throws -> [FolderRecords.File] {
        guard entries[id] != nil else { throw FleetError.unknownSession }
        let now = time.date()
        return try await withStore(of: id) { store, credentials in
            guard let credentials, credentials.account != nil else { throw FleetError.notLinked }
            return try await FolderRecords.files(of: credentials, in: store, at: now)
        }
    }

    /// The session runs from now on, also after a restart; without credentials it waits for a phone.
    package func start(_ id: SessionID) async throws {
        guard isAccepting else { throw FleetError.stopping }
        guard entries[id] != nil else { throw FleetError.unknownSession }
        try await vault.sessions.setWanted(true, id)
        guard entries[id] != nil else { throw FleetError.unknownSession }
        entries[id]?.isWanted = true
        entries[id]?.isLinkOnly = false
        entries[id]?.pause = nil
        entries[id]?.activeAt = time.date()
        delayed.removeAll { $0.id == id }
        switch entries[id]?.phase {
        case .idle: enqueue(id)
        case .stopping: entries[id]?.isStartAwaited = true
        default: break
        }
    }

    /// Waits for a phone to link the session, which does not run afterwards; nothing of it comes back after a restart.
    ///
    /// With a number a pairing code is asked for as well; while it waits already, only that.
    package func link(_ id: SessionID, phone: PhoneNumber? = nil) async throws(FleetError) {
        guard isAccepting else { throw .stopping }
        guard let entry = entries[id] else { throw .unknownSession }
        if let phone { entries[id]?.phone = phone }
        switch entry.phase {
        case .idle:
            delayed.removeAll { $0.id == id }
            entries[id]?.isWanted = true
            entries[id]?.isLinkOnly = true
            entries[id]?.pause = nil
            enqueue(id)
        case .linking(let link):
            guard let phone, link.isReady else { return }
            link.connection.requestPairingCode(for: phone)
        case .queued, .opening: break
        case .running, .stopping: throw .running
        }
    }

    /// Ends the waiting for a phone.
    package func stopLinking(_ id: SessionID) async throws {
        guard let entry = entries[id] else { throw FleetError.unknownSession }
        guard case .linking = entry.phase else { return }
        try await stop(id)
    }

    /// Makes the session as it was before any phone linked it.
    ///
    /// While it works, the service is told; otherwise the phone lists the device until its owner removes it there.
    package func reset(_ id: SessionID) async throws {
        guard let entry = entries[id] else { throw FleetError.unknownSession }
        if entry.running?.isWorking == true { try await logOut(id) }
        try await stop(id)
        try await vault.sessions.wipe(id)
        entries[id]?.jid = nil
        entries[id]?.statusAt = time.date()
        if let state = entries[id]?.state(id) { outlets.tell(state) }
        write(.info, "The session's keys have been wiped.", of: id)
    }

    /// Gives a session that does not run the credentials that were exported elsewhere.
    package func replace(_ id: SessionID, with text: String) async throws {
        let imported = try SessionIDCodec.decode(text)
        guard imported.credentials.account != nil else { throw FleetError.notLinked }
        try await stop(id)
        try await vault.sessions.wipe(id)
        try await vault.sessions.replaceCredentials(of: id, with: imported.credentials)
        try await keepRecords(of: imported, in: id)
        entries[id]?.jid = imported.credentials.account?.jid.description
        unwritten.insert(id)
        if let state = entries[id]?.state(id) { outlets.tell(state) }
    }

    /// The session does not run any more, also after a restart; it stays linked.
    package func stop(_ id: SessionID) async throws {
        guard entries[id] != nil else { throw FleetError.unknownSession }
        try await vault.sessions.setWanted(false, id)
        entries[id]?.isWanted = false
        entries[id]?.isLinkOnly = false
        entries[id]?.isStartAwaited = false
        await halt(id, .stopped, reason: nil)
    }

    package func restart(_ id: SessionID) async throws {
        guard entries[id] != nil else { throw FleetError.unknownSession }
        await halt(id, .stopped, reason: nil)
        try await start(id)
    }

    /// Unlinks the device at the service, and wipes its credentials.
    package func logOut(_ id: SessionID) async throws {
        let session = try running(id)
        try await vault.sessions.setWanted(false, id)
        guard let run = entries[id]?.run, entries[id]?.running != nil else { throw FleetError.notWorking }
        entries[id]?.isWanted = false
        entries[id]?.isLoggingOut = true
        await session.logOut()
        works.continuation.yield(.giveUpLogOut(id, run: run))
        await waitUntilIdle(id)
    }

    /// Stops the session and removes everything of it; it stays linked at the service unless it was logged out before.
    package func delete(_ id: SessionID) async throws {
        guard let entry = entries[id] else { throw FleetError.unknownSession }
        entries[id]?.isWanted = false
        entries[id]?.isStartAwaited = false
        await halt(id, .stopped, reason: nil)
        try await vault.sessions.delete(id)
        entries[id] = nil
        names[entry.name] = nil
        unwritten.remove(id)
        outlets.watch.end(id)
    }

    /// Ends whatever goes on with the session.
    func halt(_ id: SessionID, _ status: SessionStatus, reason: String?) async {
        delayed.removeAll { $0.id == id }
        switch entries[id]?.phase {
        case nil: return
        case .idle, .queued, .opening: break
        case .linking(let link): link.connection.close()
        case .stopping:
            await waitUntilIdle(id)
            // Somebody may have wanted it again meanwhile.
            guard case .idle = entries[id]?.phase else { return }
        case .running(let run):
            entries[id]?.phase = .stopping
            await run.session.stop()
            await close(run)
        }
        becomeIdle(id)
        setStatus(status, reason: reason, of: id)
        if status == .stopped, reason == nil { write(.info, "The session has been stopped.", of: id) }
        startAgain(id)
    }

    /// Starts what somebody has started while it was being stopped.
    func startAgain(_ id: SessionID) {
        guard let entry = entries[id], entry.isStartAwaited, case .idle = entry.phase else { return }
        entries[id]?.isStartAwaited = false
        if isAccepting { enqueue(id) }
    }

    /// Waits for what is being written, and gives the lease back.
    func close(_ run: SessionEntry.Run) async {
        await run.opened.store.settle()
        do {
            try await vault.leases.release([run.opened.lease])
        } catch {
            // It stays with this worker, who may take it again at any time.
            logger.debug("A lease could not be given back", metadata: ["error": "\(error)"])
        }
    }
}
