import Glibc
import Synchronization

/// Where lines of the log go; a line is written whole, never mixed with another.
package final class LogOutput: Sendable {
    private let descriptor: Mutex<Int32>

    /// Writes to an open file descriptor, which stays its owner's.
    package init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    package static let standardError = LogOutput(descriptor: STDERR_FILENO)

    /// Writes a line and its end; what cannot be written is lost, as nobody could be told.
    func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        descriptor.withLock { descriptor in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard poll(&waiting, 1, 1_000) > 0 else { return }
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
