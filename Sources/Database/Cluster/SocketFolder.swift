import Foundation
import Glibc

/// The folder of the server's socket: short enough for the kernel, and closed to everybody else.
struct SocketFolder {
    let path: String
    /// Whether it was made for this run and goes with it.
    let isTemporary: Bool

    /// What `sockaddr_un` holds, without the zero at its end.
    static let pathLimit = 107
    private static let socketName = "/.s.PGSQL.5432"
    private static let temporaryPrefix = "wharf-socket-"

    /// Finds and makes the folder.
    static func make(
        _ configuration: PrivateClusterConfiguration,
        for user: ServerUser
    ) throws(ClusterError) -> SocketFolder {
        if let chosen = configuration.socketFolder {
            guard fits(chosen) else { throw .socketPathTooLong(chosen + socketName) }
            try FileSystem.makePrivateFolder(chosen, for: user)
            try user.requireSearchable(chosen)
            return SocketFolder(path: chosen, isTemporary: false)
        }
        let usual = configuration.files.socketFolder
        if fits(usual) {
            try FileSystem.makePrivateFolder(usual, for: user)
            return SocketFolder(path: usual, isTemporary: false)
        }
        removeLeftover(configuration.files)
        return try makeTemporary(for: user)
    }

    /// Removes what a killed server left here; called when none is running any more.
    ///
    /// Its lock file may name a process that is a stranger or a zombie by now, whom the next server would respect.
    func removeLeftSocket() throws(ClusterError) {
        try FileSystem.remove("\(path)\(Self.socketName).lock")
        try FileSystem.remove("\(path)\(Self.socketName)")
    }

    func remove() {
        guard isTemporary else { return }
        // A leftover in the temporary folder harms nobody.
        try? FileSystem.remove(path)
    }

    private static func fits(_ folder: String) -> Bool {
        folder.utf8.count + socketName.utf8.count <= pathLimit
    }

    private static func makeTemporary(for user: ServerUser) throws(ClusterError) -> SocketFolder {
        let root = FileManager.default.temporaryDirectory.path
        var template = Array("\(root)/\(temporaryPrefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .file(root, errorNumber: errno) }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? root
        guard fits(path) else { throw .socketPathTooLong(path + socketName) }
        try FileSystem.makePrivateFolder(path, for: user)
        try user.requireSearchable(root)
        return SocketFolder(path: path, isTemporary: true)
    }

    /// Removes the temporary folder of a run that was killed; its server has noted it down.
    private static func removeLeftover(_ files: ClusterFiles) {
        guard let lines = FileSystem.lines(of: files.postmaster), lines.count >= 5 else { return }
        let folder = URL(fileURLWithPath: lines[4])
        guard folder.lastPathComponent.hasPrefix(temporaryPrefix) else { return }
        try? FileSystem.remove(folder.path)
    }
}
