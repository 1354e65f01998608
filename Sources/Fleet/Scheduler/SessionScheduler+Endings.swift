import Foundation
import Logging
import QRCodes
import WhatsApp
import WhatsAppWire

extension SessionScheduler {
    /// Takes in that a session's connection has changed, or that it would connect again.
    func handle(_ signal: SessionOutlets.Signal) {
        let id = signal.id
        guard let entry = entries[id], entry.run == signal.run, case .running(var run) = entry.phase else { return }
        switch signal.kind {
        case .connection(let connection): handle(connection, of: id, entry)
        case .restrictions(let restrictions):
            guard restrictions != entry.restrictions else { return }
            entries[id]?.restrictions = restrictions
            outlets.tell(entries[id]?.state(id) ?? entry.state(id))
        case .asks(let turn):
            guard isAccepting else { return }
            run.turn = turn
            entries[id]?.phase = .running(run)
            queue.append(id)
        }
    }

    private func handle(_ connection: SessionConnection, of id: SessionID, _ entry: SessionEntry) {
        guard case .running(var run) = entry.phase else { return }
        switch connection {
        case .connecting: setStatus(.starting, reason: entry.reason, of: id)
        case .loggedIn(let jid, _):
            door.succeeded()
            run.isLoggedIn = true
            entries[id]?.phase = .running(run)
            entries[id]?.jid = jid.description
            unwritten.insert(id)
            write(.info, "Logged in.", of: id)
        case .caughtUp:
            run.isWorking = true
            entries[id]?.phase = .running(run)
            setStatus(.working, of: id)
            write(.info, "Everything that waited at the service has been taken.", of: id)
        case .disconnected(let wait):
            if !run.isLoggedIn { door.failed(at: time.uptime()) }
            run.isLoggedIn = false
            run.isWorking = false
            entries[id]?.phase = .running(run)
            setStatus(.starting, reason: "disconnected", of: id)
            write(.warning, "Disconnected; tries again in \(Int((wait / .seconds(1)).rounded(.up))) s.", of: id)
        case .stopped(let stop):
            if !run.isLoggedIn, case .service = stop { door.failed(at: time.uptime()) }
            works.continuation.yield(.end(id, run: entry.run, stop))
        }
    }

    /// Puts a session in order whose run is over.
    func end(_ id: SessionID, run number: UInt64, _ stop: ClientStop) async {
        guard let entry = entries[id], entry.run == number, case .running(let run) = entry.phase else { return }
        entries[id]?.phase = .stopping
        if time.uptime() - run.startedAt > .seconds(60) { entries[id]?.pause = nil }
        let isLoggedOut = stop == .loggedOut || entry.isLoggingOut
        await close(run)
        if isLoggedOut { await wipe(id, run) }
        let isLoggingOut = entry.isLoggingOut
        entries[id]?.isLoggingOut = false
        becomeIdle(id)
        guard entries[id] != nil else { return }
        guard !isLoggedOut else {
            entries[id]?.isWanted = false
            entries[id]?.jid = nil
            entries[id]?.restrictions = SessionRestrictions()
            setStatus(isLoggingOut ? .stopped : .failed, reason: "logged_out", of: id)
            write(.warning, "The device is no longer linked; its keys have been wiped.", of: id)
            // Whoever has started it meanwhile is shown a code.
            if entries[id]?.isStartAwaited == true { works.continuation.yield(.start(id)) }
            return
        }
        guard entries[id]?.isStartAwaited != true else { return startAgain(id) }
        settle(id, stop, storeFailure: run.opened.store.failure)
    }

    private func settle(_ id: SessionID, _ stop: ClientStop, storeFailure: StoreError?) {
        switch stop {
        case .storeFailed where storeFailure == .leaseLost:
            setStatus(.stopped, reason: "lease_lost", of: id)
            write(.warning, "Another worker has the session.", of: id)
        case .storeFailed:
            write(.error, "The session's state could not be stored; it starts anew.", of: id)
            enqueueLater(id, reason: "store_unavailable")
        case .service(.temporarilyBanned(_, let expiry)):
            write(.error, "The service has banned the account for a time.", of: id)
            guard let expiry else { return setStatus(.failed, reason: "banned", of: id) }
            enqueueLater(id, reason: "banned", after: expiry)
        case .service(let end):
            setStatus(.failed, reason: Self.word(for: end), of: id)
            write(.error, "The service does not let the session in: \(Self.word(for: end)).", of: id)
        case .untrustedServer:
            setStatus(.failed, reason: "untrusted_server", of: id)
            write(.error, "The server that answered is not the service's.", of: id)
        case .notLinked: setStatus(.failed, reason: "not_linked", of: id)
        case .closed, .loggedOut:
            // Nobody here has asked for it.
            enqueueLater(id, reason: "closed")
        }
    }

    /// Removes every secret of a session, as often as it takes.
    private func wipe(_ id: SessionID, _ run: SessionEntry.Run) async {
        // What is still being written comes before, and with the lease went the right to write anything more.
        await run.opened.store.settle()
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await vault.sessions.setWanted(false, id)
                try await vault.sessions.wipe(id)
                return
            } catch {
                logger.error("Keys could not be wiped", metadata: ["session.id": "\(id)", "error": "\(error)"])
            }
            guard !Task.isCancelled else { return }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(30))
        }
    }

    /// One word for why the service ended it.
    static func word(for end: StreamEnd) -> String {
        switch end {
        case .replaced: "replaced"
        case .clientOutdated: "client_outdated"
        case .locked: "locked"
        case .loggedOut: "logged_out"
        case .temporarilyBanned: "banned"
        case .refused: "refused"
        case .restartRequired, .unauthorised, .unavailable, .rateLimited, .unacknowledged, .malformed, .ended, .unknown:
            "ended"
        }
    }

    static func picture(of text: String) -> String {
        // A QR text of the service always fits.
        (try? QRCode(encoding: text).svg()) ?? ""
    }
}
