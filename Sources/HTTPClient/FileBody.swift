import Foundation

/// The open file of a request's body, on the client's thread.
///
/// Reads are short and the file was as a rule written just before, so that they come from the system's cache.
final class FileBody {
    private let order: HTTPFileBody
    private let descriptor: Int32
    /// Counted from the part's start.
    private var position: UInt64 = 0

    init(_ order: HTTPFileBody) throws(HTTPClientError) {
        let descriptor = open(order.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadableBody }
        self.order = order
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Fills the buffer; nil where the file cannot be read or ends too early.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = min(UInt64(buffer.count), order.length - position)
        guard wanted > 0 else { return 0 }
        let (offset, isTooFar) = order.offset.addingReportingOverflow(position)
        guard !isTooFar, let offset = off_t(exactly: offset) else { return nil }
        let count = pread(descriptor, buffer.baseAddress, Int(wanted), offset)
        guard count > 0 else { return nil }
        position += UInt64(count)
        order.progress?(position)
        return count
    }

    /// The library wants to send the body again from somewhere.
    func seek(to target: Int) -> Bool {
        guard let target = UInt64(exactly: target), target <= order.length else { return false }
        position = target
        return true
    }
}
