import Foundation
import NIOCore
import Synchronization
import WhatsApp

/// Takes in what one run of a session tells, on the session's event loop, and hands it on without waiting.
final class SessionInlet: Sendable {
    let id: SessionID
    let run: UInt64
    private let outlets: SessionOutlets
    /// Held until the last event, so that nobody needs to look it up for each.
    private let session = Mutex<Session?>(nil)

    init(id: SessionID, run: UInt64, outlets: SessionOutlets) {
        self.id = id
        self.run = run
        self.outlets = outlets
    }

    func attach(_ session: Session) {
        self.session.withLock { $0 = session }
    }

    func take(_ event: SessionEvent, _ number: EventNumber?) -> EventHearing {
        guard let session = session.withLock({ $0 }) else { return .pending }
        switch event {
        case .connection(let connection):
            outlets.signals.continuation.yield(SessionOutlets.Signal(id: id, run: run, .connection(connection)))
            if case .stopped = connection { self.session.withLock { $0 = nil } }
        case .restriction(let restrictions):
            outlets.signals.continuation.yield(SessionOutlets.Signal(id: id, run: run, .restrictions(restrictions)))
        case .note(let note):
            outlets.write(SessionLogLine(at: Date(), level: note.level, text: note.text), of: id)
        default: break
        }
        guard !outlets.listeners.isEmpty else { return .heard }
        let turn = number.map { ListenerTurn($0, of: session, listeners: outlets.listeners.count) }
        let running = RunningSession(id: id, session: session)
        for lanes in outlets.listeners { lanes.offer(event, of: running, turn: turn) }
        return .pending
    }
}

extension SessionInlet: ConnectionDoor {
    func ask(_ turn: ConnectionTurn) {
        outlets.signals.continuation.yield(SessionOutlets.Signal(id: id, run: run, .asks(turn)))
    }
}

/// Where everything goes that sessions tell.
final class SessionOutlets: Sendable {
    struct Signal: Sendable {
        enum Kind: Sendable {
            case connection(SessionConnection)
            case restrictions(SessionRestrictions)
            /// The session has lost its connection, has waited, and would connect again.
            case asks(ConnectionTurn)
        }

        let id: SessionID
        let run: UInt64
        let kind: Kind

        init(id: SessionID, run: UInt64, _ kind: Kind) {
            self.id = id
            self.run = run
            self.kind = kind
        }
    }

    /// A few for each session, so it needs no bound of its own.
    let signals = AsyncStream.makeStream(of: Signal.self)
    let listeners: [ListenerLanes]
    let watch = SessionWatch()
    let log: SessionLog
    private let observers: [any SessionObserver]

    init(
        listeners: [any SessionListener],
        observers: [any SessionObserver],
        log: SessionLog,
        eventLoops: any EventLoopGroup,
        laneLimit: Int
    ) {
        self.listeners = listeners.map { ListenerLanes($0, eventLoops: eventLoops, limit: laneLimit) }
        self.observers = observers
        self.log = log
    }

    func tell(_ state: SessionState) {
        watch.tell(.status(state), of: state.id)
        for observer in observers { observer.changed(state) }
    }

    func write(_ line: SessionLogLine, of id: SessionID) {
        guard line.level != .debug else { return }
        log.write(line, of: id)
        watch.tell(.log(line), of: id)
        for observer in observers { observer.logged(line, of: id) }
    }
}
