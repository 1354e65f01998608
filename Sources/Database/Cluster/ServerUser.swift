import Glibc

/// The user as whom the server runs: the one who runs Wharf, or `postgres` if that is root.
struct ServerUser: Sendable, Equatable {
    let name: String
    let id: uid_t
    let group: gid_t
    /// Whether programs have to be started as somebody else.
    let isOther: Bool

    private static let substitute = "postgres"

    static func current() throws(ClusterError) -> ServerUser {
        guard geteuid() == 0 else {
            return ServerUser(name: "\(geteuid())", id: geteuid(), group: getegid(), isOther: false)
        }
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let code = getpwnam_r(substitute, &entry, &buffer, buffer.count, &found)
        guard code == 0, found != nil else { throw .missingUser(substitute) }
        return ServerUser(name: substitute, id: entry.pw_uid, group: entry.pw_gid, isOther: true)
    }

    /// The command that runs a program as this user, and sends it a signal when Wharf dies.
    ///
    /// `setpriv` replaces itself by the program, so the process is the program's.
    func command(_ program: String, _ arguments: [String], whenWharfDies signal: String) throws(ClusterError)
        -> [String]
    {
        let candidates: [String] = ["/usr/bin/setpriv", "/bin/setpriv"]
        guard let setpriv = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw .missingProgram("setpriv")
        }
        let identity =
            isOther
            ? ["--reuid", name, "--regid", name, "--init-groups", "--inh-caps=-all"]
            : []
        return [setpriv] + identity + ["--no-new-privs", "--pdeathsig", signal, program] + arguments
    }

    /// Checks that this user may pass through a folder and all folders above it.
    func requireSearchable(_ path: String) throws(ClusterError) {
        guard isOther else { return }
        var folder = "/"
        try requireSearch(of: folder)
        for name in FileSystem.resolved(path).split(separator: "/") {
            folder += folder == "/" ? String(name) : "/\(name)"
            try requireSearch(of: folder)
        }
    }

    private func requireSearch(of folder: String) throws(ClusterError) {
        var status = stat()
        guard stat(folder, &status) == 0 else { throw .file(folder, errorNumber: errno) }
        let bit =
            status.st_uid == id
            ? S_IXUSR
            : status.st_gid == group ? S_IXGRP : S_IXOTH
        guard status.st_mode & bit != 0 else { throw .unsearchableFolder(folder, user: name) }
    }
}
