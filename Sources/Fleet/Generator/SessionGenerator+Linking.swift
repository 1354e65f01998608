import Foundation
import Logging
import ServiceLifecycle
import WhatsApp
import WhatsAppWire

extension SessionGenerator: Service {
    /// Drives the attempts until it is cancelled or asked to stop gracefully; then everything is wiped.
    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sweepEverySecond() }
            group.addTask {
                for await departure in self.departures.stream { await self.depart(departure) }
            }
            for await start in starts.stream.cancelOnGracefulShutdown() {
                group.addTask { await self.follow(start) }
            }
            await stop()
            group.cancelAll()
        }
    }

    private func sweepEverySecond() async {
        var sweeps = 0
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            await sweep()
            sweeps += 1
            if sweeps % 300 == 1 { await removeOldCounts() }
        }
    }

    private func removeOldCounts() async {
        do {
            try await limits.removeOld(than: Self.hour)
        } catch {
            logger.warning("Old generator counts stay", metadata: ["error": "\(error)"])
        }
    }

    /// Follows one connection to its end.
    private nonisolated func follow(_ start: Start) async {
        for await event in start.connection.events {
            guard case .linked(let credentials) = event else {
                await handle(event, of: start.id)
                continue
            }
            do {
                // Packing takes a millisecond, which is not the other attempts' to wait for.
                let session = try SessionIDCodec.encode(
                    credentials,
                    as: start.request.dialect,
                    prefix: start.request.prefix
                )
                let jid = credentials.account?.jid.description ?? ""
                // Nobody waits for it any more when the attempt was wiped in the meantime.
                guard await finish(start.id, with: session, jid: jid) else { continue }
                await whenLinked?(credentials, session)
            } catch {
                await fail(start.id, AttemptWords.internalProblem)
            }
        }
        await fail(start.id, AttemptWords.internalProblem)
    }

    private func handle(_ event: LinkingEvent, of id: AttemptID) async {
        guard let (entries, action) = records[id]?.progress.apply(event, at: time.date()) else { return }
        if case .failed(.untrustedServer) = event {
            // About the way to the service and not about anybody's attempt; somebody must act.
            logger.error("The server that answers for the service has the wrong certificates")
        }
        switch action {
        case .none, .requestCode:
            break
        case .fail:
            records[id]?.connection?.close()
            records[id]?.connection = nil
        case .extend(let time):
            extend(id, by: time)
        case .holdBackCode(let wait):
            records[id]?.codeNotBefore = time.uptime() + wait
            await releaseCode(of: id)
        case .releaseCode:
            // Before it is told, so that whoever hears of it can ask again at once.
            await releaseCode(of: id)
        }
        records[id]?.tell(entries)
        switch action {
        case .requestCode(let phone): await requestCodeByItself(of: id, phone: phone)
        case .fail: await releaseCode(of: id)
        case .none, .extend, .releaseCode, .holdBackCode: break
        }
    }

    private func finish(_ id: AttemptID, with session: ExportedSession, jid: String) async -> Bool {
        extend(id, by: configuration.timeToCopy)
        guard let deadline = records[id]?.deadline else { return false }
        let left = deadline - time.uptime()
        let expiresAt = time.date().addingTimeInterval(left / .seconds(1))
        guard let entries = records[id]?.progress.finish(with: session, jid: jid, expiresAt: expiresAt) else {
            return false
        }
        records[id]?.connection = nil
        records[id]?.tell(entries)
        await releaseCode(of: id)
        return true
    }

    /// Ends an attempt that nothing more will come of; its text stays until its time is over.
    private func fail(_ id: AttemptID, _ problem: GeneratorEvent.Problem) async {
        guard let connection = records[id]?.connection, let entries = records[id]?.progress.fail(problem) else {
            return
        }
        connection.close()
        records[id]?.connection = nil
        records[id]?.tell(entries)
        await releaseCode(of: id)
    }

    /// Puts off the end so that at least this much time is left.
    private func extend(_ id: AttemptID, by least: Duration) {
        guard let deadline = records[id]?.deadline else { return }
        records[id]?.deadline = max(deadline, time.uptime() + least)
    }

    private func releaseCode(of id: AttemptID) async {
        guard let hold = records[id]?.codeHold else { return }
        records[id]?.codeHold = nil
        await release(hold)
    }
}
