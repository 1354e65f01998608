import Database
import Foundation
import Logging
import ServiceLifecycle
import WhatsApp
import WhatsAppWire

extension SessionScheduler: Service {
    /// Brings the wanted sessions back and looks after all, until it is cancelled or asked to stop gracefully.
    ///
    /// Then every session is stopped in good order and its lease given back; what is wanted stays so.
    package func run() async throws {
        guard try await loadWhenPossible() else { return }
        await withDiscardingTaskGroup { group in
            for lanes in outlets.listeners { group.addTask { await lanes.run() } }
            group.addTask { await self.startLoop() }
            group.addTask { await self.upkeepLoop() }
            group.addTask { await self.sweepLoop() }
            group.addTask {
                for await signal in self.outlets.signals.stream { await self.handle(signal) }
            }
            for await work in works.stream.cancelOnGracefulShutdown() {
                group.addTask { await self.carryOut(work) }
            }
            await stopAll()
            group.cancelAll()
        }
    }

    /// Loads the sessions; a database that dies just now, and is started again, is waited for.
    ///
    /// False when it is time to stop instead.
    private func loadWhenPossible() async throws -> Bool {
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await load()
                return true
            } catch let error as DatabaseError where error.mayPass {
                logger.warning("Sessions cannot be loaded yet", metadata: ["error": "\(error)"])
            }
            let wait = pause
            let isOver = await cancelWhenGracefulShutdown { (try? await Task.sleep(for: wait)) == nil }
            guard !isOver else { return false }
            pause = min(pause * 2, .seconds(2))
        }
    }

    private func load() async throws {
        try await vault.announce()
        try await rewrapKeys()
        let now = time.date()
        // One that was made while this was read is here already, and may have been started.
        let found = try await vault.sessions.all().filter { entries[$0.id] == nil }
        for stored in found {
            entries[stored.id] = SessionEntry(stored, now: now)
            names[stored.name] = stored.id
            unwritten.insert(stored.id)
        }
        // In no order, so that those that stand together in the list do not come together at the service.
        for stored in found.shuffled() where stored.isWanted && !stored.waitsForItsOwner { enqueue(stored.id) }
    }

    /// Brings keys that a former master key wrapped under the present one.
    private func rewrapKeys() async throws {
        let outcome = try await vault.sessions.rewrapKeys()
        if outcome.rewrapped > 0 {
            logger.info("Sessions' keys are under the new master key", metadata: ["sessions": "\(outcome.rewrapped)"])
        }
        if outcome.unknown > 0 {
            logger.error(
                "Sessions' keys were wrapped with a master key that is not here",
                metadata: ["sessions": "\(outcome.unknown)"]
            )
        }
    }

    private func carryOut(_ work: Work) async {
        switch work {
        case .link(let id, let run): await followLinking(of: id, run: run)
        case .end(let id, let run, let stop): await end(id, run: run, stop)
        case .giveUpLogOut(let id, let run):
            try? await Task.sleep(for: .seconds(10))
            guard let entry = entries[id], entry.run == run else { return }
            // The service does not answer; the device stays in the phone's list, without keys.
            await entry.running?.session.stop()
        case .giveUpLinking(let id, let run):
            guard entries[id]?.run == run else { return }
            await endLinking(of: id, reason: "not_scanned")
        case .start(let id):
            entries[id]?.isStartAwaited = false
            do {
                try await start(id)
            } catch {
                logger.warning(
                    "A session could not be started",
                    metadata: ["session.id": "\(id)", "error": "\(error)"]
                )
            }
        case .halt(let id, let run, let status, let reason):
            guard entries[id]?.run == run else { return }
            await halt(id, status, reason: reason)
        }
    }

    // MARK: Looking after

    private func upkeepLoop() async {
        var nextRenewal = time.uptime() + configuration.renewal
        var nextLook = time.uptime() + configuration.lookAfter
        var nextSweep = time.uptime() + .seconds(60)
        var nextCooling = time.uptime() + configuration.cooling
        while !Task.isCancelled {
            let now = time.uptime()
            await writeDown()
            await tellCounters()
            endLinkings(at: now)
            if now >= nextRenewal {
                nextRenewal = now + configuration.renewal
                await renew()
            }
            if now >= nextLook {
                nextLook = now + configuration.lookAfter
                await lookAtAll()
            }
            if now >= nextCooling {
                nextCooling = now + configuration.cooling
                for entry in entries.values { await entry.running?.session.cool() }
            }
            if now >= nextSweep {
                nextSweep = now + .seconds(600)
                await removeExpired()
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Writes statuses and log lines to the database.
    func writeDown() async {
        let ids = unwritten
        unwritten = []
        let changes = ids.compactMap { id in
            entries[id].map { entry in
                SessionRepository.StatusChange(
                    id: id,
                    status: entry.status,
                    reason: entry.reason,
                    jid: entry.jid.flatMap { JID($0) },
                    at: entry.statusAt
                )
            }
        }
        do {
            try await vault.sessions.note(changes)
            try await outlets.log.flush()
        } catch {
            unwritten.formUnion(ids)
            logger.warning("Statuses could not be written down", metadata: ["error": "\(error)"])
        }
        // Whose status has changed is to be written down.
        if !ids.isEmpty || entries.count != standing.sessions {
            standing = (entries.values.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }, entries.count)
        }
        metrics.stand(standing.counts, waiting: queue.count + delayed.count, isHeldBack: door.isHeldBack)
    }

    private func tellCounters() async {
        for id in outlets.watch.watched {
            guard let run = entries[id]?.running else { continue }
            let counters = await run.session.counters
            outlets.watch.tell(.counters(counters, health: entries[id]?.health.score ?? 0), of: id)
        }
    }

    private func endLinkings(at now: Duration) {
        for (id, entry) in entries {
            guard case .linking(let link) = entry.phase, link.deadline <= now else { continue }
            works.continuation.yield(.giveUpLinking(id, run: entry.run))
        }
    }

    /// Renews all leases at once, and lets go of sessions that somebody else has taken.
    func renew() async {
        let leases = entries.values.compactMap { $0.running?.opened.lease }
        do {
            for id in try await vault.leases.renew(leases) {
                guard let entry = entries[id], entry.running != nil else { continue }
                works.continuation.yield(.halt(id, run: entry.run, .stopped, reason: "lease_lost"))
            }
        } catch {
            // Nothing can be taken from us before everything that writes has been refused.
            logger.warning("The leases could not be renewed", metadata: ["error": "\(error)"])
        }
    }

    /// Takes in every session's counters: for its health, and to see whether it is in use.
    func lookAtAll() async {
        let now = time.date()
        var active: [(SessionID, Date)] = []
        for (id, entry) in entries {
            guard let run = entry.running else { continue }
            let counters = await run.session.counters
            guard entries[id]?.run == entry.run else { continue }
            entries[id]?.health.note(counters, at: now)
            let traffic = counters.received + counters.sent
            if traffic != entry.traffic {
                entries[id]?.traffic = traffic
                if now.timeIntervalSince(entry.activeAt) > 3_600 { active.append((id, now)) }
                entries[id]?.activeAt = now
            } else if let limit = configuration.stopIdleAfter,
                now.timeIntervalSince(entry.activeAt) > limit / .seconds(1)
            {
                try? await park(id)
            }
        }
        do {
            try await vault.sessions.noteActivity(active)
        } catch {
            logger.debug("Activity could not be written down", metadata: ["error": "\(error)"])
        }
    }

    /// Stops a session that is not in use, until somebody starts it again.
    package func park(_ id: SessionID) async throws {
        guard let entry = entries[id] else { throw FleetError.unknownSession }
        guard entry.running != nil else { throw FleetError.notWorking }
        try await vault.sessions.setWanted(false, id)
        guard entries[id]?.run == entry.run else { return }
        entries[id]?.isWanted = false
        write(.info, "Nothing has come in or gone out for long; the session is stopped.", of: id)
        works.continuation.yield(.halt(id, run: entry.run, .stopped, reason: SessionState.idle))
    }

    private func removeExpired() async {
        do {
            try await vault.sessions.removeExpired()
        } catch {
            logger.warning("Expired records stay", metadata: ["error": "\(error)"])
        }
    }

    /// Stops every session in good order.
    private func stopAll() async {
        isAccepting = false
        queue = []
        delayed = []
        let ids = entries.compactMap { id, entry -> SessionID? in
            if case .idle = entry.phase { return nil }
            return id
        }
        await withDiscardingTaskGroup { group in
            for id in ids { group.addTask { await self.halt(id, .stopped, reason: nil) } }
        }
        for lanes in outlets.listeners { lanes.finish() }
        await writeDown()
        outlets.watch.endAll()
    }
}
