internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Something that has to work before requests are sent here.
package struct ReadinessCheck: Sendable {
    /// One word for the answer, such as `database`.
    package let name: String
    /// Throws when it does not work; what it throws goes to the log only.
    package let check: @Sendable () async throws -> Void

    package init(_ name: String, check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.check = check
    }
}

/// `/health`, `/ready` and `/metrics`.
struct OperationsRoutes: Sendable {
    let checks: [ReadinessCheck]
    let metrics: @Sendable () async -> String
    let metricsReaders: [AddressRange]
    let proxies: ProxyTrust

    var routes: [Route] {
        [
            .get("/health", .open) { _, _ in try JSONText.response(Health(status: "ok", failing: nil)) },
            .get("/ready", .open) { _, context in try await ready(context) },
            .get("/metrics", .open) { request, context in try await metrics(request, context) },
        ]
    }

    private func ready(_ context: WebContext) async throws -> Response {
        var failing: [String] = []
        for check in checks {
            do {
                try await withTimeLimit(.seconds(2)) { try await check.check() }
            } catch {
                failing.append(check.name)
                let metadata: Logger.Metadata = ["check": "\(check.name)", "error": "\(error)"]
                context.logger.debug("Not ready", metadata: metadata)
            }
        }
        guard failing.isEmpty else {
            let answer = Health(status: "unavailable", failing: failing)
            return try JSONText.response(answer, status: .serviceUnavailable, headers: [.retryAfter: "5"])
        }
        return try JSONText.response(Health(status: "ready", failing: nil))
    }

    private func metrics(_ request: Request, _ context: WebContext) async throws -> Response {
        // A proxy on this machine that we were not told of would make everybody look local.
        let isRelayed = request.headers[.xForwardedFor] != nil || request.headers[.forwarded] != nil
        let peer = context.channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) } ?? .unknown
        let isHidden = isRelayed && !proxies.isTrusted(peer)
        let isReader = context.client.isLoopback || metricsReaders.contains { $0.contains(context.client) }
        guard isReader, !isHidden else { throw RequestError.forbidden }
        let text = await metrics()
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}

private struct Health: Encodable {
    let status: String
    let failing: [String]?
}

/// Something took longer than it may.
struct TimeLimitExceeded: Error {}

/// Runs `work`, and cancels it when it takes longer than `limit`.
func withTimeLimit(_ limit: Duration, _ work: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TimeLimitExceeded()
        }
        defer { group.cancelAll() }
        try await group.next()
    }
}
