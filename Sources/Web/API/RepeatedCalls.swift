internal import Accounts
internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Answers calls that carry an `Idempotency-Key`: the first one is done, those that follow get its answer.
///
/// What was refused is not kept, because nothing was done. A call that ended in a failure of ours keeps its key: whether it
/// was done is unknown, and doing it again could do it twice.
struct RepeatedCalls: Sendable {
    let accounts: AccountsService

    func answer(_ request: Request, _ context: WebContext, of route: Route) async throws -> Response {
        guard let limit = route.keyedLimit, let key = request.headers[.idempotencyKey], let viewer = context.viewer
        else {
            return try await route.handler(request, context)
        }
        var request = request
        let body = try await request.wholeBody(limit: limit)
        request.body = RequestBody(buffer: body)
        let call = try KeyedCall(key: key, digest: Self.digest(request, body))
        if let kept = try await accounts.begin(call, by: viewer) { return Self.response(kept) }
        let response: Response
        do {
            response = try await route.handler(request, context)
        } catch let error as any UserFacingError {
            try await accounts.abandon(call, by: viewer)
            throw error
        }
        return await keep(response, of: call, viewer, context)
    }

    /// The answer itself, which whoever asked first gets even where it cannot be kept.
    private func keep(
        _ response: Response,
        of call: KeyedCall,
        _ viewer: Viewer,
        _ context: WebContext
    ) async -> Response {
        var response = response
        let collected = CollectedBody()
        do {
            try await response.body.write(CollectingWriter(into: collected))
            response.body = ResponseBody(byteBuffer: collected.bytes)
            let answer = KeptAnswer(
                status: Int(response.status.code),
                headers: Self.headers(of: response),
                body: Array(collected.bytes.readableBytesView)
            )
            try await accounts.finish(call, with: answer, by: viewer)
        } catch {
            context.logger.warning("An answer could not be kept for its key", metadata: ["error": "\(error)"])
        }
        return response
    }

    private static let keptHeaders: [HTTPField.Name] = [.contentType, .location, .cacheControl]

    private static func headers(of response: Response) -> [String: String] {
        var headers: [String: String] = [:]
        for name in keptHeaders { headers[name.rawName] = response.headers[name] }
        return headers
    }

    private static func response(_ kept: KeptAnswer) -> Response {
        var headers: HTTPFields = [.idempotencyReplayed: "true"]
        for (name, value) in kept.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: HTTPResponse.Status(code: kept.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: kept.body))
        )
    }

    private static func digest(_ request: Request, _ body: ByteBuffer) -> SHA256Digest {
        var hash = SHA256()
        hash.update(data: Array("\(request.method.rawValue) \(request.uri.string)\n".utf8))
        hash.update(data: Array(body.readableBytesView))
        return hash.finalize()
    }
}

extension HTTPField.Name {
    static let idempotencyKey = known("Idempotency-Key")
    static let idempotencyReplayed = known("Idempotency-Replayed")
}
