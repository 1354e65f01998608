import Glibc

/// The right to a data folder: held by one process, and gone with it however it ends.
final class ClusterLock: Sendable {
    private let descriptor: Int32

    private init(files: ClusterFiles) throws(ClusterError) {
        // Not inherited by the server, which would hold the lock after our death.
        descriptor = open(files.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(files.lock, errorNumber: errno) }
    }

    /// Takes the lock, waiting a moment for a process that is just being killed.
    ///
    /// - Throws: ``ClusterError/folderInUse(_:)`` if another process lives on with it.
    static func take(_ files: ClusterFiles) async throws(ClusterError) -> ClusterLock {
        let lock = try ClusterLock(files: files)
        let deadline = ContinuousClock.now + .seconds(1)
        while flock(lock.descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw .file(files.lock, errorNumber: errno) }
            guard .now < deadline else { throw .folderInUse(files.folder) }
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                throw .cancelled
            }
        }
        return lock
    }

    deinit {
        close(descriptor)
    }
}
