import Synchronization
import Testing
import WharfTestSupport

@testable import Bots

struct WorkLanesTests {
    private let bot = BotID()

    /// Lanes that run for the time of `body`; jobs end when `gate` is finished.
    private func run(
        _ lanes: WorkLanes,
        _ body: (_ gate: AsyncStream<Void>) async throws -> Void
    ) async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let runner = Task { await lanes.run() }
        defer { runner.cancel() }
        try await body(gate.stream)
        gate.continuation.finish()
    }

    @Test func slowWorkHoldsUpNothingElse() async throws {
        let lanes = WorkLanes()
        try await run(lanes) { gate in
            for _ in 0..<20 { #expect(lanes.submit(for: bot, on: .slow) { for await _ in gate {} }) }
            let done = Mutex<Set<WorkLanes.Lane>>([])
            for lane in [WorkLanes.Lane.order, .quick] {
                #expect(lanes.submit(for: bot, on: lane) { _ = done.withLock { $0.insert(lane) } })
            }
            try await eventually { done.withLock { $0.count } == 2 }
        }
    }

    @Test func onePersonTakesNoMoreThanItsShare() {
        let lanes = WorkLanes()
        #expect((0..<4).map { _ in lanes.enter(bot, "ada", share: 2) } == [true, true, false, false])
        #expect(lanes.enter(bot, "bob", share: 2))
        #expect(lanes.enter(BotID(), "ada", share: 2))
        lanes.leave(bot, "ada")
        #expect(lanes.enter(bot, "ada", share: 2))
        #expect(!lanes.enter(bot, "ada", share: 2))
    }

    @Test func downloadsAreSlowAndPingIsNot() {
        #expect(WorkLanes.lane(of: PingCommand().declaration) == .quick)
        #expect(WorkLanes.lane(of: DownloadCommand().declaration) == .slow)
        #expect(WorkLanes.share(of: DownloadCommand().declaration) < WorkLanes.share(of: StickerCommand().declaration))
    }
}

struct FileRoomTests {
    @Test func whoFindsNoRoomWaitsInLine() async throws {
        let room = FileRoom(bytes: 100)
        let first = try await room.enter(60)
        let large = Task { try await room.enter(80) }
        try await eventually { room.load.waiting == 1 }
        // Would fit, and does not overtake.
        let small = Task { try await room.enter(10) }
        try await eventually { room.load.waiting == 2 }
        first.leave()
        first.leave()
        let places = [try await large.value, try await small.value]
        #expect(room.load.free == 10)
        for place in places { place.leave() }
        #expect(room.load.free == 100)
    }

    @Test func whoGivesUpMakesWay() async throws {
        let room = FileRoom(bytes: 100)
        let first = try await room.enter(60)
        let large = Task { try await room.enter(80) }
        try await eventually { room.load.waiting == 1 }
        let small = Task { try await room.enter(40) }
        try await eventually { room.load.waiting == 2 }
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
        let place = try await small.value
        #expect(room.load == (0, 0))
        _ = (first, place)
    }

    @Test func aPlaceThatIsForgottenIsFreed() async throws {
        let room = FileRoom(bytes: 100)
        do { _ = try await room.enter(1_000) }
        #expect(room.load.free == 100)
    }
}
