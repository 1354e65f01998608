internal import NIOCore
internal import QRCodes

/// The forms in which a QR is handed out.
enum QRPicture: String, CaseIterable {
    case svg = "image/svg+xml"
    case png = "image/png"
    case text = "text/plain"

    var contentType: String {
        self == .text ? "text/plain; charset=utf-8" : rawValue
    }

    func draw(_ text: String) throws -> ByteBuffer {
        switch self {
        case .svg: ByteBuffer(string: try QRCode(encoding: text).svg())
        case .png: ByteBuffer(bytes: try QRCode(encoding: text).png())
        case .text: ByteBuffer(string: text)
        }
    }
}
