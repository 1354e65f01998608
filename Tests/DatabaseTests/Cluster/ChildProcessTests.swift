import Foundation
import Glibc
import Testing
import WharfTestSupport

@testable import Database

struct ChildProcessTests {
    @Test func theEndIsReported() async throws {
        try await withTemporaryFolder { folder in
            let child = try await ChildProcess.start(
                ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"],
                output: "\(folder)/log"
            )
            let exit = await child.exit(within: .seconds(20))
            #expect(exit == ChildProcess.Exit(status: 3 << 8))
            #expect(child.exit == exit)
            #expect(child.processID == nil)
            // Reaches nobody.
            child.signal(SIGKILL)
            child.signalGroup(SIGKILL)
            #expect(FileSystem.lines(of: "\(folder)/log") == ["out", "err", ""])
        }
    }

    @Test func signalsReachTheProgramAndItsGroup() async throws {
        try await withTemporaryFolder { folder in
            let child = try await ChildProcess.start(["/bin/sleep", "60"], output: "\(folder)/log")
            #expect(await child.exit(within: .milliseconds(50)) == nil)
            child.signal(SIGTERM)
            #expect(await child.exit(within: .seconds(20)) == ChildProcess.Exit(status: SIGTERM))

            let parent = try await ChildProcess.start(["/bin/sh", "-c", "sleep 60; true"], output: "\(folder)/log")
            parent.signalGroup(SIGKILL)
            #expect(await parent.exit(within: .seconds(20)) == ChildProcess.Exit(status: SIGKILL))
        }
    }

    @Test func aMissingProgramIsAnError() async throws {
        try await withTemporaryFolder { folder in
            let error = await #expect(throws: ClusterError.self) {
                try await ChildProcess.start(["/nonexistent"], output: "\(folder)/log")
            }
            #expect(error == .file("/nonexistent", errorNumber: ENOENT))
        }
    }

    @Test func nothingOfOursIsInherited() async throws {
        try await withTemporaryFolder { folder in
            // Without close-on-exec, like a socket that somebody opened carelessly.
            let descriptor = open("/dev/zero", O_RDONLY)
            defer { close(descriptor) }
            let child = try await ChildProcess.start(["/bin/ls", "/proc/self/fd"], output: "\(folder)/log")
            #expect(await child.exit(within: .seconds(20))?.isSuccess == true)
            // The three standard ones, and the folder that is being listed.
            #expect(FileSystem.lines(of: "\(folder)/log") == ["0", "1", "2", "3", ""])
        }
    }

    @Test func waitingCanBeCancelled() async throws {
        let eventual = Eventual<Int>()
        let waiting = Task { await eventual.value() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(await eventual.value(within: .milliseconds(10)) == nil)
        eventual.fulfil(1)
        eventual.fulfil(2)
        #expect(await eventual.value() == 1)
    }
}
