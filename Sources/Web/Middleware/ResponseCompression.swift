internal import Compression
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Packs text answers for clients that take gzip.
struct ResponseCompression: RouterMiddleware {
    /// Below this a packed answer saves no packet.
    private static let smallest = 1024
    private static let largest = 8 << 20

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard Self.isText(response.headers[.contentType]), response.headers[.contentEncoding] == nil else {
            return response
        }
        if !response.headers[values: .vary].contains("Accept-Encoding") {
            response.headers[values: .vary] += ["Accept-Encoding"]
        }
        guard let size = response.body.contentLength, (Self.smallest...Self.largest).contains(size),
            AcceptEncoding(request.headers).allowsGzip
        else { return response }
        let collected = CollectedBody()
        try await response.body.write(CollectingWriter(into: collected))
        let plain = collected.bytes
        // zlib without memory: the answer goes out as it is.
        guard let packed = try? Compression.deflate(plain.readableBytesView, format: .gzip) else {
            response.body = .init(byteBuffer: plain)
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.body = .init(byteBuffer: ByteBuffer(bytes: packed))
        return response
    }

    private static func isText(_ contentType: String?) -> Bool {
        guard let type = contentType?.prefix(while: { $0 != ";" }) else { return false }
        return type.hasPrefix("text/") || type == "application/json" || type == "image/svg+xml"
    }
}
