import NIOCore
import NIOPosix
import Testing

@testable import WhatsApp

/// Waiting inside a session, and going on there.
struct LoopContinuationTests {
    /// Lives on an event loop, as a session does.
    private actor Resident {
        nonisolated let loop: any EventLoop
        nonisolated let executor: MeteredExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        var waiting: [LoopContinuation<Int>] = []
        var log: [Int] = []

        init(_ loop: any EventLoop) {
            self.loop = loop
            executor = MeteredExecutor(loop: loop, meter: SessionMeter())
        }

        /// Whether it went on here.
        func wait(_ arrived: AsyncStream<Void>.Continuation? = nil) async -> Bool {
            let continuation = LoopContinuation<Int>(executor)
            waiting.append(continuation)
            arrived?.yield()
            log.append(await continuation.value())
            return loop.inEventLoop
        }

        func resumeAll(_ values: [Int]) {
            for (continuation, value) in zip(waiting, values) { continuation.resume(returning: value) }
            waiting = []
        }

        func waitForOneResumedAlready() async -> Int {
            let continuation = LoopContinuation<Int>(executor)
            continuation.resume(returning: 7)
            return await continuation.value()
        }

        func take() -> LoopContinuation<Int>? { waiting.popLast() }
    }

    @Test func thoseWhoWaitGoOnInTheOrderInWhichTheyAreResumed() async {
        let resident = Resident(MultiThreadedEventLoopGroup.singleton.next())
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        var waiting = arrivals.makeAsyncIterator()
        var tasks: [Task<Bool, Never>] = []
        for _ in 0..<5 {
            tasks.append(Task { await resident.wait(arrived) })
            await waiting.next()
        }
        await resident.resumeAll([1, 2, 3, 4, 5])
        for task in tasks { #expect(await task.value) }
        #expect(await resident.log == [1, 2, 3, 4, 5])
    }

    @Test func whatIsResumedBeforehandIsNotWaitedFor() async {
        let resident = Resident(MultiThreadedEventLoopGroup.singleton.next())
        #expect(await resident.waitForOneResumedAlready() == 7)
    }

    /// From other threads, at any moment of the wait.
    @Test func nobodyIsForgottenWhoeverResumes() async {
        let resident = Resident(MultiThreadedEventLoopGroup.singleton.next())
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let resuming = Task.detached {
            var count = 0
            for await _ in arrivals {
                guard let continuation = await resident.take() else { continue }
                continuation.resume(returning: count)
                count += 1
                if count == 2_000 { break }
            }
        }
        for _ in 0..<2_000 { #expect(await resident.wait(arrived)) }
        await resuming.value
        #expect(await resident.log == Array(0..<2_000))
    }
}
