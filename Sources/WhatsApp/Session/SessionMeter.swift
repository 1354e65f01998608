internal import Foundation
internal import NIOCore
internal import Synchronization

/// What one session has cost since it was made: bytes on its sockets, and time of the processor.
package final class SessionMeter: Sendable {
    /// One measurement in so many asks for the thread's processor time, which takes a system call.
    private static let sampling = 32

    private let received = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)
    private let measurements = Atomic<Int>(0)
    /// Nanoseconds by the clock, of all measurements; and of the sampled ones, by the clock and of the processor.
    private let elapsed = Atomic<Int>(0)
    private let sampledElapsed = Atomic<Int>(0)
    private let sampledTime = Atomic<Int>(0)

    package init() {}

    /// The processor's time is the clock's, less what the samples say that the thread had to wait for a processor.
    package var usage: SessionUsage {
        let sampled = sampledElapsed.load(ordering: .relaxed)
        let share = sampled > 0 ? Double(sampledTime.load(ordering: .relaxed)) / Double(sampled) : 1
        let time = Double(elapsed.load(ordering: .relaxed)) * min(share, 1)
        return SessionUsage(
            bytesIn: received.load(ordering: .relaxed),
            bytesOut: sent.load(ordering: .relaxed),
            processorTime: .nanoseconds(Int(time))
        )
    }

    func took(_ count: Int) { received.add(count, ordering: .relaxed) }

    func gave(_ count: Int) { sent.add(count, ordering: .relaxed) }

    /// Counts what the closure takes of this thread's time.
    func measure<Value>(_ body: () -> Value) -> Value {
        let number = measurements.add(1, ordering: .relaxed).newValue
        guard number % Self.sampling == 1 else {
            let start = Self.time(CLOCK_MONOTONIC)
            let value = body()
            elapsed.add(max(0, Self.time(CLOCK_MONOTONIC) - start), ordering: .relaxed)
            return value
        }
        let start = Self.time(CLOCK_MONOTONIC)
        let threadStart = Self.time(CLOCK_THREAD_CPUTIME_ID)
        let value = body()
        sampledTime.add(max(0, Self.time(CLOCK_THREAD_CPUTIME_ID) - threadStart), ordering: .relaxed)
        let time = max(0, Self.time(CLOCK_MONOTONIC) - start)
        sampledElapsed.add(time, ordering: .relaxed)
        elapsed.add(time, ordering: .relaxed)
        return value
    }

    private static func time(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }
}

/// What a session has cost so far.
package struct SessionUsage: Sendable, Equatable {
    package var bytesIn = 0
    package var bytesOut = 0
    package var processorTime = Duration.zero

    package init(bytesIn: Int = 0, bytesOut: Int = 0, processorTime: Duration = .zero) {
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.processorTime = processorTime
    }
}

/// Runs a session's actor on its event loop, and counts the time that it takes there.
final class MeteredExecutor: SerialExecutor {
    private let loop: any EventLoop
    private let meter: SessionMeter

    init(loop: any EventLoop, meter: SessionMeter) {
        self.loop = loop
        self.meter = meter
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { self.meter.measure { job.runSynchronously(on: self.asUnownedSerialExecutor()) } }
    }

    /// What runs on the loop, such as a channel's handler, is as good as isolated.
    func checkIsolated() {
        loop.preconditionInEventLoop()
    }
}
