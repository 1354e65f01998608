internal import Foundation
internal import Glibc
internal import Synchronization

/// A program under way, on a thread of its own that lives as long as it.
///
/// The sandbox ends with the thread that forked it, so a death of the server leaves nothing running.
final class ToolProcess: Sendable {
    struct Outcome: Sendable {
        let status: Int32
        let output: [UInt8]
        let complaint: String
    }

    private enum Phase {
        case starting
        case running(pid_t)
        case stopped
    }

    private let phase = Mutex(Phase.starting)
    private static let complaintLimit = 4_096

    /// Runs a command line to its end; `output` is the most that is read.
    static func run(
        _ line: [String],
        inputs: [[UInt8]],
        wallTime: Duration,
        output: Int
    ) async throws(ToolError) -> Outcome {
        let process = ToolProcess()
        let result: Result<Outcome, ToolError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    continuation.resume(
                        returning: Result { () throws(ToolError) in
                            try process.work(line, inputs, wallTime, output)
                        }
                    )
                }
                thread.name = "tool"
                thread.stackSize = 512 << 10
                thread.start()
            }
        } onCancel: {
            process.stop()
        }
        return try result.get()
    }

    /// Ends the program and all that it has started.
    private func stop() {
        phase.withLock { phase in
            if case .running(let id) = phase { kill(-id, SIGKILL) }
            phase = .stopped
        }
    }

    // MARK: On the thread

    private func work(
        _ line: [String],
        _ inputs: [[UInt8]],
        _ wallTime: Duration,
        _ limit: Int
    ) throws(ToolError) -> Outcome {
        let deadline = ContinuousClock.now + wallTime
        let pipes = try ToolPipes()
        let id = try start(line, inputs, pipes)
        pipes.closeWriters()
        var readers = [ToolReader(pipes.output.reading, limit), ToolReader(pipes.complaint.reading, nil)]
        var failure: ToolError?
        while readers.contains(where: { $0.isOpen }), failure == nil {
            guard ContinuousClock.now < deadline else {
                failure = .timedOut
                break
            }
            var polled = readers.map { pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
            poll(&polled, nfds_t(polled.count), 100)
            for index in readers.indices where polled[index].revents != 0 {
                if !readers[index].read() { failure = .outputTooLarge(limit: limit) }
            }
        }
        if failure != nil { kill(-id, SIGKILL) }
        let (status, isLate) = reap(id, deadline)
        if isLate, failure == nil { failure = .timedOut }
        if let failure { throw failure }
        if phase.withLock({ if case .stopped = $0 { true } else { false } }) { throw .cancelled }
        let complaint = String(decoding: readers[1].bytes.suffix(Self.complaintLimit), as: UTF8.self)
        return Outcome(status: status, output: readers[0].bytes, complaint: complaint)
    }

    /// Forks under the lock, so that who cancels sees either nothing started or something to end.
    private func start(_ line: [String], _ inputs: [[UInt8]], _ pipes: ToolPipes) throws(ToolError) -> pid_t {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for input in inputs { descriptors.append(try MemoryFile.open(input)) }
        let handed = descriptors
        let result = phase.withLock { phase -> Result<pid_t, ToolError> in
            if case .stopped = phase { return .failure(.cancelled) }
            let result = ToolSpawn.start(line, inputs: handed, pipes: pipes)
            if case .success(let id) = result { phase = .running(id) }
            return result
        }
        return try result.get()
    }

    /// Waits for the end, by force after the deadline; the status as a shell would give it.
    private func reap(_ id: pid_t, _ deadline: ContinuousClock.Instant) -> (status: Int32, isLate: Bool) {
        var details = siginfo_t()
        var isLate = false
        var pause: Int32 = 1
        while true {
            details.si_signo = 0
            let result = waitid(P_PID, id_t(bitPattern: id), &details, WEXITED | WNOWAIT | WNOHANG)
            if result == 0, details.si_signo != 0 { break }
            if result == -1, errno != EINTR { break }
            if ContinuousClock.now >= deadline {
                isLate = true
                kill(-id, SIGKILL)
            }
            poll(nil, 0, pause)
            pause = min(pause * 2, 50)
        }
        return phase.withLock { phase in
            var status: Int32 = 0
            while waitpid(id, &status, 0) == -1, errno == EINTR {}
            // Nobody may end a number that is no longer ours.
            if case .running = phase { phase = .starting }
            let signal = status & 0x7f
            return (signal == 0 ? (status >> 8) & 0xff : 128 + signal, isLate)
        }
    }
}

/// What has been read of one of a program's streams.
private struct ToolReader {
    let descriptor: Int32
    private let limit: Int?
    private(set) var bytes: [UInt8] = []
    private(set) var isOpen = true
    private static let tailLimit = 64 << 10

    /// Without a limit only the end is kept.
    init(_ descriptor: Int32, _ limit: Int?) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// Reads what is there; false where it is too much.
    mutating func read() -> Bool {
        let count = withUnsafeTemporaryAllocation(byteCount: 128 << 10, alignment: 16) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { bytes.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { isOpen = false }
        if let limit { return bytes.count <= limit }
        if bytes.count > Self.tailLimit { bytes.removeFirst(bytes.count - Self.tailLimit / 2) }
        return true
    }
}
