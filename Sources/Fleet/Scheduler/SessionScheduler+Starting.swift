import Foundation
import Logging
import NIOCore
import WhatsApp
import WhatsAppWire

extension SessionScheduler {
    /// How often starts are looked at.
    static let step = Duration.milliseconds(50)
    /// How long a session may be idle after its start at least; its last activity is known to the hour.
    static let idleGrace = Duration.seconds(7_200)

    func enqueue(_ id: SessionID) {
        entries[id]?.phase = .queued
        queue.append(id)
        setStatus(.starting, of: id)
    }

    /// Tries again after a while that doubles each time.
    func enqueueLater(_ id: SessionID, reason: String, after least: Duration? = nil) {
        guard let entry = entries[id], entry.isWanted, isAccepting else {
            return setStatus(.stopped, reason: reason, of: id)
        }
        let pause = min(max(entry.pause ?? configuration.firstPause, least ?? .zero), configuration.longestPause)
        entries[id]?.pause = min(pause * 2, configuration.longestPause)
        // A wait that the service asked for may be longer than any of ours.
        let wait = max(pause * Double.random(in: 0.75...1.25), least ?? .zero)
        delayed.append(SessionScheduler.Delayed(due: time.uptime() + wait, id: id, run: entry.run))
        setStatus(.starting, reason: reason, of: id)
    }

    /// Lets those connect who are due, staggered, until the task is cancelled.
    func startLoop() async {
        while !Task.isCancelled {
            await startDue(at: time.uptime())
            try? await Task.sleep(for: Self.step)
        }
    }

    private func startDue(at now: Duration) async {
        if delayed.contains(where: { $0.due <= now }) {
            for item in delayed where item.due <= now {
                guard let entry = entries[item.id], entry.run == item.run, case .idle = entry.phase else { continue }
                enqueue(item.id)
            }
            delayed.removeAll { $0.due <= now }
        }
        // Stopped or deleted while it waited.
        queue.removeAll { !waits($0) }
        let count = door.admit(queue.count, at: now, jitter: Double.random(in: 0.8...1.2))
        guard count > 0 else { return }
        let admitted = queue.prefix(count)
        queue.removeFirst(count)
        var batch: [SessionID] = []
        for id in admitted {
            switch entries[id]?.phase {
            case .queued:
                entries[id]?.phase = .opening
                batch.append(id)
            case .running(var run):
                let turn = run.turn
                run.turn = nil
                entries[id]?.phase = .running(run)
                turn?.take()
            default: break
            }
        }
        if !batch.isEmpty { await open(batch) }
    }

    private func waits(_ id: SessionID) -> Bool {
        switch entries[id]?.phase {
        case .queued: true
        case .running(let run): run.turn != nil
        default: false
        }
    }

    private func open(_ batch: [SessionID]) async {
        let batch = await admitted(batch)
        guard !batch.isEmpty else { return }
        let runs = batch.map { entries[$0]?.run }
        var opened: [SessionID: SessionVault.Opened] = [:]
        var failed: [SessionID: FleetError] = [:]
        var problem = "held_elsewhere"
        do {
            let openings = try await vault.open(batch)
            for session in openings.opened { opened[session.session] = session }
            failed = openings.failed
        } catch {
            problem = "store_unavailable"
            logger.warning("Sessions could not be opened", metadata: ["error": "\(error)"])
        }
        for (id, run) in zip(batch, runs) {
            guard let entry = entries[id], entry.run == run, case .opening = entry.phase else {
                // It was stopped in the meantime.
                if let session = opened[id] { try? await vault.leases.release([session.lease]) }
                continue
            }
            guard let session = opened[id] else {
                becomeIdle(id)
                if let error = failed[id] {
                    // Nothing is removed, and nobody is asked to scan again: the next start tries once more.
                    setStatus(.failed, reason: Self.word(for: error), of: id)
                    write(.error, error.words, of: id)
                } else {
                    enqueueLater(id, reason: problem, after: problem == "held_elsewhere" ? .seconds(15) : nil)
                }
                continue
            }
            guard let credentials = session.credentials, credentials.account != nil else {
                try? await vault.leases.release([session.lease])
                guard entries[id]?.run == run, case .opening = entries[id]?.phase else { continue }
                beginLinking(of: id)
                continue
            }
            guard !entry.isLinkOnly else {
                try? await vault.leases.release([session.lease])
                guard entries[id]?.run == run, case .opening = entries[id]?.phase else { continue }
                isLinked(id)
                continue
            }
            await begin(id, credentials, session)
        }
    }

    private static func word(for error: FleetError) -> String {
        error == .otherMasterKey ? "other_master_key" : "unreadable_secrets"
    }

    /// Those that may run; the others are stopped.
    ///
    /// Waiting for a phone is open to all.
    private func admitted(_ batch: [SessionID]) async -> [SessionID] {
        let asked = batch.filter { entries[$0]?.isLinkOnly == false }
        guard let gate, !asked.isEmpty else { return batch }
        let refused: [SessionID: String]
        do {
            refused = try await gate.refused(asked)
        } catch {
            logger.warning("Nobody says which sessions may run", metadata: ["error": "\(error)"])
            for id in asked where isOpening(id) {
                becomeIdle(id)
                enqueueLater(id, reason: "store_unavailable")
            }
            return batch.filter { isOpening($0) }
        }
        for (id, reason) in refused where isOpening(id) {
            becomeIdle(id)
            entries[id]?.isWanted = false
            setStatus(.stopped, reason: reason, of: id)
            try? await vault.sessions.setWanted(false, id)
        }
        return batch.filter { isOpening($0) }
    }

    private func isOpening(_ id: SessionID) -> Bool {
        if case .opening = entries[id]?.phase { true } else { false }
    }

    private func begin(_ id: SessionID, _ credentials: Credentials, _ opened: SessionVault.Opened) async {
        guard var entry = entries[id] else { return }
        entry.run += 1
        let inlet = SessionInlet(id: id, run: entry.run, outlets: outlets)
        let session = Session(
            credentials: credentials,
            store: opened.store,
            environment: environment,
            eventLoop: eventLoops.next(),
            door: inlet,
            listener: { inlet.take($0, $1) }
        )
        inlet.attach(session)
        entry.phase = .running(SessionEntry.Run(session: session, opened: opened, startedAt: time.uptime()))
        entry.traffic = 0
        if let limit = configuration.stopIdleAfter {
            // However long it was not in use before, it is given some time now.
            let grace = min(limit, Self.idleGrace) - limit
            entry.activeAt = max(entry.activeAt, time.date().addingTimeInterval(grace / .seconds(1)))
        }
        entries[id] = entry
        metrics.began()
        await session.start()
    }

    // MARK: Waiting for a phone

    private func beginLinking(of id: SessionID) {
        let linking = entries.values.count { if case .linking = $0.phase { true } else { false } }
        guard linking < configuration.linkingAtOnce else {
            becomeIdle(id)
            return enqueueLater(id, reason: "too_many_linking")
        }
        let connection = LinkingConnection(
            service: environment.service,
            profile: environment.profile,
            eventLoopGroup: eventLoops,
            computePool: environment.computePool,
            logger: environment.logger
        )
        guard var entry = entries[id] else { return }
        entry.run += 1
        entry.phase = .linking(
            SessionEntry.Link(connection: connection, deadline: time.uptime() + configuration.linkingTime)
        )
        entries[id] = entry
        works.continuation.yield(.link(id, run: entry.run))
        connection.start()
    }

    /// Follows the linking of one session to its end.
    func followLinking(of id: SessionID, run: UInt64) async {
        guard let entry = entries[id], entry.run == run, case .linking(let link) = entry.phase else { return }
        for await event in link.connection.events {
            guard entries[id]?.run == run, case .linking(var link) = entries[id]?.phase else { return }
            switch event {
            case .qr(let text, let lifetime):
                let expiresAt = time.date().addingTimeInterval(lifetime / .seconds(1))
                link.qr = (text, expiresAt)
                entries[id]?.phase = .linking(link)
                setStatus(.scanQRCode, of: id)
                outlets.watch.tell(.qr(text: text, svg: Self.picture(of: text), expiresAt: expiresAt), of: id)
            case .ready:
                link.isReady = true
                entries[id]?.phase = .linking(link)
                if let phone = entries[id]?.phone { link.connection.requestPairingCode(for: phone) }
            case .pairingCode(let code, let lifetime):
                let expiresAt = time.date().addingTimeInterval(lifetime / .seconds(1))
                link.code = (code, expiresAt)
                entries[id]?.phase = .linking(link)
                setStatus(.scanQRCode, of: id)
                outlets.watch.tell(.pairingCode(code, expiresAt: expiresAt), of: id)
            case .pairingCodeRefused(let refusal):
                outlets.watch.tell(.pairingCodeRefused(AttemptWords.problem(of: refusal).message), of: id)
            case .pairingCodeExpired:
                link.code = nil
                entries[id]?.phase = .linking(link)
            case .linked(let credentials):
                await linked(id, run: run, credentials)
            case .failed(let failure):
                logger.info("A session could not be linked", metadata: ["session.id": "\(id)", "error": "\(failure)"])
                write(.error, "The phone could not be linked.", of: id)
                await endLinking(of: id, reason: "linking_failed")
            default: break
            }
        }
    }

    private func linked(_ id: SessionID, run: UInt64, _ credentials: Credentials) async {
        do {
            try await vault.sessions.replaceCredentials(of: id, with: credentials)
        } catch {
            logger.error(
                "A linked session could not be stored",
                metadata: ["session.id": "\(id)", "error": "\(error)"]
            )
            return await endLinking(of: id, reason: "store_unavailable")
        }
        guard entries[id]?.run == run else { return }
        becomeIdle(id)
        entries[id]?.jid = credentials.account?.jid.description
        entries[id]?.phone = nil
        unwritten.insert(id)
        write(.info, "A phone has linked the session.", of: id)
        guard entries[id]?.isLinkOnly == true else { return enqueue(id) }
        isLinked(id)
    }

    /// Leaves a session alone that only wanted a phone.
    private func isLinked(_ id: SessionID) {
        becomeIdle(id)
        entries[id]?.isWanted = false
        entries[id]?.isLinkOnly = false
        setStatus(.stopped, reason: "linked", of: id)
    }

    /// Gives up waiting for a phone, until somebody starts the session again.
    func endLinking(of id: SessionID, reason: String) async {
        guard let entry = entries[id], case .linking = entry.phase else { return }
        // No code is shown any more from here on, and who starts the session meanwhile is not turned away.
        entries[id]?.isWanted = false
        entries[id]?.isLinkOnly = false
        entries[id]?.phone = nil
        await halt(id, .failed, reason: reason)
        do {
            try await vault.sessions.setWanted(false, id)
            // Somebody has started it in between.
            if entries[id]?.isWanted == true { try await vault.sessions.setWanted(true, id) }
        } catch {
            logger.warning("What is wanted could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
