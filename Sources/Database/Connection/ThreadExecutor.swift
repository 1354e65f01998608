import Dispatch
import Foundation
import Synchronization

/// Runs the jobs of one actor on a thread of its own, which may block.
///
/// The thread ends when the executor is released, which is when its actor is.
final class ThreadExecutor: SerialExecutor {
    private let jobs = JobQueue()

    init(name: String) {
        let jobs = self.jobs
        let thread = Thread {
            while let job = jobs.next() { job() }
        }
        thread.name = name
        thread.stackSize = 512 << 10
        thread.start()
    }

    deinit {
        jobs.finish()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job holds on to the executor, so the thread cannot lose it while the job runs.
        jobs.append { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// A queue with one consumer, which sleeps while there is nothing to do.
private final class JobQueue: Sendable {
    typealias Job = @Sendable () -> Void

    private let jobs = Mutex<[Job]>([])
    /// Counts the jobs, and one more once there will be no others.
    private let available = DispatchSemaphore(value: 0)

    func append(_ job: @escaping Job) {
        jobs.withLock { $0.append(job) }
        available.signal()
    }

    func finish() {
        available.signal()
    }

    /// The next job; nil once the queue is finished and empty.
    func next() -> Job? {
        available.wait()
        return jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
