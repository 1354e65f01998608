internal import Synchronization

/// What a proxy's client has used, and what it was refused.
final class ProxyBudget: Sendable {
    struct Report: Sendable, Equatable {
        var bytes = 0
        var connections = 0
        /// It asked for an address that is not public.
        var wasRefused = false
        /// It took more than it may.
        var isExceeded = false
    }

    private let byteLimit: Int
    private let connectionLimit: Int
    private let state = Mutex(Report())

    init(bytes: Int, connections: Int) {
        byteLimit = bytes
        connectionLimit = connections
    }

    var report: Report { state.withLock { $0 } }

    func refuse() { state.withLock { $0.wasRefused = true } }

    func connect() -> Bool {
        state.withLock { state in
            state.connections += 1
            return state.connections <= connectionLimit && !state.isExceeded
        }
    }

    /// False where it is too much.
    func take(_ count: Int) -> Bool {
        state.withLock { state in
            state.bytes += count
            if state.bytes > byteLimit { state.isExceeded = true }
            return !state.isExceeded
        }
    }
}
