import HTTPClient

/// A page asked for at a steady rate, whatever the answers take.
struct PageRun {
    let server: BenchmarkedServer.Address
    let client: HTTPClient

    func load(_ path: String, perSecond rate: Int, seconds: Int) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let delays = try await withThrowingTaskGroup(of: Double.self) { group in
            for index in 0..<rate * seconds {
                let due = start + .microseconds(Int64(index) * 1_000_000 / Int64(rate))
                group.addTask {
                    try await clock.sleep(until: due)
                    let response = try await client.send(HTTPRequest(.get, server.base + path))
                    guard response.status == 200 else {
                        throw GeneratorRun.Unexpected(what: "\(path) answered \(response.status)")
                    }
                    // From when it was due, so that a late start counts as well.
                    return (clock.now - due).seconds
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        report("\(path) at \(rate) requests/s for \(seconds) s: \(Sample(delays).inMilliseconds)")
    }
}
