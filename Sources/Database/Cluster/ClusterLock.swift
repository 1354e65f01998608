import Glibc

/// The right to a data folder: held by one process, and gone with it however it ends.
final class ClusterLock: Sendable {
    private let descriptor: Int32

    init(files: ClusterFiles) throws(ClusterError) {
        // Not inherited by the server, which would hold the lock after our death.
        descriptor = open(files.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(files.lock, errorNumber: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EWOULDBLOCK ? .folderInUse(files.folder) : .file(files.lock, errorNumber: reason)
        }
    }

    deinit {
        close(descriptor)
    }
}
