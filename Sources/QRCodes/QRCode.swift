import CQREncode
import Glibc

/// A QR code: a square of dark and light modules that a camera reads as text.
///
/// Error correction is at its lowest level, which suits a clean screen and keeps the modules large.
package struct QRCode: Sendable, Equatable {
    /// The most bytes that a code holds at this level of error correction (version 40, byte mode).
    package static let maximumLength = 2_953

    /// The number of modules along one side, quiet zone not counted.
    package let size: Int
    private let modules: [Bool]

    /// Encodes the UTF-8 bytes of `text` in the smallest code that holds them.
    package init(encoding text: String) throws(QRCodeError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maximumLength, let count = Int32(exactly: bytes.count) else {
            throw .tooLong(bytes: bytes.count, limit: Self.maximumLength)
        }
        guard let code = QRcode_encodeData(count, bytes, 0, QR_ECLEVEL_L) else {
            let reason = errno
            throw reason == ERANGE ? .tooLong(bytes: bytes.count, limit: Self.maximumLength) : .failed(errno: reason)
        }
        defer { QRcode_free(code) }
        guard let width = Int(exactly: code.pointee.width), width > 0, let cells = code.pointee.data else {
            throw .failed(errno: EINVAL)
        }
        size = width
        modules = UnsafeBufferPointer(start: cells, count: width * width).map { $0 & 1 == 1 }
    }

    /// Whether the module in this column and row is dark; everything outside the code is light.
    package subscript(x: Int, y: Int) -> Bool {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return false }
        return modules[y * size + x]
    }
}

/// Why a text has no QR code.
package enum QRCodeError: Error, Equatable {
    case empty
    case tooLong(bytes: Int, limit: Int)
    /// The encoder gave up, for want of memory for example.
    case failed(errno: Int32)
}
