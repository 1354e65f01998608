import Glibc

/// The folder of a server, and the starting of programs on it.
struct PrivateServer: Sendable {
    let configuration: PrivateClusterConfiguration
    let user: ServerUser
    let programs: ServerPrograms

    private var files: ClusterFiles { configuration.files }

    /// Looks at the folder and at what is installed.
    static func locate(
        _ configuration: PrivateClusterConfiguration,
        user: ServerUser
    ) async throws(ClusterError) -> PrivateServer {
        let files = configuration.files
        let version = try folderVersion(files)
        let programs: [ServerPrograms]
        if let folder = configuration.programs {
            programs = try await [identify(folder, files)]
        } else {
            programs = ServerPrograms.installed()
        }
        let chosen = try ServerPrograms.choose(
            from: programs,
            searched: configuration.programs ?? ServerPrograms.standardRoot,
            for: files.server,
            folderVersion: version
        )
        return PrivateServer(configuration: configuration, user: user, programs: chosen)
    }

    /// Makes the server's folder, if there is none.
    ///
    /// It gets its name when it is complete, so one that a killed process left half-made is recognised and made anew. It may not
    /// have reached the disk by then, see ``synchronise()``.
    func initialise() async throws(ClusterError) {
        guard try Self.folderVersion(files) == nil else { return }
        // What an interrupted initdb has started may go on for a moment.
        try await ProcessesInFolder(files.unfinishedServer).end(by: SIGKILL, within: .seconds(5))
        try FileSystem.remove(files.unfinishedServer)
        try FileSystem.makePrivateFolder(files.unfinishedServer, for: user)
        let arguments = [
            "-D", files.unfinishedServer, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
            "--auth-local=trust", "--auth-host=reject", "--no-instructions", "--no-sync",
        ]
        let command = try user.command(programs.initdb, arguments, whenWharfDies: "KILL")
        let process = try await ChildProcess.start(command, output: files.log)
        guard let exit = await process.exit(within: .seconds(120)), exit.isSuccess else {
            await process.endByForce()
            throw Task.isCancelled ? .cancelled : .initialisationFailed(log: files.log)
        }
        try FileSystem.makeEmptyFile(files.unsynchronised)
        try FileSystem.rename(files.unfinishedServer, to: files.server)
    }

    /// Brings a new folder to the disk, while the server runs on it already.
    ///
    /// On a busy disk that takes seconds, for which nobody has to wait at the first start. Until it is done a loss of power may
    /// damage the folder; if it is interrupted, the next run does it.
    func synchronise() async throws(ClusterError) {
        guard FileSystem.exists(files.unsynchronised), configuration.settings["fsync"] != "off" else { return }
        let command = try user.command(programs.initdb, ["--sync-only", "-D", files.server], whenWharfDies: "KILL")
        let process = try await ChildProcess.start(command, output: files.log)
        guard let exit = await process.exit(within: .seconds(600)), exit.isSuccess else {
            await process.endByForce()
            throw Task.isCancelled ? .cancelled : .initialisationFailed(log: files.log)
        }
        try FileSystem.synchronise(folder: files.folder)
        try FileSystem.remove(files.unsynchronised)
    }

    /// Starts the server; it does not take connections yet.
    func launch(socketFolder: String) async throws(ClusterError) -> ChildProcess {
        var arguments = ["-D", files.server] + configuration.arguments(socketFolder: socketFolder)
        if programs.majorVersion >= 14 {
            // After a crash the whole folder goes to the disk: by one call, not by one for each of a thousand files.
            arguments += ["-c", "recovery_init_sync_method=syncfs"]
        }
        let command = try user.command(programs.postgres, arguments, whenWharfDies: "INT")
        return try await ChildProcess.start(command, output: files.log)
    }

    /// The version that made the folder; nil if there is none, or an empty one.
    private static func folderVersion(_ files: ClusterFiles) throws(ClusterError) -> String? {
        guard FileSystem.exists(files.server), !FileSystem.isEmptyFolder(files.server) else { return nil }
        guard let version = FileSystem.lines(of: files.version)?.first, !version.isEmpty else {
            throw .damagedFolder(files.server)
        }
        return version
    }

    /// Asks the programs of a folder named in the configuration for their version.
    private static func identify(_ folder: String, _ files: ClusterFiles) async throws(ClusterError) -> ServerPrograms {
        let unidentified = ServerPrograms(folder: folder, majorVersion: 0)
        guard unidentified.isComplete else { throw .noPrograms(searched: folder) }
        let output = "\(files.folder)/postgres.version"
        try FileSystem.remove(output)
        let process = try await ChildProcess.start([unidentified.postgres, "--version"], output: output)
        let exit = await process.exit(within: .seconds(5))
        let text = FileSystem.lines(of: output)?.first ?? ""
        try FileSystem.remove(output)
        guard exit?.isSuccess == true, let version = ServerPrograms.majorVersion(in: text) else {
            throw .noPrograms(searched: folder)
        }
        return ServerPrograms(folder: folder, majorVersion: version)
    }
}
