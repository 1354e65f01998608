internal import Synchronization

/// Lets so many work at once; the others wait their turn.
final class FairGate: Sendable {
    private typealias Reply = CheckedContinuation<Result<Void, ToolError>, Never>

    private struct State {
        var queue: FairQueueState
        var replies: [UInt64: Reply] = [:]
        var nextID: UInt64 = 0
    }

    private let state: Mutex<State>

    init(limit: Int, waitingLimit: Int, waitingLimitPerKey: Int) {
        state = Mutex(
            State(
                queue: FairQueueState(
                    limit: limit,
                    waitingLimit: waitingLimit,
                    waitingLimitPerKey: waitingLimitPerKey
                )
            )
        )
    }

    func run<Value: Sendable>(
        for key: String,
        begun: @Sendable () async -> Void = {},
        _ body: () async throws(ToolError) -> Value
    ) async throws(ToolError) -> Value {
        try await enter(key)
        defer { leave() }
        await begun()
        return try await body()
    }

    private func enter(_ key: String) async throws(ToolError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let result: Result<Void, ToolError> = await withTaskCancellationHandler {
            await withCheckedContinuation { reply in
                let answer = state.withLock { state -> Result<Void, ToolError>? in
                    guard !Task.isCancelled else { return .failure(.cancelled) }
                    switch state.queue.arrive(id, key: key) {
                    case .start: return .success(())
                    case .refuse: return .failure(.busy)
                    case .wait:
                        state.replies[id] = reply
                        return nil
                    }
                }
                if let answer { reply.resume(returning: answer) }
            }
        } onCancel: {
            let reply = state.withLock { state -> Reply? in
                guard state.queue.leave(id, key: key) else { return nil }
                return state.replies.removeValue(forKey: id)
            }
            reply?.resume(returning: .failure(.cancelled))
        }
        try result.get()
    }

    private func leave() {
        let reply = state.withLock { state -> Reply? in
            guard let next = state.queue.finish() else { return nil }
            return state.replies.removeValue(forKey: next)
        }
        reply?.resume(returning: .success(()))
    }
}
