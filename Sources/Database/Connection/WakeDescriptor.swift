import Glibc

/// A descriptor that becomes readable when somebody calls ``wake()``, so that a `poll` can be ended from outside.
final class WakeDescriptor: Sendable {
    let descriptor: Int32
    private let writingEnd: Int32

    /// Fails when the process has no descriptor left.
    init() throws(DatabaseError) {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(bitPattern: kind), 0, &ends) == 0 else { throw .unreachable(sqlState: nil) }
        (descriptor, writingEnd) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writingEnd)
    }

    func wake() {
        // It can only fail when the buffer is full, and then the descriptor is readable already.
        var mark: UInt8 = 1
        _ = send(writingEnd, &mark, 1, Int32(MSG_NOSIGNAL))
    }

    /// Makes the descriptor unreadable again.
    func reset() {
        var marks: [UInt8] = Array(repeating: 0, count: 64)
        while read(descriptor, &marks, marks.count) == marks.count {}
    }
}
