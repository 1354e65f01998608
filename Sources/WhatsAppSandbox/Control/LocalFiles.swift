import Foundation
import NIOCore
import NIOPosix

/// The files of this machine that phones may send by path.
struct LocalFiles: Sendable {
    /// Bytes; phones encrypt in memory.
    static let lengthLimit = 256 << 20

    enum Access: Sendable, Equatable {
        /// Whatever this process can read.
        case all
        case below(folder: String)
        case none
    }

    let access: Access

    /// A sandbox that only this machine reaches gives its operator what they can read anyway; others need a folder.
    init(folder: String?, host: String) {
        if let folder {
            access = .below(folder: folder)
        } else {
            access = ["127.0.0.1", "::1", "localhost"].contains(host) ? .all : .none
        }
    }

    /// Waits for the disk.
    func read(_ path: String) throws(SandboxError) -> [UInt8] {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL
        switch access {
        case .all: break
        case .below(let folder):
            let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().standardizedFileURL.path
            guard file.path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
                throw .invalid(field: "media.path", reason: "The file is not below the sandbox's folder.")
            }
        case .none:
            throw .invalid(field: "media.path", reason: "This sandbox has no folder of files to send.")
        }
        let values = try? file.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
        guard values?.isRegularFile == true, let size = values?.fileSize, size <= Self.lengthLimit,
            let bytes = try? Data(contentsOf: file)
        else {
            throw .invalid(
                field: "media.path",
                reason: "There is no file at this path that can be read, of at most \(Self.lengthLimit >> 20) MiB."
            )
        }
        return Array(bytes)
    }

    /// Reads off the event loop.
    func read(_ path: String, on loop: any EventLoop) -> EventLoopFuture<[UInt8]> {
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try read(path) }
    }
}
