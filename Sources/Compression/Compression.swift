internal import CZlib

/// What can go wrong while packing and unpacking.
package enum CompressionError: Error, Equatable {
    /// The bytes are not a stream of that format, or it is damaged.
    case malformed
    /// The stream ends before its end mark.
    case truncated
    /// The result would be longer than the caller allows.
    case tooLarge(limit: Int)
    /// zlib had no memory.
    case outOfMemory
}

/// Whole buffers to and from zlib and gzip streams, always with a bound on the result.
package enum Compression {
    package enum Format: Sendable {
        /// RFC 1950
        case zlib
        /// RFC 1952
        case gzip
        /// Either of the two, told apart by the header; for reading only.
        case automatic

        var windowBits: Int32 {
            switch self {
            case .zlib: 15
            case .gzip: 15 + 16
            case .automatic: 15 + 32
            }
        }
    }

    /// Unpacks one stream; what follows its end is an error.
    ///
    /// Throws `tooLarge` as soon as the result passes `limit`, so that a small bomb costs no more than the limit.
    package static func inflate(_ bytes: some Collection<UInt8>, format: Format, limit: Int)
        throws(CompressionError) -> [UInt8]
    {
        var input = Array(bytes)
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }

        var output: [UInt8] = []
        var failure: CompressionError?
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            var chunk = min(max(input.count &* 4, 1024), 64 * 1024)
            while failure == nil {
                // One byte beyond the limit tells a result that just fits from one that does not.
                chunk = min(chunk - 1, limit - output.count) + 1
                let start = output.count
                output.append(contentsOf: repeatElement(0, count: chunk))
                let status = output.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress.map { $0 + start }
                    stream.avail_out = UInt32(clamping: chunk)
                    return CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                output.removeLast(Int(stream.avail_out))
                if output.count > limit {
                    failure = .tooLarge(limit: limit)
                } else if status == Z_STREAM_END {
                    if stream.avail_in != 0 { failure = .malformed }
                    return
                } else if status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) {
                    failure = .truncated
                } else if status == Z_MEM_ERROR {
                    failure = .outOfMemory
                } else if status != Z_OK {
                    failure = .malformed
                }
                chunk = 256 * 1024
            }
        }
        if let failure { throw failure }
        return output
    }

    /// Packs into one stream; `level` is zlib's, 1...9.
    package static func deflate(_ bytes: some Collection<UInt8>, format: Format, level: Int32 = 6)
        throws(CompressionError) -> [UInt8]
    {
        var input = Array(bytes)
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        let windowBits = format == .zlib ? Format.zlib.windowBits : Format.gzip.windowBits
        guard
            deflateInit2_(&stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { throw .outOfMemory }
        defer { deflateEnd(&stream) }

        let bound = Int(deflateBound(&stream, UInt(input.count)))
        var output = [UInt8](repeating: 0, count: bound)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                return CZlib.deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw .malformed }
        output.removeLast(Int(stream.avail_out))
        return output
    }
}
