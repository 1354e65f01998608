internal import HTTPTypes
internal import Metrics
internal import Synchronization

/// Measures requests under OpenTelemetry's names.
final class RequestMeter: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private let timers = Mutex<[Key: Timer]>([:])
    private let active = Meter(label: "http.server.active_requests")

    func begin() {
        active.increment()
    }

    func end() {
        active.decrement()
    }

    /// `route` is a pattern, so that the number of series stays small.
    func record(route: String, method: HTTPRequest.Method, status: HTTPResponse.Status, duration: Duration) {
        let key = Key(route: route, method: Self.name(of: method), status: status.code)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Timer(
                label: "http.server.request.duration",
                dimensions: [
                    ("http.route", route), ("http.request.method", key.method),
                    ("http.response.status_code", String(status.code)),
                ],
                preferredDisplayUnit: .seconds
            )
            timers[key] = timer
            return timer
        }
        timer.record(duration: duration)
    }

    /// The method's name, from a closed set.
    static func name(of method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .delete, .patch, .options: method.rawValue
        default: "_OTHER"
        }
    }
}
