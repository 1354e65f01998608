internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
    /// The whole body; one that is longer than `limit` is refused, by its announced length before a byte is read.
    func wholeBody(limit: Int) async throws -> ByteBuffer {
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > limit {
            throw RequestError.bodyTooLarge(limit: limit)
        }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw RequestError.bodyTooLarge(limit: limit)
        }
    }

    /// As much of the body as `limit`; what follows is read and forgotten.
    ///
    /// So a browser that sends too much gets an answer instead of a broken connection; one that sends far more does not.
    func cutBody(limit: Int) async throws -> ByteBuffer {
        let patience = limit * 4
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > patience {
            throw RequestError.bodyTooLarge(limit: limit)
        }
        var kept = ByteBuffer()
        var length = 0
        for try await var part in body {
            length += part.readableBytes
            guard length <= patience else { throw RequestError.bodyTooLarge(limit: limit) }
            // A part that does not fit is the first that is left out, and all after it are.
            if length <= limit { kept.writeBuffer(&part) }
        }
        return kept
    }

    /// The body as a JSON object with no fields but `known`.
    ///
    /// With `isOptional` an empty body, of whatever type, counts as `{}`.
    func jsonFields(known: [String], limit: Int = 64 * 1024, isOptional: Bool = false) async throws -> JSONFields {
        let isJSON = mediaType == "application/json"
        guard isJSON || isOptional else { throw RequestError.unsupportedContentType(expected: "application/json") }
        let bytes = try await wholeBody(limit: limit)
        if isOptional, bytes.readableBytes == 0 { return try JSONFields(.object([:]), known: known) }
        guard isJSON else { throw RequestError.unsupportedContentType(expected: "application/json") }
        return try JSONFields(JSONValue(parsing: bytes.readableBytesView), known: known)
    }

    /// `Content-Type` without its parameters, in lower case.
    var mediaType: String? {
        headers[.contentType].map { $0.prefix { $0 != ";" }.trimmed.lowercased() }
    }
}
