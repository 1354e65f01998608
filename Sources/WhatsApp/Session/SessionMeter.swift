internal import Foundation
internal import NIOCore
internal import Synchronization

/// What one session has cost since it was made: bytes on its sockets, and time of the processor.
package final class SessionMeter: Sendable {
    private let received = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)
    private let nanoseconds = Atomic<Int>(0)

    package init() {}

    package var usage: SessionUsage {
        SessionUsage(
            bytesIn: received.load(ordering: .relaxed),
            bytesOut: sent.load(ordering: .relaxed),
            processorTime: .nanoseconds(nanoseconds.load(ordering: .relaxed))
        )
    }

    func took(_ count: Int) { received.add(count, ordering: .relaxed) }

    func gave(_ count: Int) { sent.add(count, ordering: .relaxed) }

    /// Counts what the closure takes of this thread's time.
    func measure<Value>(_ body: () -> Value) -> Value {
        let start = Self.threadTime()
        let value = body()
        nanoseconds.add(max(0, Self.threadTime() - start), ordering: .relaxed)
        return value
    }

    private static func threadTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
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
