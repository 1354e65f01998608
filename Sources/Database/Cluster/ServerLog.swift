import Glibc

/// The server's log, which is cut when it has grown too large.
struct ServerLog {
    let path: String
    var limit = 4 << 20
    /// What stays when it is cut.
    var remainder = 256 << 10

    /// Cuts the log to its last part, if it is too large.
    ///
    /// The server goes on writing at the end; a line that it writes at this very moment may be lost.
    func trim() {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > limit else { return }
        var tail = [UInt8](repeating: 0, count: min(remainder, size))
        let count = pread(descriptor, &tail, tail.count, off_t(size - tail.count))
        guard count > 0, ftruncate(descriptor, 0) == 0 else { return }
        // From the first whole line on.
        let start = tail.prefix(count).firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lines = tail[start..<count]
        _ = lines.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
