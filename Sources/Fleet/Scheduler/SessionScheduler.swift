package import Database
import Foundation
package import Logging
package import NIOCore
import SignalProtocol
package import WhatsApp
package import WhatsAppProtobufs
package import WhatsAppWire

/// Runs the sessions of this process: starts and stops them, brings those back that are wanted, and says how they are.
///
/// Must run as a service. What is wanted is in the database; where a session stands is here, and written down soon after.
package actor SessionScheduler {
    /// Work that takes a while and belongs to one session.
    enum Work: Sendable {
        case link(SessionID, run: UInt64)
        case end(SessionID, run: UInt64, ClientStop)
        case giveUpLogOut(SessionID, run: UInt64)
        case giveUpLinking(SessionID, run: UInt64)
        case start(SessionID)
        case halt(SessionID, run: UInt64, SessionStatus, reason: String)
    }

    struct Delayed {
        let due: Duration
        let id: SessionID
        let run: UInt64
    }

    let configuration: SchedulerConfiguration
    let vault: SessionVault
    let environment: SessionEnvironment
    let eventLoops: any EventLoopGroup
    let gate: (any SessionGate)?
    let time: TimeSource
    let logger: Logger
    nonisolated let outlets: SessionOutlets
    nonisolated let works = AsyncStream.makeStream(of: Work.self)
    let metrics = SchedulerMetrics()

    var entries: [SessionID: SessionEntry] = [:]
    var names: [String: SessionID] = [:]
    /// Those who wait for their turn to connect: to be started, or because they lost their connection.
    var queue: [SessionID] = []
    var delayed: [Delayed] = []
    var unwritten: Set<SessionID> = []
    /// As last counted, and of how many sessions.
    var standing: (counts: [SessionStatus: Int], sessions: Int) = ([:], 0)
    var door: ConnectionPace
    var idleWaiters: [SessionID: [CheckedContinuation<Void, Never>]] = [:]
    var isAccepting = true

    package init(
        configuration: SchedulerConfiguration = SchedulerConfiguration(),
        vault: SessionVault,
        database: Database,
        environment: SessionEnvironment,
        eventLoops: any EventLoopGroup,
        listeners: [any SessionListener] = [],
        observers: [any SessionObserver] = [],
        gate: (any SessionGate)? = nil,
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.configuration = configuration
        self.vault = vault
        self.environment = environment
        self.eventLoops = eventLoops
        self.gate = gate
        self.time = time
        self.logger = logger
        door = ConnectionPace(
            perSecond: configuration.startsPerSecond,
            breaker: StartBreaker(limit: configuration.failuresInARow, first: configuration.breakerPause)
        )
        outlets = SessionOutlets(
            listeners: listeners,
            observers: observers,
            log: SessionLog(database: database),
            eventLoops: eventLoops,
            laneLimit: configuration.laneLimit
        )
    }

    // MARK: What is there

    package func all() -> [SessionState] {
        entries.map { $1.state($0) }.sorted { $0.name < $1.name }
    }

    package func state(of id: SessionID) throws(FleetError) -> SessionState {
        guard let entry = entries[id] else { throw .unknownSession }
        return entry.state(id)
    }

    /// Finds a session by its name or its identifier.
    package func find(_ text: String) throws(FleetError) -> SessionID {
        if let id = names[text] { return id }
        guard let id = SessionID(text), entries[id] != nil else { throw .unknownSession }
        return id
    }

    /// What happens with the session from now on, first of all where it stands.
    package func notices(of id: SessionID) throws(FleetError) -> AsyncStream<SessionNotice> {
        guard let entry = entries[id] else { throw .unknownSession }
        var first: [SessionNotice.Kind] = [.status(entry.state(id))]
        if case .linking(let link) = entry.phase, let qr = link.qr {
            first.append(.qr(text: qr.text, svg: Self.picture(of: qr.text), expiresAt: qr.expiresAt))
        }
        if case .linking(let link) = entry.phase, let code = link.code {
            first.append(.pairingCode(code.text, expiresAt: code.expiresAt))
        }
        return outlets.watch.watch(id, first: first)
    }

    /// Tells whoever watches the session that what runs on it has changed.
    package nonisolated func tellChange(of id: SessionID) {
        outlets.watch.tell(.changed, of: id)
    }

    /// The last lines of the session's log, oldest first.
    package func log(of id: SessionID, last count: Int) async throws -> [SessionLogLine] {
        guard entries[id] != nil else { throw FleetError.unknownSession }
        try await outlets.log.flush()
        return try await outlets.log.lines(of: id, last: count)
    }

    /// What the session has done since it was started; nil while it does not run.
    package func counters(of id: SessionID) async throws(FleetError) -> SessionCounters? {
        guard let entry = entries[id] else { throw .unknownSession }
        return await entry.running?.session.counters
    }

    /// The session itself, while it works.
    package func running(_ id: SessionID) throws(FleetError) -> Session {
        guard let entry = entries[id] else { throw .unknownSession }
        guard let run = entry.running, run.isWorking else { throw .notWorking }
        return run.session
    }

    /// Sends a message on the session and waits until the service has it.
    package func send(_ message: WAMessage, on id: SessionID, to chat: JID) async throws -> SentMessage {
        try await running(id).send(message, to: chat)
    }

    // MARK: Small things that all others use

    func setStatus(_ status: SessionStatus, reason: String? = nil, of id: SessionID) {
        guard var entry = entries[id], entry.status != status || entry.reason != reason else { return }
        entry.status = status
        entry.reason = reason
        entry.statusAt = time.date()
        entries[id] = entry
        unwritten.insert(id)
        outlets.tell(entry.state(id))
        metrics.became(status)
    }

    func write(_ level: SessionNote.Level, _ text: String, of id: SessionID) {
        outlets.write(SessionLogLine(at: time.date(), level: level, text: text), of: id)
    }

    /// Lets go of a run: whatever still belongs to it is ignored from now on.
    func becomeIdle(_ id: SessionID) {
        entries[id]?.phase = .idle
        entries[id]?.run += 1
        for waiter in idleWaiters.removeValue(forKey: id) ?? [] { waiter.resume() }
    }

    func waitUntilIdle(_ id: SessionID) async {
        guard let entry = entries[id] else { return }
        if case .idle = entry.phase { return }
        await withCheckedContinuation { idleWaiters[id, default: []].append($0) }
    }
}
