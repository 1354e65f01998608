internal import Synchronization

/// What one task of a session waits for, and from where it goes on.
///
/// The runtime resumes a task that waits by a continuation of its own in the global pool, from where it goes to its actor:
/// two changes of threads. Here the task waits as a job of an executor that runs nothing, and that hands it to `home` when
/// it is resumed.
final actor LoopContinuation<Value: Sendable>: SerialExecutor {
    private enum State {
        case new
        case waiting(UnownedJob)
        case resumed
    }

    private let home: MeteredExecutor
    private nonisolated let state = Mutex<(progress: State, value: Value?)>((.new, nil))
    nonisolated var unownedExecutor: UnownedSerialExecutor { asUnownedSerialExecutor() }

    init(_ home: MeteredExecutor) {
        self.home = home
    }

    /// Lets the task go on; once only.
    nonisolated func resume(returning value: Value) {
        let job = state.withLock { state -> UnownedJob? in
            // As the runtime's own: a task that is resumed twice would run on two threads at once, which nothing mends.
            if case .resumed = state.progress { preconditionFailure("A task that waits is resumed once.") }
            defer { state = (.resumed, value) }
            guard case .waiting(let job) = state.progress else { return nil }
            return job
        }
        if let job { home.enqueue(ExecutorJob(job)) }
    }

    /// Waits until ``resume(returning:)``; to be called once.
    func value() -> Value {
        // Runs only once there is one, as `enqueue` sees to; without it there is nothing that could be returned.
        guard let value = state.withLock({ $0.value }) else {
            preconditionFailure("A task goes on that has no value yet.")
        }
        return value
    }

    /// The task that calls ``value()`` comes here.
    nonisolated func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isResumed = state.withLock { state in
            if case .resumed = state.progress { return true }
            state.progress = .waiting(job)
            return false
        }
        if isResumed { home.enqueue(ExecutorJob(job)) }
    }
}

extension LoopContinuation<Void> {
    nonisolated func resume() { resume(returning: ()) }
}
