internal import HTTPTypes
internal import Hummingbird

/// Which pages may make a browser talk to us.
struct OriginPolicy: Sendable {
    let publicURL: WebOrigin?
    let corsOrigins: Set<WebOrigin>

    /// The configured foreign origin that a request comes from, if it does.
    func foreignOrigin(of request: Request) -> WebOrigin? {
        guard let origin = request.headers[.origin].flatMap({ WebOrigin($0) }) else { return nil }
        return corsOrigins.contains(origin) ? origin : nil
    }

    /// Throws unless the request comes from our own page, a configured one, or no browser at all.
    func check(_ request: Request) throws(RequestError) {
        guard let text = request.headers[.origin] else {
            // Browsers name the origin with everything but plain navigation; this catches the ones that do not.
            guard request.headers[.secFetchSite] != "cross-site" else { throw .foreignOrigin }
            return
        }
        guard let origin = WebOrigin(text), isOwn(origin, request) || corsOrigins.contains(origin) else {
            throw .foreignOrigin
        }
    }

    private func isOwn(_ origin: WebOrigin, _ request: Request) -> Bool {
        if origin == publicURL { return true }
        guard let host = request.head.authority ?? request.headers[.known("Host")] else { return false }
        // Behind a proxy that ends TLS we see http where the browser sees https, so the schemes are not compared.
        guard WebOrigin.authority(host, scheme: origin.scheme) == origin.authority else { return false }
        // With a public address named, only it and this machine's own names are pages of ours: a foreign name that
        // somebody points at our address is not.
        return publicURL == nil || Self.isThisMachine(origin.authority)
    }

    private static func isThisMachine(_ authority: String) -> Bool {
        let host =
            authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        return host == "localhost" || NetworkAddress(host)?.isLoopback == true
    }
}

/// Lets the pages of configured origins call the API.
struct CrossOriginAccess: RouterMiddleware {
    let policy: OriginPolicy

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/api/"), !policy.corsOrigins.isEmpty else {
            return try await next(request, context)
        }
        let origin = policy.foreignOrigin(of: request)
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response: Response
        if isPreflight, origin != nil {
            response = Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: "GET, HEAD, POST, PUT, PATCH, DELETE",
                    .accessControlAllowHeaders: "Content-Type, Accept, Authorization, Idempotency-Key",
                    .accessControlMaxAge: "600",
                ]
            )
        } else {
            response = try await next(request, context)
        }
        response.headers[values: .vary] += ["Origin"]
        if let origin {
            response.headers[.accessControlAllowOrigin] = origin.description
            response.headers[.accessControlExposeHeaders] =
                "Retry-After, X-Expires-At, X-Request-ID, Idempotency-Replayed"
        }
        return response
    }
}
