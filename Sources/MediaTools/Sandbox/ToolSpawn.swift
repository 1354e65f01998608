internal import CProcess
internal import Glibc

/// The two streams of a program, closed when this is let go of.
final class ToolPipes {
    struct Ends {
        var reading: Int32 = -1
        var writing: Int32 = -1
    }

    private(set) var output: Ends
    private(set) var complaint: Ends

    init() throws(ToolError) {
        output = try Self.pipe()
        do {
            complaint = try Self.pipe()
        } catch {
            close(output.reading)
            close(output.writing)
            throw error
        }
    }

    deinit {
        closeWriters()
        close(output.reading)
        close(complaint.reading)
    }

    /// After this the streams end when the program does.
    func closeWriters() {
        for descriptor in [output.writing, complaint.writing] where descriptor >= 0 { close(descriptor) }
        output.writing = -1
        complaint.writing = -1
    }

    private static func pipe() throws(ToolError) -> Ends {
        var ends: [Int32] = [-1, -1]
        guard process_pipe(&ends) == 0 else { throw .system(errno: errno) }
        return Ends(reading: ends[0], writing: ends[1])
    }
}

/// Starts a program in a session of its own, without a terminal and behind everything else that wants the processors.
enum ToolSpawn {
    /// As of `nice`.
    private static let niceness = 10

    /// The program gets `/dev/null`, the pipes and the inputs, from ``SandboxCommand/firstInput`` on, and nothing else.
    static func start(_ line: [String], inputs: [Int32], pipes: ToolPipes) -> Result<pid_t, ToolError> {
        guard let program = line.first else { return .failure(.system(errno: EINVAL)) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // The inputs' numbers are high, so nothing is overwritten before it is copied; a pipe's may be low.
        let output = fcntl(pipes.output.writing, F_DUPFD_CLOEXEC, 300)
        let complaint = fcntl(pipes.complaint.writing, F_DUPFD_CLOEXEC, 300)
        defer {
            close(output)
            close(complaint)
        }
        guard output >= 0, complaint >= 0 else { return .failure(.system(errno: errno)) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, complaint, 2)
        for (index, input) in inputs.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, input, SandboxCommand.firstInput + Int32(index))
        }
        _ = process_close_from(&actions, SandboxCommand.firstInput + Int32(inputs.count))

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let flags = Int(process_flag_new_session()) | Int(POSIX_SPAWN_SETSIGDEF) | Int(POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)

        var arguments = line.map { strdup($0) } + [nil]
        let names = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
        var environment = names.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var id: pid_t = 0
        let result = posix_spawn(&id, program, &actions, &attributes, &arguments, &environment)
        guard result == 0 else { return .failure(.system(errno: result)) }
        stepBack(id)
        return .success(id)
    }

    /// Gives the session's group of the kernel's scheduler the niceness of its processes.
    ///
    /// Where sessions are scheduled as groups (`sched_autogroup_enabled`) a process's own niceness counts only within its
    /// session. There is no such file where they are not, and who is not root may write only ten times a second: then the
    /// program runs with an equal share.
    private static func stepBack(_ id: pid_t) {
        let file = open("/proc/\(id)/autogroup", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        let text = Array(String(niceness).utf8)
        _ = write(file, text, text.count)
        close(file)
    }
}
