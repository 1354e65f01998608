import Foundation
import Logging
import Testing

@testable import MediaTools

@Suite struct ToolRunnerTests {
    private let runner = ToolRunner(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func shell(_ script: String, limits: ToolLimits = ToolLimits()) -> ToolOrder {
        var order = ToolOrder("/bin/sh", ["-c", script])
        order.limits = limits
        return order
    }

    private func text(_ script: String) async throws -> String {
        let bytes = try await runner.run(shell(script), for: "a")
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func givesWhatTheProgramWrites() async throws {
        #expect(try await text("echo hello") == "hello")
    }

    @Test func inputsAreReadable() async throws {
        var order = ToolOrder("/bin/cat", [ToolOrder.path(of: "a"), ToolOrder.path(of: "b")])
        order.inputs = [ToolOrder.Input("a", Array("one ".utf8)), ToolOrder.Input("b", Array("two".utf8))]
        #expect(String(decoding: try await runner.run(order, for: "a"), as: UTF8.self) == "one two")
    }

    @Test func aFileIsTheResult() async throws {
        var order = shell("echo talk; echo content > result")
        order.output = .file("result")
        #expect(String(decoding: try await runner.run(order, for: "a"), as: UTF8.self) == "content\n")
    }

    @Test func seesNothingOfTheMachine() async throws {
        #expect(try await text("ls -A / | grep -cE '^(home|root|tmp|var|mnt|opt|srv)$' || true") == "0")
        #expect(try await text("id -u") != "0")
        #expect(try await text("cat /proc/net/dev | grep -v lo: | grep -c : || true") == "0")
        let processes = try await text("ls -d /proc/[0-9]* | wc -l")
        #expect(try #require(Int(processes)) < 10)
        #expect(try await text("env | grep -c WHARF || true") == "0")
    }

    /// Where sessions are scheduled as groups the tools' group steps back as well.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/autogroup")))
    func itsSessionStepsBack() async throws {
        #expect(try await text("cat /proc/self/autogroup").hasSuffix("nice 10"))
        #expect(try await text("nice") == "10")
        // No terminal that it could write to.
        #expect(try await text("cut -d ' ' -f 7 /proc/self/stat") == "0")
    }

    @Test(arguments: ["/usr/x", "/x", "/dev/x", "/etc/x", "/in/x"])
    func writesNothingOutsideItsFolder(path: String) async {
        await #expect(throws: ToolError.self) { try await runner.run(shell("echo x > \(path)"), for: "a") }
    }

    @Test func whatReservesMuchMayWriteToSomeOfIt() async throws {
        var limits = ToolLimits()
        limits.memoryBytes = nil
        limits.dataBytes = 64 << 20
        let bytes = try await runner.run(shell("ulimit -v; ulimit -d", limits: limits), for: "a")
        #expect(String(decoding: bytes, as: UTF8.self) == "unlimited\n65536\n")
        // Four bytes for each number at least.
        let script = "awk 'BEGIN { for (i = 0; i < 30000000; i++) a[i] = i; print \"all\" }'"
        await #expect(throws: ToolError.self) { try await runner.run(shell(script, limits: limits), for: "a") }
    }

    @Test func aForkBombEnds() async {
        var limits = ToolLimits(wallTime: .seconds(2))
        limits.processes = 20
        let start = ContinuousClock.now
        await #expect(throws: ToolError.self) {
            try await runner.run(shell("b() { b | b & }; b; sleep 60", limits: limits), for: "a")
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func processesAreCounted() async throws {
        var limits = ToolLimits()
        limits.processes = 10
        let script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 60 & done"
        await #expect(throws: ToolError.self) { try await runner.run(shell(script, limits: limits), for: "a") }
    }

    @Test func theDiskIsNotFilled() async {
        var limits = ToolLimits()
        limits.scratchBytes = 4 << 20
        let script = "for i in 1 2 3 4 5 6 7 8; do head -c 1000000 /dev/zero > f$i || exit 9; done"
        await #expect(throws: ToolError.failed(status: 9, complaint: "")) {
            do {
                _ = try await runner.run(shell(script, limits: limits), for: "a")
            } catch ToolError.failed(let status, _) {
                throw ToolError.failed(status: status, complaint: "")
            }
        }
    }

    @Test func tooMuchOutputEndsIt() async {
        let limits = ToolLimits(outputBytes: 100_000)
        await #expect(throws: ToolError.outputTooLarge(limit: 100_000)) {
            try await runner.run(shell("cat /dev/zero", limits: limits), for: "a")
        }
    }

    @Test func tooMuchInputIsRefused() async {
        var order = ToolOrder("/bin/cat", [])
        order.limits.inputBytes = 3
        order.inputs = [ToolOrder.Input("a", [1, 2, 3, 4])]
        await #expect(throws: ToolError.inputTooLarge(limit: 3)) { try await runner.run(order, for: "a") }
    }

    @Test func timeEndsItAndItsChildren() async {
        let limits = ToolLimits(wallTime: .milliseconds(300))
        let start = ContinuousClock.now
        // The child keeps the stream open and is in a session of its own.
        await #expect(throws: ToolError.timedOut) {
            try await runner.run(shell("setsid sleep 600 & sleep 600", limits: limits), for: "a")
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func closedStreamsDoNotHideIt() async {
        let limits = ToolLimits(wallTime: .milliseconds(300))
        await #expect(throws: ToolError.timedOut) {
            try await runner.run(shell("exec sleep 600 >/dev/null 2>&1", limits: limits), for: "a")
        }
    }

    @Test func processorTimeEndsIt() async {
        var limits = ToolLimits()
        limits.processorSeconds = 1
        await #expect(throws: ToolError.timedOut) {
            try await runner.run(shell("while :; do :; done", limits: limits), for: "a")
        }
    }

    @Test func cancellingEndsIt() async throws {
        let task = Task { try await runner.run(shell("sleep 600"), for: "a") }
        // Whether it has started by then or not, the answer is the same.
        await Task.yield()
        task.cancel()
        let result = await task.result
        #expect(throws: ToolError.cancelled) { try result.get() }
    }

    @Test func anErrorTellsItsStatus() async {
        await #expect(throws: ToolError.failed(status: 3, complaint: "oh\n")) {
            try await runner.run(shell("echo oh >&2; exit 3"), for: "a")
        }
    }

    @Test func nothingRunsWithoutTheSandbox() async {
        var configuration = ToolConfiguration()
        configuration.bubblewrap = "/nonexistent/bwrap"
        let runner = ToolRunner(configuration: configuration, logger: Logger(label: "test"))
        await #expect(throws: ToolError.sandboxMissing) { try await runner.run(shell("true"), for: "a") }
    }

    @Test func aRefusedSandboxIsAnErrorOfItsOwn() async throws {
        let script = FileManager.default.temporaryDirectory.appending(path: "bwrap-\(UUID().uuidString)")
        try Data("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n".utf8).write(to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        defer { try? FileManager.default.removeItem(at: script) }
        var configuration = ToolConfiguration()
        configuration.bubblewrap = script.path
        let runner = ToolRunner(
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await #expect(throws: ToolError.sandboxRefused) { try await runner.run(shell("true"), for: "a") }
    }

    @Test func aMissingProgramIsNamed() async {
        await #expect(throws: ToolError.programMissing("nothing")) {
            try await runner.run(ToolOrder("/usr/bin/nothing", []), for: "a")
        }
    }
}
