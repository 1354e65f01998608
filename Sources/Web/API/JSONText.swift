internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// JSON as we send it: keys in order, slashes plain, times in ISO 8601 and UTC.
enum JSONText {
    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    static func encode(_ value: some Encodable) -> String? {
        // Our own response types hold nothing that JSON cannot say.
        (try? encoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        Array(try encoder().encode(value))
    }

    /// An answer of the API; nothing of it is ever kept by a cache.
    static func response(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        let body = try encoder().encode(value)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
