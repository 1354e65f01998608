/// Who has which connection, and who waits for one; decides, and does nothing.
struct PoolState<Connection> {
    typealias WaiterID = UInt64

    enum Answer {
        case use(Connection)
        /// The caller has a place in the pool and opens a connection for it.
        case open
        case mustWait
        case refuse(DatabaseError)
    }

    enum Handover {
        case nobody
        case give(Connection, to: WaiterID)
        /// The waiter takes over the place and opens a connection for it.
        case open(by: WaiterID)
    }

    private let size: Int
    private let waiterLimit: Int
    /// The one used last is used next, so that those at the bottom may stay quiet.
    private var idle: [Connection] = []
    private var waiters: [WaiterID] = []
    /// Places taken: connections idle, in use or being opened.
    private var taken = 0
    private var isClosed = false

    init(size: Int, waiterLimit: Int) {
        self.size = size
        self.waiterLimit = waiterLimit
    }

    var idleCount: Int { idle.count }
    var inUseCount: Int { taken - idle.count }
    var waiterCount: Int { waiters.count }
    /// Whether the pool is closed and everything has come back.
    var isDrained: Bool { isClosed && taken == 0 }

    mutating func request() -> Answer {
        guard !isClosed else { return .refuse(.closed) }
        if let connection = idle.popLast() { return .use(connection) }
        if taken < size {
            taken += 1
            return .open
        }
        return waiters.count < waiterLimit ? .mustWait : .refuse(.poolExhausted)
    }

    mutating func enqueue(_ waiter: WaiterID) {
        waiters.append(waiter)
    }

    /// Takes the waiter out of the queue; false if it has been served already.
    mutating func abandon(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// Takes back a connection that others may use.
    mutating func giveBack(_ connection: Connection) -> Handover {
        guard !isClosed else { return giveUpPlace() }
        guard !waiters.isEmpty else {
            idle.append(connection)
            return .nobody
        }
        return .give(connection, to: waiters.removeFirst())
    }

    /// Takes back a place whose connection broke or could not be opened.
    mutating func giveUpPlace() -> Handover {
        guard !isClosed, !waiters.isEmpty else {
            taken -= 1
            return .nobody
        }
        return .open(by: waiters.removeFirst())
    }

    /// Lets nobody in any more, and returns what was idle and who was waiting.
    mutating func close() -> (idle: [Connection], waiters: [WaiterID]) {
        isClosed = true
        taken -= idle.count
        defer {
            idle = []
            waiters = []
        }
        return (idle, waiters)
    }
}
