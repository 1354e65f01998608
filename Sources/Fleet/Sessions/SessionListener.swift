import Foundation
import Metrics
import Synchronization
package import WhatsApp

/// A session that runs, as those see it who hear its events.
package struct RunningSession: Sendable {
    package let id: SessionID
    package let session: Session
}

/// Somebody who wants to hear what sessions tell: bots, webhooks, the inbox.
package protocol SessionListener: Sendable {
    /// For metrics: a word of a closed set.
    var name: String { get }

    /// Takes one event.
    ///
    /// The events of one session come in order, one after the other; those of others may come at the same time. What has a
    /// number is told again after a restart, under the same number, unless this has returned and that could be written
    /// down: a listener whose deeds must not be done twice keeps the number, or does them under a name that the event gives.
    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async
}

/// Hands events to one listener, without ever holding up whoever has them.
///
/// There are so many lanes, each with one consumer; a session's events are all in one. A lane that is full drops what comes:
/// messages are in the store whatever a listener makes of them.
final class ListenerLanes: Sendable {
    private struct Item: Sendable {
        let event: SessionEvent
        let session: RunningSession
        let turn: Turn?
    }

    /// An event that is told again unless all listeners are through with it.
    final class Turn: Sendable {
        let number: EventNumber
        private let session: Session
        private let left: Atomic<Int>

        init(_ number: EventNumber, of session: Session, listeners: Int) {
            self.number = number
            self.session = session
            left = Atomic(listeners)
        }

        /// One listener is through.
        func end() {
            if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { session.heard(number) }
        }
    }

    private let listener: any SessionListener
    private let lanes: [(stream: AsyncStream<Item>, continuation: AsyncStream<Item>.Continuation)]
    private let dropped: Counter

    init(_ listener: any SessionListener, count: Int = 128, limit: Int = 1_024) {
        self.listener = listener
        lanes = (0..<count).map { _ in AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit)) }
        dropped = Counter(label: "session.listener.dropped", dimensions: [("listener", listener.name)])
    }

    /// False when the event was dropped.
    @discardableResult
    func offer(_ event: SessionEvent, of session: RunningSession, turn: Turn?) -> Bool {
        // The identifier is random, so its bytes spread evenly.
        let (high, low) = (session.id.rawValue.uuid.14, session.id.rawValue.uuid.15)
        let lane = (Int(high) << 8 | Int(low)) % lanes.count
        let item = Item(event: event, session: session, turn: turn)
        if case .dropped = lanes[lane].continuation.yield(item) {
            // Its turn does not end, so that it is told again with the next start.
            dropped.increment()
            return false
        }
        return true
    }

    /// Takes nothing more; what is there is still heard.
    func finish() {
        for lane in lanes { lane.continuation.finish() }
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in lanes {
                group.addTask { [listener] in
                    for await item in lane.stream {
                        await listener.hear(item.event, number: item.turn?.number, of: item.session)
                        // Whoever was interrupted has not heard it out.
                        if !Task.isCancelled { item.turn?.end() }
                    }
                }
            }
        }
    }
}
