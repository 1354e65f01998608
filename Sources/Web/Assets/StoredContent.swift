internal import Compression
internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Bytes that are served again and again: with their fingerprint, and packed once where that pays.
struct StoredContent: Sendable {
    private let plain: ByteBuffer
    private let packed: ByteBuffer?
    private let contentType: String
    private let entityTag: String

    init(_ bytes: [UInt8], contentType: String, isCompressible: Bool) {
        plain = ByteBuffer(bytes: bytes)
        self.contentType = contentType
        entityTag = Fingerprint.of([bytes])
        // Content that does not shrink, or zlib without memory, is served as it is.
        let packed = isCompressible ? try? Compression.deflate(bytes, format: .gzip) : nil
        self.packed = packed.flatMap { $0.count < bytes.count ? ByteBuffer(bytes: $0) : nil }
    }

    /// Answers with the content, or with 304 when the browser has it.
    func response(to request: Request, cacheControl: String, headers: HTTPFields = [:]) -> Response {
        let usesPacked = packed != nil && AcceptEncoding(request.headers).allowsGzip
        let tag = "\"\(entityTag)\(usesPacked ? "-gz" : "")\""
        var headers = headers
        headers[.eTag] = tag
        headers[.cacheControl] = cacheControl
        headers[values: .vary] += ["Accept-Encoding"]
        if EntityTagMatch(request.headers).contains(tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = contentType
        if usesPacked { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: usesPacked ? packed ?? plain : plain))
    }
}

/// A short name for exactly these bytes.
enum Fingerprint {
    static func of(_ parts: [[UInt8]]) -> String {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        return hash.finalize().prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Which entity tags a browser says that it has (`If-None-Match`).
struct EntityTagMatch {
    private let tags: [Substring]

    init(_ headers: HTTPFields) {
        tags = headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",").map { $0.trimmed } }
    }

    /// Compares weakly, as a conditional GET does (RFC 9110, section 13.1.2).
    func contains(_ tag: String) -> Bool {
        tags.contains { $0 == "*" || ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == tag }
    }
}
