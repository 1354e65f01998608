import Foundation
import Logging
import WhatsApp

extension SessionGenerator {
    /// Ends attempts whose time is over and those that nobody looks at.
    ///
    /// `run()` calls it every second.
    package func sweep() async {
        let now = time.uptime()
        for id in Array(records.keys) {
            // Wiping the one before may have waited for the database.
            guard let record = records[id] else { continue }
            if record.deadline <= now {
                expire(id)
                await wipe(id, .expired)
            } else if record.subscribers.isEmpty, now - record.lastSeen >= configuration.browserGrace {
                await wipe(id, .abandoned)
            }
        }
        finished.sweep(at: now)
        metrics.count(records.count)
    }

    /// Lets go of everything of an attempt, and of its number.
    func wipe(_ id: AttemptID, _ outcome: AttemptOutcome) async {
        guard let hold = remove(id, outcome)?.codeHold else { return }
        await release(hold)
    }

    /// Lets go of everything of an attempt: closes its socket, and drops the last references to its keys and its session
    /// ID, whose bytes are overwritten by that.
    @discardableResult
    func remove(_ id: AttemptID, _ outcome: AttemptOutcome) -> AttemptRecord? {
        guard let record = records.removeValue(forKey: id) else { return nil }
        record.connection?.close()
        for subscriber in record.subscribers.values { subscriber.finish() }
        finished.insert(id, at: time.uptime())
        metrics.ended(Self.outcome(of: record.progress.state) ?? outcome)
        metrics.count(records.count)
        return record
    }

    /// A browser has let go of its stream.
    func depart(_ departure: Departure) {
        guard records[departure.id]?.subscribers.removeValue(forKey: departure.subscriber) != nil else { return }
        records[departure.id]?.lastSeen = time.uptime()
    }

    /// Refuses new attempts and wipes all there are.
    func stop() async {
        isAccepting = false
        for id in Array(records.keys) { await wipe(id, .stopped) }
    }

    /// Frees a number for another code, unless its code has run out by itself and the number may be somebody else's by now.
    func release(_ hold: CodeHold) async {
        guard hold.isCounted, time.uptime() < hold.until else { return }
        do {
            try await limits.release(.pairingCode, by: hold.phone.digits)
        } catch {
            // The hold ends by itself within three minutes.
            logger.debug("A pairing code's number stays held", metadata: ["error": "\(error)"])
        }
    }

    private func expire(_ id: AttemptID) {
        guard let entry = records[id]?.progress.expire() else { return }
        records[id]?.tell([entry])
    }

    /// What is counted: an attempt that led to a session ID did so, however it was wiped afterwards.
    private static func outcome(of state: AttemptState) -> AttemptOutcome? {
        switch state {
        case .done: .linked
        case .failed: .failed
        case .connecting, .ready, .passkey, .linking, .expired: nil
        }
    }
}
