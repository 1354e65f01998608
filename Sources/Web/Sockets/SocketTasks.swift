internal import ServiceLifecycle

/// Holds the tasks of all open sockets, so that they are structured and the server's end waits for theirs.
struct SocketTasks: Service {
    private let pending: AsyncStream<@Sendable () async -> Void>
    private let continuation: AsyncStream<@Sendable () async -> Void>.Continuation

    init() {
        // Bounded by the number of connections: each adds at most one.
        (pending, continuation) = AsyncStream.makeStream()
    }

    func add(_ task: @escaping @Sendable () async -> Void) {
        continuation.yield(task)
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            for await task in pending.cancelOnGracefulShutdown() {
                group.addTask { await task() }
            }
        }
    }
}
