internal import Synchronization

/// Lets a number of transfers run at once; the others wait in order, up to a number too.
package final class TransferGate: Sendable {
    private struct Waiting {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var running = 0
        var waiting: [Waiting] = []
        var lastID: UInt64 = 0
        /// Cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    private let limit: Int
    private let queueLimit: Int
    private let state = Mutex(State())

    package init(limit: Int, queueLimit: Int = 10_000) {
        self.limit = max(1, limit)
        self.queueLimit = queueLimit
    }

    /// Runs the body in a place of its own, which is given back on every way out.
    package func run<Result>(
        _ body: () async throws(MediaError) -> sending Result
    ) async throws(MediaError) -> sending Result {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws(MediaError) {
        let id: UInt64? = try state.withLock { state throws(MediaError) in
            if state.running < limit, state.waiting.isEmpty {
                state.running += 1
                return nil
            }
            guard state.waiting.count < queueLimit else { throw .overloaded(limit: queueLimit) }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in wait(Waiting(id: id, continuation: continuation)) }
        } onCancel: {
            cancel(id)
        }
        // Cancelled in the moment that a place became free: nothing waits under this number any more.
        state.withLock { _ = $0.cancelled.remove(id) }
        guard isIn else { throw .cancelled }
    }

    private func wait(_ waiting: Waiting) {
        let answer: Bool? = state.withLock { state in
            if state.cancelled.remove(waiting.id) != nil { return false }
            // A place may have become free since the look at it.
            if state.running < limit, state.waiting.isEmpty {
                state.running += 1
                return true
            }
            state.waiting.append(waiting)
            return nil
        }
        if let answer { waiting.continuation.resume(returning: answer) }
    }

    private func cancel(_ id: UInt64) {
        let waiting: Waiting? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiting.remove(at: index)
        }
        waiting?.continuation.resume(returning: false)
    }

    private func leave() {
        let next: Waiting? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
        next?.continuation.resume(returning: true)
    }
}
