import Foundation
import Glibc

/// The processes whose working directory is a given folder.
///
/// Every process of PostgreSQL works in the server's folder, which tells them apart from strangers to whom an old process
/// number has been given since.
struct ProcessesInFolder {
    private let folder: String

    init(_ folder: String) {
        self.folder = FileSystem.resolved(folder)
    }

    func all() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) == folder
        }
    }

    /// Sends a signal to all of them, and waits for their end.
    func end(by signal: Int32, within limit: Duration) async throws(ClusterError) {
        for process in all() { kill(process, signal) }
        try await waitForEnd(limit)
    }

    /// Waits until there are none, or the time is up.
    func waitForEnd(_ limit: Duration) async throws(ClusterError) {
        let deadline = ContinuousClock.now + limit
        while .now < deadline, !all().isEmpty {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                throw .cancelled
            }
        }
    }
}
