internal import Foundation

/// An open file of ours; every call may wait for the disk, and belongs on a thread for that.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    init(reading path: String) throws(MediaError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(errno: errno) }
    }

    /// A new file that nobody else may read.
    init(creating path: String) throws(MediaError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// The length of a regular file; anything else is refused.
    borrowing func length() throws(MediaError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, let length = UInt64(exactly: status.st_size) else {
            throw .file(errno: EINVAL)
        }
        return length
    }

    /// Fills what it can; 0 at the end.
    borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(MediaError) -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .file(errno: errno) }
        }
    }

    borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(MediaError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } else if errno != EINTR {
                throw .file(errno: errno)
            }
        }
    }
}
