import Foundation
import HTTPClient

/// Pages asked for at a steady rate, whatever the answers take.
struct PageLoad {
    let base: String
    let client: HTTPClient

    /// From when each was due, so that a late start counts as well.
    func measure(
        _ path: String,
        _ headers: [HTTPHeader],
        perSecond rate: Int,
        seconds: Int
    ) async throws -> Sample {
        let clock = ContinuousClock()
        let start = clock.now
        let delays = try await withThrowingTaskGroup(of: Double.self) { group in
            for index in 0..<rate * seconds {
                let due = start + .microseconds(Int64(index) * 1_000_000 / Int64(rate))
                group.addTask {
                    try await clock.sleep(until: due)
                    let response = try await client.send(HTTPRequest(.get, base + path, headers: headers))
                    guard response.status == 200 else {
                        throw GeneratorRun.Unexpected(what: "\(path) answered \(response.status)")
                    }
                    return (clock.now - due).seconds
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return Sample(delays)
    }
}

/// Many who try passwords at once, as fast as they are answered.
struct LoginFlood {
    let base: String
    let email: String
    let client: HTTPClient
    /// Logins under way at any time.
    var width = 64

    struct Result {
        let value: Sample
        let checked: Int
        let turnedAway: Int
    }

    func run(during measure: () async throws -> Sample) async throws -> Result {
        let counts = Counted((checked: 0, turnedAway: 0))
        let body = Array(#"{"email":"\#(email)","password":"not the password"}"#.utf8)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width {
                group.addTask {
                    while !Task.isCancelled {
                        let headers = [HTTPHeader("content-type", "application/json")]
                        let request = HTTPRequest(.post, base + "/api/login", headers: headers, body: body)
                        guard let status = try? await client.send(request).status else { continue }
                        counts.withLock { counts in
                            if status == 401 { counts.checked += 1 } else { counts.turnedAway += 1 }
                        }
                        // A person who is turned away is a little slower than a program.
                        if status != 401 { try? await Task.sleep(for: .milliseconds(20)) }
                    }
                }
            }
            let value = try await measure()
            group.cancelAll()
            let (checked, turnedAway) = counts.withLock { $0 }
            return Result(value: value, checked: checked, turnedAway: turnedAway)
        }
    }
}
