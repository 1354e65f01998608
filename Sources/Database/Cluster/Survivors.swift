import Glibc

/// Processes of a server that outlived their Wharf.
struct Survivors {
    let files: ClusterFiles

    var processes: ProcessesInFolder { ProcessesInFolder(files.server) }

    /// Ends what is left of an older server, gently at first.
    ///
    /// - Throws: ``ClusterError/survivors(folder:)`` when even that did not help.
    func end() async throws(ClusterError) {
        guard let postmaster = recordedPostmaster else { return }
        // A fast shutdown is the first process's business; the others end by themselves when it is gone.
        if processes.all().contains(postmaster) { kill(postmaster, SIGINT) }
        try await processes.waitForEnd(.seconds(5))
        try await processes.end(by: SIGQUIT, within: .seconds(2))
        try await processes.end(by: SIGKILL, within: .seconds(2))
        guard processes.all().isEmpty else { throw .survivors(folder: files.server) }
        // The number in the file belongs to a stranger by now, whom the server would take for itself.
        if kill(postmaster, 0) == 0 { try FileSystem.remove(files.postmaster) }
    }

    private var recordedPostmaster: pid_t? {
        FileSystem.lines(of: files.postmaster)?.first.flatMap { pid_t($0) }
    }
}
