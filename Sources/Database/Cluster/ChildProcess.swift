import Foundation
import Glibc
import Synchronization

/// A program started by us, in a process group of its own, watched until its end.
///
/// It is forked from a thread that lives as long as the program: "tell me when my parent dies" means the death of the thread
/// that forked, and the threads of the runtime come and go.
final class ChildProcess: Sendable {
    private enum Phase {
        case starting
        case running(pid_t)
        case ended
    }

    /// What `waitpid` reported.
    struct Exit: Sendable, Equatable {
        let status: Int32
        var isSuccess: Bool { status == 0 }
    }

    private let phase = Mutex(Phase.starting)
    private let exited = Eventual<Exit>()

    private init() {}

    /// Starts the program; its output is added to a file.
    static func start(_ command: [String], output: String) async throws(ClusterError) -> ChildProcess {
        let child = ChildProcess()
        // Not to be cancelled: nobody would know of the program.
        let result = await withCheckedContinuation { continuation in
            let thread = Thread {
                let result = child.spawn(command, output: output)
                continuation.resume(returning: result)
                if result == 0 { child.watch() }
            }
            thread.name = "child"
            thread.stackSize = 256 << 10
            thread.start()
        }
        guard result == 0 else { throw .file(command.first ?? "", errorNumber: result) }
        return child
    }

    /// How it ended, if it has.
    var exit: Exit? { exited.current }

    var processID: pid_t? {
        phase.withLock { phase in
            if case .running(let id) = phase { id } else { nil }
        }
    }

    /// Waits for the end; nil if there was none within the limit, or the calling task was cancelled.
    func exit(within limit: Duration) async -> Exit? {
        await exited.value(within: limit)
    }

    /// Sends a signal, unless the program has ended.
    func signal(_ number: Int32) {
        phase.withLock { phase in
            if case .running(let id) = phase { _ = kill(id, number) }
        }
    }

    /// Sends a signal to the program and everything that it has started.
    func signalGroup(_ number: Int32) {
        phase.withLock { phase in
            if case .running(let id) = phase { _ = kill(-id, number) }
        }
    }

    /// Ends the program and everything that it has started by force, and waits for that.
    func endByForce() async {
        signalGroup(SIGKILL)
        // A task of its own, because a cancelled caller could not wait.
        await Task { _ = await exit(within: .seconds(5)) }.value
    }

    // MARK: On the thread

    /// Returns zero or the number of the error.
    private func spawn(_ command: [String], output: String) -> Int32 {
        guard let program = command.first else { return EINVAL }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Otherwise it would keep our ports and locks after our death.
        for descriptor in Self.openDescriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C on the terminal reaches us alone, and what we ignore or block is not inherited.
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)

        var id: pid_t = 0
        let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
        let result = CStringArray(command).withMutablePointers { arguments in
            CStringArray(environment).withMutablePointers { environment in
                posix_spawn(&id, program, &actions, &attributes, arguments, environment)
            }
        }
        if result == 0 { phase.withLock { $0 = .running(id) } }
        return result
    }

    /// The descriptors of this process beyond the standard ones.
    ///
    /// Closing one that is gone by then does nothing.
    private static var openDescriptors: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 > 2 }
    }

    private func watch() {
        guard let id = processID else { return }
        // Learns of the end without reaping, so that the number cannot be given to another process before `phase` knows.
        var details = siginfo_t()
        while waitid(P_PID, id_t(bitPattern: id), &details, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let status = phase.withLock { phase in
            phase = .ended
            var status: Int32 = 0
            while waitpid(id, &status, 0) == -1, errno == EINTR {}
            return status
        }
        exited.fulfil(Exit(status: status))
    }
}
