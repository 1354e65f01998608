import Foundation
import Glibc

/// The few file operations that a cluster needs, with owners and modes.
enum FileSystem {
    /// Makes a folder for one user alone; parents are not made.
    ///
    /// A folder that is there already must belong to that user or to us: nobody else may own what the server trusts.
    static func makePrivateFolder(_ path: String, for user: ServerUser) throws(ClusterError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .file(path, errorNumber: errno) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .file(path, errorNumber: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR, [user.id, geteuid()].contains(status.st_uid) else {
            throw .foreignFolder(path)
        }
        if status.st_uid != user.id {
            guard chown(path, user.id, user.group) == 0 else { throw .file(path, errorNumber: errno) }
        }
        guard chmod(path, 0o700) == 0 else { throw .file(path, errorNumber: errno) }
    }

    /// Makes a folder, given by its whole path, and its parents, as far as they are not there.
    static func makeFolders(_ path: String, mode: mode_t) throws(ClusterError) {
        var folder = ""
        for name in path.split(separator: "/") {
            folder += "/\(name)"
            if mkdir(folder, mode) != 0, errno != EEXIST { throw .file(folder, errorNumber: errno) }
        }
    }

    static func makeEmptyFile(_ path: String) throws(ClusterError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(path, errorNumber: errno) }
        close(descriptor)
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isEmptyFolder(_ path: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true
    }

    static func remove(_ path: String) throws(ClusterError) {
        guard exists(path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .file(path, errorNumber: errno)
        }
    }

    static func rename(_ old: String, to new: String) throws(ClusterError) {
        guard Glibc.rename(old, new) == 0 else { throw .file(new, errorNumber: errno) }
    }

    /// Makes what happened to the names in a folder survive a loss of power.
    static func synchronise(folder: String) throws(ClusterError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(folder, errorNumber: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(folder, errorNumber: errno) }
    }

    /// The lines of a small text file; nil if it cannot be read.
    static func lines(of path: String) -> [String]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The path without links; the path itself if there is nothing.
    static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    static func text(of errorNumber: Int32) -> String {
        strerror(errorNumber).map { String(cString: $0) } ?? "error \(errorNumber)"
    }
}
