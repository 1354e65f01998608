internal import Foundation
internal import HTTPClient

/// One question over HTTP: sent again where the provider says so, and its errors told apart.
struct AssistantExchange: Sendable {
    let http: HTTPClient
    let timeout: Duration
    let pause: @Sendable (Duration) async throws -> Void

    private static let attempts = 3
    private static let responseLimit = 4 << 20
    /// Whoever has to wait longer is told so.
    private static let pauseLimit: Duration = .seconds(20)

    func send(_ request: HTTPRequest) async throws(AssistantError) -> [UInt8] {
        var request = request
        request.timeout = timeout
        request.responseLimit = Self.responseLimit
        var attempt = 1
        while true {
            let response = try await exchange(request)
            if (200..<300).contains(response.status) { return response.body }
            let error = Self.error(response)
            let wait = Self.pause(after: response, attempt: attempt)
            guard attempt < Self.attempts, Self.isWorthAnother(response.status), wait <= Self.pauseLimit else {
                throw error
            }
            do {
                try await pause(wait)
            } catch {
                throw .cancelled
            }
            attempt += 1
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(AssistantError) -> Value {
        guard let value = try? JSONDecoder().decode(type, from: Data(body)) else { throw .malformedAnswer }
        return value
    }

    private func exchange(_ request: HTTPRequest) async throws(AssistantError) -> HTTPResponse {
        do {
            return try await http.send(request)
        } catch {
            switch error {
            case .timedOut: throw .timedOut
            case .cancelled: throw .cancelled
            case .responseTooLarge(let limit): throw .tooLarge(limit: limit)
            case .malformedResponse: throw .malformedAnswer
            default: throw .unreachable
            }
        }
    }

    private static func isWorthAnother(_ status: Int) -> Bool { [429, 500, 502, 503, 504, 529].contains(status) }

    private static func error(_ response: HTTPResponse) -> AssistantError {
        switch response.status {
        case 401, 403: .unauthorized
        case 404: .unknownModel
        case 413: .tooLarge(limit: AssistantConversation.fileLimit)
        // Google says so of keys that it does not know.
        case 400 where String(decoding: response.body.prefix(4_096), as: UTF8.self).contains("API_KEY_INVALID"):
            .unauthorized
        case 400, 422: .invalidRequest
        case 429: .rateLimited(retryAfter: advice(response))
        case 500...599: .overloaded
        default: .failed(status: response.status)
        }
    }

    /// What the answer advises, else a longer time with each attempt, with some chance in it.
    private static func pause(after response: HTTPResponse, attempt: Int) -> Duration {
        if let advice = advice(response) { return advice }
        return .milliseconds(Int.random(in: 500...1_000) << attempt)
    }

    /// Seconds, or a date.
    private static func advice(_ response: HTTPResponse) -> Duration? {
        guard let text = response.header("Retry-After") else { return nil }
        if let seconds = Double(text), seconds >= 0, seconds < 1e6 { return .seconds(seconds) }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text).map { .seconds(max(0, min(1e6, $0.timeIntervalSinceNow))) }
    }
}
