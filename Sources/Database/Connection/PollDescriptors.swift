import Glibc

/// What a connection's thread waits for: to be woken, and the server.
struct PollDescriptors {
    private var wake: pollfd
    private var socket: pollfd

    /// Waits to be woken alone.
    init(wake: Int32) {
        self.init(wake: wake, socket: -1, events: 0)
    }

    init(wake: Int32, socket: Int32, events: Int32) {
        self.wake = pollfd(fd: wake, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
        self.socket = pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0)
    }

    var isWakeReady: Bool { wake.revents != 0 }
    var isSocketReady: Bool { socket.revents != 0 }

    /// Sleeps until one of them is ready, and tells whether one is.
    ///
    /// A signal may end it early. No limit is without end; a limit is rounded up, so that a wait never ends before its deadline.
    mutating func poll(for limit: Duration?) -> Bool {
        let milliseconds = limit.map { Int32(clamping: ($0 / .milliseconds(1)).rounded(.up).clampedToInt64) } ?? -1
        var both = (wake, socket)
        let ready = withUnsafeMutableBytes(of: &both) { bytes in
            bytes.withMemoryRebound(to: pollfd.self) { Glibc.poll($0.baseAddress, nfds_t($0.count), milliseconds) }
        }
        (wake, socket) = both
        return ready > 0
    }
}

extension Double {
    fileprivate var clampedToInt64: Int64 {
        Int64(exactly: Swift.min(Swift.max(self, 0), 1e15)) ?? 0
    }
}
