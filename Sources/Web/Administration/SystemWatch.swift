internal import Bots
internal import Fleet
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// Everything that the system page shows, at one moment.
struct SystemFigures: Sendable, Encodable {
    var at: Date
    var host: HostFigures
    var sessions: [String: Int]
    var waiting: Int
    var delayed: Int
    var heldBack: Bool
    var database: DatabaseFigures?
}

/// Looks at the machine every two seconds while somebody wants to know, and now and then otherwise.
final class SystemWatch: Service {
    private struct State {
        var latest: SystemFigures?
        var watchers: [UInt64: AsyncStream<SystemFigures>.Continuation] = [:]
        var next: UInt64 = 0
        var lag = 0.0
    }

    private let state = Mutex(State())
    private let hosting: Hosting
    private let loops: any EventLoopGroup
    private let folder: String

    init(
        hosting: Hosting,
        folder: String,
        loops: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.hosting = hosting
        self.loops = loops
        self.folder = folder
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for loop in self.loops.makeIterator() { group.addTask { await self.measureLag(of: loop) } }
                group.addTask { await self.look() }
            }
        }
    }

    /// The newest figures.
    func current() async -> SystemFigures {
        if let latest = state.withLock({ $0.latest }) { return latest }
        var probe = HostProbe()
        return await figures(with: &probe)
    }

    func watch() -> AsyncStream<SystemFigures> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: SystemFigures.self,
            bufferingPolicy: .bufferingNewest(2)
        )
        let number = state.withLock { state in
            defer { state.next += 1 }
            state.watchers[state.next] = continuation
            if let latest = state.latest { continuation.yield(latest) }
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchers[number] = nil }
        }
        return stream
    }

    private func look() async {
        var probe = HostProbe()
        while !Task.isCancelled {
            let figures = await figures(with: &probe)
            let watchers = state.withLock { state in
                state.latest = figures
                state.lag = 0
                return Array(state.watchers.values)
            }
            for watcher in watchers { watcher.yield(figures) }
            try? await Task.sleep(for: .seconds(watchers.isEmpty ? 10 : 2))
        }
    }

    private func figures(with probe: inout HostProbe) async -> SystemFigures {
        var host = probe.read(folder: folder)
        host.loopLag = state.withLock { $0.lag }
        let fleet = await hosting.scheduler.figures
        return SystemFigures(
            at: Date(),
            host: host,
            sessions: Dictionary(
                uniqueKeysWithValues: SessionStatus.allCases.map { ($0.rawValue, fleet.statuses[$0] ?? 0) }
            ),
            waiting: fleet.waiting,
            delayed: fleet.delayed,
            heldBack: fleet.isHeldBack,
            database: try? await hosting.databaseFigures()
        )
    }

    /// How late a loop comes to something that it was asked to do at once.
    private func measureLag(of loop: any EventLoop) async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            try? await loop.submit {}.get()
            let lag = (ContinuousClock.now - start) / .milliseconds(1)
            state.withLock { $0.lag = max($0.lag, lag) }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
