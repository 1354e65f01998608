import Foundation
import Glibc

/// Processes of a server that outlived their Wharf.
///
/// Every process of PostgreSQL has the server's folder as its working directory, which tells them apart from strangers to
/// whom an old process number has been given since.
struct Survivors {
    let files: ClusterFiles

    /// Ends what is left of an older server, gently at first.
    ///
    /// - Throws: ``ClusterError/survivors(folder:)`` when even that did not help.
    func end() async throws(ClusterError) {
        guard let postmaster = recordedPostmaster else { return }
        for (signal, patience) in [(SIGINT, 5.0), (SIGQUIT, 2.0), (SIGKILL, 2.0)] {
            let left = processes()
            if left.isEmpty { break }
            // A fast shutdown is the first process's business; the others end by themselves when it is gone.
            let receivers = signal == SIGINT ? left.filter { $0 == postmaster } : left
            for process in receivers { kill(process, signal) }
            try await waitForEnd(.seconds(patience))
        }
        guard processes().isEmpty else { throw .survivors(folder: files.server) }
        // The number in the file belongs to a stranger by now, whom the server would take for itself.
        if kill(postmaster, 0) == 0 { try FileSystem.remove(files.postmaster) }
    }

    /// The processes that work in the server's folder.
    func processes() -> [pid_t] {
        let folder = FileSystem.resolved(files.server)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) == folder
        }
    }

    private var recordedPostmaster: pid_t? {
        FileSystem.lines(of: files.postmaster)?.first.flatMap { pid_t($0) }
    }

    private func waitForEnd(_ limit: Duration) async throws(ClusterError) {
        let deadline = ContinuousClock.now + limit
        while .now < deadline, !processes().isEmpty {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                throw .cancelled
            }
        }
    }
}
