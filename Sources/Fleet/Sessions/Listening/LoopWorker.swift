import NIOCore

/// Works through lanes on an event loop, beside the sessions that live there.
actor LoopWorker {
    nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ loop: any EventLoop) {
        executor = LoopExecutor(loop)
    }

    /// Runs here what does not say that it has to run elsewhere.
    func run(_ body: nonisolated(nonsending) @Sendable () async -> Void) async {
        await body()
    }
}

private final class LoopExecutor: SerialExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
