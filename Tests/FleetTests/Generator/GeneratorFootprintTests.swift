import Foundation
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// Memory and time of many attempts, measured alone in a process: `WHARF_FOOTPRINT=1 swift test --filter Footprint`.
///
/// The sandbox is in the same process, so its side of each connection is counted too.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["WHARF_FOOTPRINT"] != nil),
    .timeLimit(.minutes(3))
)
struct GeneratorFootprintTests {
    private static var residentBytes: Int {
        get throws {
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
            return (Int(pages[1]) ?? 0) * 4_096
        }
    }

    private func beginAll(_ count: Int, in world: GeneratorWorld) async throws -> [Duration] {
        try await withThrowingTaskGroup(of: Duration.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let start = ContinuousClock.now
                    let attempt = try await world.begin()
                    var events = try await world.generator.events(of: attempt.id).makeAsyncIterator()
                    _ = try await events.qr()
                    return ContinuousClock.now - start
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }

    @Test func waitingAttemptsAreSmall() async throws {
        try await GeneratorWorld.run { world in
            _ = try await beginAll(50, in: world)
            let before = try Self.residentBytes
            let times = try await beginAll(200, in: world)
            let perAttempt = (try Self.residentBytes - before) / 200
            print("footprint: \(perAttempt / 1_024) KB an attempt; to the QR at once: \(times[100]), p99 \(times[197])")
            #expect(perAttempt < 150 * 1_024)
            #expect(await world.generator.activeAttempts == 250)
        }
    }

    @Test func firstQRComesQuickly() async throws {
        try await GeneratorWorld.run { world in
            var times: [Duration] = []
            for _ in 0..<100 { times += try await beginAll(1, in: world) }
            times.sort()
            print("to the QR one at a time: median \(times[50]), p99 \(times[98])")
            #expect(times[50] < .milliseconds(250))
        }
    }
}
