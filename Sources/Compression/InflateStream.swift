internal import CZlib

/// Unpacks one stream piece by piece, in memory that does not grow with its length.
package final class InflateStream {
    /// Of what one call of ``next()`` gives at most.
    private static let pieceSize = 64 * 1024

    /// On the heap: zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private var room: Int
    private let limit: Int
    private var piece = [UInt8](repeating: 0, count: pieceSize)
    /// The end mark has come.
    package private(set) var isComplete = false

    /// Throws `tooLarge` from ``next()`` once the result would be longer than `limit`.
    package init(format: Compression.Format, limit: Int) throws(CompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.limit = limit
        room = limit
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else {
            throw .outOfMemory
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Hands over the next packed bytes; all before must have been taken through ``next()``.
    package func feed(_ bytes: [UInt8]) {
        input = Array(input.dropFirst(consumed)) + bytes
        consumed = 0
    }

    /// The next unpacked bytes; nil when more packed ones are needed, or at the end.
    package func next() throws(CompressionError) -> ArraySlice<UInt8>? {
        guard !isComplete else {
            guard consumed == input.count else { throw .malformed }
            return nil
        }
        guard consumed < input.count else { return nil }
        let (status, taken, made) = step()
        consumed += taken
        guard made <= room else { throw .tooLarge(limit: limit) }
        room -= made
        switch status {
        case Z_STREAM_END: isComplete = true
        case Z_OK, Z_BUF_ERROR: break
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .malformed
        }
        if made > 0 { return piece[0..<made] }
        guard isComplete || consumed == input.count else { throw .malformed }
        return try next()
    }

    /// To be called after the last bytes: the stream must have come to its end mark.
    package func finish() throws(CompressionError) {
        guard isComplete else { throw .truncated }
        guard consumed == input.count else { throw .malformed }
    }

    private func step() -> (status: Int32, taken: Int, made: Int) {
        input.withUnsafeMutableBufferPointer { input in
            piece.withUnsafeMutableBufferPointer { output in
                let available = UInt32(clamping: input.count - consumed)
                stream.pointee.next_in = input.baseAddress.map { $0 + consumed }
                stream.pointee.avail_in = available
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(clamping: output.count)
                let status = CZlib.inflate(stream, Z_NO_FLUSH)
                return (
                    status, Int(available - stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
                )
            }
        }
    }
}
