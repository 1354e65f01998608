import Crypto
import Foundation
import NIOCore
import NIOPosix

/// The bytes on the media host: a folder of its own for as long as the server runs.
final class MediaFolder: Sendable {
    /// The longest file that is taken.
    static let lengthLimit: UInt64 = 2 << 30

    private let folder: URL
    let pool: NIOThreadPool

    init(pool: NIOThreadPool = .singleton) {
        folder = FileManager.default.temporaryDirectory.appending(path: "wharf-sandbox-\(UUID().uuidString)")
        self.pool = pool
    }

    /// Waits for the disk.
    func create() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String {
        folder.appending(path: name).path
    }

    func delete(_ name: String) {
        let path = path(name)
        pool.submit { _ in unlink(path) }
    }

    /// Adds bytes to a file; `offset` cuts it off first.
    func append(_ bytes: [UInt8], to name: String, at offset: UInt64) throws {
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "open") }
        defer { close(descriptor) }
        guard let start = off_t(exactly: offset), ftruncate(descriptor, start) == 0 else {
            throw IOError(errnoCode: errno, reason: "ftruncate")
        }
        var rest = bytes[...]
        var position = start
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, position) }
            guard count > 0 else { throw IOError(errnoCode: errno, reason: "pwrite") }
            rest = rest.dropFirst(count)
            position += off_t(count)
        }
    }

    func length(of name: String) -> UInt64 {
        var status = stat()
        guard stat(path(name), &status) == 0 else { return 0 }
        return UInt64(clamping: status.st_size)
    }

    /// At most so many bytes from an offset.
    func read(_ name: String, at offset: UInt64, count: Int) throws -> [UInt8] {
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, let start = off_t(exactly: offset) else {
            throw IOError(errnoCode: errno, reason: "open")
        }
        defer { close(descriptor) }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = pread(descriptor, buffer.baseAddress, count, start)
            guard got >= 0 else { throw IOError(errnoCode: errno, reason: "pread") }
            filled = got
        }
    }

    func hash(of name: String) throws -> [UInt8] {
        var hash = SHA256()
        var offset: UInt64 = 0
        while case let piece = try read(name, at: offset, count: 1 << 20), !piece.isEmpty {
            hash.update(data: piece)
            offset += UInt64(piece.count)
        }
        return Array(hash.finalize())
    }
}
