internal import CProcess
internal import Glibc

/// A file without a name, in memory.
enum MemoryFile {
    /// The descriptor of a new file with this content; the caller closes it.
    static func open(_ bytes: [UInt8]) throws(ToolError) -> Int32 {
        let file = process_memory_file("input")
        guard file >= 0 else { throw .system(errno: errno) }
        // High, so that the few numbers that a program inherits are free.
        let descriptor = fcntl(file, F_DUPFD_CLOEXEC, 200)
        let number = errno
        close(file)
        guard descriptor >= 0 else { throw .system(errno: number) }
        do throws(ToolError) {
            try write(bytes, to: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(ToolError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(errno: errno) }
            done += count
        }
    }
}
