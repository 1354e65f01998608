import Foundation

/// Browsers that follow the logs of bots, evenly spread over them.
struct LogWatchers {
    let place: PanelPlace

    struct Figures {
        let lines: Int
        /// Of one core.
        let share: Double
        let delays: Sample
    }

    func run(_ count: Int, seconds: Int, processorTime: () -> Duration) async throws -> Figures {
        var sockets: [BrowserSocket] = []
        for number in 0..<count {
            let socket = try await BrowserSocket.open(port: place.port, cookie: place.cookie)
            // What there was before is of no interest here.
            let now = UInt64(Date().timeIntervalSince1970 * 1_000_000)
            socket.subscribe(to: "bot:\(place.bots[number % place.bots.count]):log", after: now)
            sockets.append(socket)
        }
        let delays = Counted<[Double]>([])
        let isMeasuring = Counted(false)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for socket in sockets {
                group.addTask {
                    for await event in socket.events {
                        let now = Date().timeIntervalSince1970
                        guard isMeasuring.withLock({ $0 }) else { continue }
                        for line in event.data?.lines ?? [] {
                            guard let written = Double(line.text) else { continue }
                            delays.withLock { $0.append(now - written) }
                        }
                    }
                }
            }
            try await Task.sleep(for: .seconds(3))
            isMeasuring.withLock { $0 = true }
            let before = processorTime()
            let clock = ContinuousClock()
            let start = clock.now
            try await Task.sleep(for: .seconds(seconds))
            let used = processorTime() - before
            let elapsed = clock.now - start
            for socket in sockets { socket.close() }
            try await group.waitForAll()
            let all = delays.withLock { $0 }
            return Figures(lines: all.count, share: used.seconds / elapsed.seconds, delays: Sample(all))
        }
    }
}
