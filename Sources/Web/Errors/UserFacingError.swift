internal import Fleet
package import HTTPTypes

/// An error with a text that a person may read and a code that a program may match on.
package protocol UserFacingError: Error {
    /// Stable, dotted, never reused: part of the HTTP API, for example `session.not_linked`.
    var code: String { get }
    /// One sentence that says what to do next.
    var message: String { get }
    var status: HTTPResponse.Status { get }
    /// The field of the request that is at fault.
    var field: String? { get }
    /// How long to wait before it may go better.
    var retryAfter: Duration? { get }
    /// Fields that the answer carries besides.
    var headers: HTTPFields { get }
}

extension UserFacingError {
    package var field: String? { nil }
    package var retryAfter: Duration? { nil }
    package var headers: HTTPFields { [:] }

    /// Says on a page that stays how long to wait before it may go better.
    var retryFields: HTTPFields {
        retryAfter.map { [.retryAfter: "\(max(1, $0.wholeSecondsUp))"] } ?? [:]
    }
}
