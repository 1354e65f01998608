internal import Accounts
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Turns every error into an answer: JSON for the API, a page for people, and nothing but a number for what is ours alone.
struct ErrorResponses: RouterMiddleware {
    let table: RouteTable
    let pages: PageRenderer

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && context.endpointPath == "NotFound" {
            let methods = table.methods(at: request.uri.path)
            guard !methods.isEmpty else { return answer(RequestError.notFound, request, context) }
            guard request.method != .options else {
                let allowed = methods.map(\.rawValue).joined(separator: ", ")
                return Response(status: .noContent, headers: [.allow: allowed])
            }
            return answer(RequestError.methodNotAllowed(methods), request, context)
        } catch let error as HTTPParserError {
            // The server itself answers 400 to what is no HTTP, and hangs up.
            throw error
        } catch {
            if let known = userFacing(error) { return answer(known, request, context) }
            // Nobody is left to be told.
            guard context.channel.isActive else { throw error }
            if let unavailable = DatabaseUnavailable(error) {
                context.logger.warning(
                    "The database did not serve a request",
                    metadata: ["http.route": "\(context.endpointPath ?? "")", "error": "\(error)"]
                )
                return answer(unavailable, request, context)
            }
            context.logger.error(
                "Request failed",
                metadata: ["http.route": "\(context.endpointPath ?? "")", "error": "\(error)"]
            )
            return answer(InternalError(), request, context)
        }
    }

    private func answer(_ error: any UserFacingError, _ request: Request, _ context: WebContext) -> Response {
        var headers = error.headers
        if let wait = error.retryAfter { headers[.retryAfter] = "\(max(1, wait.components.seconds))" }
        headers[.cacheControl] = "no-store"
        guard Self.wantsPage(request) else {
            let message = pages.strings(Language(request)).message(of: error)
            let body = ErrorBody(code: error.code, message: message, field: error.field, id: context.requestID)
            return (try? JSONText.response(body, status: error.status, headers: headers))
                ?? Response(status: error.status, headers: headers)
        }
        let strings = pages.strings(Language(request))
        let page = ErrorPage(error, requestID: context.requestID, strings: strings)
        return pages.response(page, of: .error, to: request, status: error.status, headers: headers, strings: strings)
    }

    private static func wantsPage(_ request: Request) -> Bool {
        !Route.isForMachines(request.uri.path)
    }
}

/// The API's form of an error: `{"error":{"code","message","field","requestID"}}`.
private struct ErrorBody: Encodable {
    private let error: Content

    private struct Content: Encodable {
        let code: String
        let message: String
        let field: String?
        let requestID: String
    }

    init(code: String, message: String, field: String?, id: String) {
        error = Content(code: code, message: message, field: field, requestID: id)
    }
}

/// Our own fault, of which nobody outside is told more than that.
struct InternalError: UserFacingError {
    var status: HTTPResponse.Status { .internalServerError }
    var code: String { "server.internal" }
    var message: String { "Something went wrong on our side. Try again; if it stays so, report the request's number." }
}

/// The error as it may be told to a person, or nil when it is nobody's business but ours.
func userFacing(_ error: any Error) -> (any UserFacingError)? {
    switch error {
    case let error as any UserFacingError: error
    case is BodyTimeout: RequestError.bodyTimedOut
    // Nothing else cancels a request whose client is still there.
    case is CancellationError: RequestError.stopping
    default: nil
    }
}
