import NIOCore
import WhatsApp

/// What waits for a listener in one lane, in order, with a bound.
///
/// What finds the lane full is not kept but for its number: the session is *behind*. Once everything has been heard that came
/// before, its missing events are read again from where the session keeps them, and so are those that come meanwhile.
struct LaneState {
    struct Item: Sendable {
        let event: SessionEvent
        let session: RunningSession
        let turn: ListenerTurn?
    }

    /// What the listener does next.
    enum Step {
        case hear(Item)
        /// These events of the session have to be read before they are heard.
        case reread(RunningSession, [ListenerTurn])
    }

    enum Offer: Equatable {
        /// Will be heard; `isFirst` when nobody works through the lane at the moment.
        case taken(isFirst: Bool)
        /// Will be read again and heard then.
        case behind
        /// Will not be heard while this process lives.
        case dropped
    }

    private struct Behind {
        let session: RunningSession
        /// So many items have to be taken first.
        let due: UInt64
        var turns = CircularBuffer<ListenerTurn>()
    }

    /// Events of one session that are read again at once.
    static let rereadLimit = 128
    /// Missing events that are remembered for one session.
    static let behindLimit = 65_536

    private let limit: Int
    private var items = CircularBuffer<Item>()
    private var offered: UInt64 = 0
    private var taken: UInt64 = 0
    private var behind: [ObjectIdentifier: Behind] = [:]
    /// Who is behind, in the order in which they are seen to.
    private var order: [ObjectIdentifier] = []
    private var isRereadNext = true
    private var isIdle = true
    private var isFinished = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func offer(_ item: Item) -> Offer {
        guard !isFinished else { return .dropped }
        let key = ObjectIdentifier(item.session.session)
        if let turn = item.turn, let missing = behind[key]?.turns.count {
            guard missing < Self.behindLimit else { return .dropped }
            behind[key]?.turns.append(turn)
            return .behind
        }
        guard items.count >= limit else {
            items.append(item)
            offered += 1
            defer { isIdle = false }
            return .taken(isFirst: isIdle)
        }
        guard let turn = item.turn else { return .dropped }
        var fresh = Behind(session: item.session, due: offered)
        fresh.turns.append(turn)
        behind[key] = fresh
        order.append(key)
        return .behind
    }

    /// Nil when there is nothing to do.
    ///
    /// Who is behind and those who are not take turns.
    mutating func next() -> Step? {
        if isRereadNext || items.isEmpty, !isFinished, let key = order.first, let due = behind[key]?.due, due <= taken {
            isRereadNext = false
            order.removeFirst()
            return reread(key)
        }
        isRereadNext = true
        guard let item = items.popFirst() else {
            isIdle = true
            return nil
        }
        taken += 1
        return .hear(item)
    }

    private mutating func reread(_ key: ObjectIdentifier) -> Step? {
        guard var entry = behind.removeValue(forKey: key) else { return nil }
        let count = min(entry.turns.count, Self.rereadLimit)
        let turns = Array(entry.turns.prefix(count))
        entry.turns.removeFirst(count)
        if !entry.turns.isEmpty {
            behind[key] = entry
            order.append(key)
        }
        return .reread(entry.session, turns)
    }

    /// Takes nothing more, and forgets what would have to be read again.
    mutating func finish() {
        isFinished = true
        behind = [:]
        order = []
    }
}
