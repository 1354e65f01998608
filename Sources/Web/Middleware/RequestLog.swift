internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Metrics

/// Names every request, finds out who sent it, writes its line in the log and counts it.
///
/// Neither paths nor queries are logged: an attempt's id is a permission. The route's pattern stands for them.
struct RequestLog: RouterMiddleware {
    let proxies: ProxyTrust
    let level: Logger.Level
    let meter: RequestMeter

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        if proxies.isTrusted(context.client), let given = Self.saneID(request.headers[.requestID]) {
            context.requestID = given
            context.logger[metadataKey: "request.id"] = "\(given)"
        }
        context.client = proxies.client(peer: context.client, headers: request.headers)
        meter.begin()
        defer { meter.end() }

        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        if request.method == .head { response = response.createHeadResponse() }

        let route = context.endpointPath ?? "NotFound"
        let duration = start.duration(to: .now)
        meter.record(route: route, method: request.method, status: response.status, duration: duration)
        context.logger.log(
            level: Self.isRoutine(route) ? .debug : level,
            "Request answered",
            metadata: [
                "http.method": "\(RequestMeter.name(of: request.method))",
                "http.route": "\(route)",
                "http.status": "\(response.status.code)",
                "http.duration.ms": "\((duration / .microseconds(100)).rounded() / 10)",
            ]
        )
        return response
    }

    /// Probes and files are asked for without end and say nothing new.
    private static func isRoutine(_ route: String) -> Bool {
        route.hasPrefix("/assets/") || ["/health", "/ready", "/metrics", "/favicon.ico"].contains(route)
    }

    private static func saneID(_ text: String?) -> String? {
        guard let text, (8...64).contains(text.utf8.count) else { return nil }
        let isFine = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isFine ? text : nil
    }
}
