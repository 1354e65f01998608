import Foundation
import Metrics
import NIOCore
import Synchronization
import WhatsApp

/// Hands events to one listener, without ever holding up whoever has them.
///
/// There are so many lanes, each with one consumer; a session's events are all in one. What a full lane has no room for is read
/// again later, in its place; only what is of the moment, and has no number, is left out.
final class ListenerLanes: Sendable {
    private final class Lane: Sendable {
        let state: Mutex<LaneState>
        let wakeUps = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

        init(limit: Int) {
            state = Mutex(LaneState(limit: limit))
        }
    }

    private let listener: any SessionListener
    private let lanes: [Lane]
    private let callers: [ObjectIdentifier: LaneCaller]
    private let dropped: Counter
    private let reread: Counter

    init(_ listener: any SessionListener, eventLoops: any EventLoopGroup, count: Int = 128, limit: Int = 1_024) {
        self.listener = listener
        let callers = eventLoops.makeIterator().map { (ObjectIdentifier($0), LaneCaller($0)) }
        self.callers = Dictionary(uniqueKeysWithValues: callers)
        lanes = (0..<count).map { _ in Lane(limit: limit) }
        let dimensions = [("listener", listener.name)]
        dropped = Counter(label: "session.listener.dropped", dimensions: dimensions)
        reread = Counter(label: "session.listener.reread", dimensions: dimensions)
    }

    func offer(_ event: SessionEvent, of session: RunningSession, turn: ListenerTurn?) {
        // The identifier is random, so its bytes spread evenly.
        let (high, low) = (session.id.rawValue.uuid.14, session.id.rawValue.uuid.15)
        let lane = lanes[(Int(high) << 8 | Int(low)) % lanes.count]
        let item = LaneState.Item(event: event, session: session, turn: turn)
        switch lane.state.withLock({ $0.offer(item) }) {
        case .taken(isFirst: true): wake(lane, from: session.session.loop)
        case .taken(isFirst: false): break
        // The lane is full, so somebody works through it.
        case .behind: reread.increment()
        case .dropped: dropped.increment()
        }
    }

    private func wake(_ lane: Lane, from loop: any EventLoop) {
        if let caller = callers[ObjectIdentifier(loop)] {
            caller.call(lane.wakeUps.continuation)
        } else {
            lane.wakeUps.continuation.yield()
        }
    }

    /// Takes nothing more; what is there is still heard.
    func finish() {
        for lane in lanes {
            lane.state.withLock { $0.finish() }
            lane.wakeUps.continuation.finish()
        }
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in lanes {
                group.addTask {
                    for await _ in lane.wakeUps.stream { await self.workThrough(lane) }
                    // What came just before the end was not called for any more.
                    await self.workThrough(lane)
                }
            }
        }
    }

    private func workThrough(_ lane: Lane) async {
        while !Task.isCancelled, let step = lane.state.withLock({ $0.next() }) {
            switch step {
            case .hear(let item): await hear(item.event, of: item.session, item.turn)
            case .reread(let session, let turns): await hear(turns, of: session)
            }
        }
    }

    private func hear(_ event: SessionEvent, of session: RunningSession, _ turn: ListenerTurn?) async {
        await listener.hear(event, number: turn?.number, of: session)
        // Whoever was interrupted has not heard it out.
        if !Task.isCancelled { turn?.end() }
    }

    /// Reads events and hears them; without the store, or after the end of the session, the next run tells them.
    private func hear(_ turns: [ListenerTurn], of session: RunningSession) async {
        guard let events = try? await session.session.reread(turns.map(\.number)) else {
            return dropped.increment(by: turns.count)
        }
        for turn in turns where !Task.isCancelled {
            if let event = events[turn.number] {
                await hear(event, of: session, turn)
            } else {
                dropped.increment()
                turn.end()
            }
        }
    }
}
