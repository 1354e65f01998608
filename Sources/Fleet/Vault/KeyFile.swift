import Foundation
import SignalProtocol

/// Why a file with a key cannot be had.
package enum KeyFileError: Error, Equatable {
    /// The file cannot be read or written; the text is the system's reason.
    case unreadable(path: String, reason: String)
    /// The file is there, but does not hold as many bytes as the key has.
    case damaged(path: String)
}

/// A file that holds random bytes, made at the first start so that only its owner can read it.
enum KeyFile {
    /// Reads the bytes, or makes new ones.
    ///
    /// Two processes that start at once get the same. It reads a file, so it is for the start of the program.
    static func loadOrCreate(_ path: String, length: Int) throws(KeyFileError) -> SecretBytes {
        if let key = try read(path, length) { return key }
        var random = SystemRandomNumberGenerator()
        let fresh = SecretBytes.random(count: length, using: &random)
        let temporary = "\(path).\(UInt64.random(in: .min ... .max))"
        defer { unlink(temporary) }
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(path) }
        let written = fresh.withBytes { write(file, $0.baseAddress, $0.count) }
        let synced = fsync(file)
        close(file)
        guard written == length, synced == 0 else { throw failure(path) }
        // A link fails when another process was first, and then its key counts.
        guard link(temporary, path) == 0 || errno == EEXIST else { throw failure(path) }
        guard let key = try read(path, length) else { throw failure(path) }
        return key
    }

    /// Reads the bytes, nil where there is no file.
    static func load(_ path: String, length: Int) throws(KeyFileError) -> SecretBytes? {
        try read(path, length)
    }

    private static func read(_ path: String, _ length: Int) throws(KeyFileError) -> SecretBytes? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw failure(path) }
            return nil
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: length + 1)
        let count = Foundation.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw failure(path) }
        guard count == length else { throw .damaged(path: path) }
        return SecretBytes(bytes.prefix(length))
    }

    private static func failure(_ path: String) -> KeyFileError {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}
