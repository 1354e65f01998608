internal import Database
internal import HTTPTypes

/// The database is busy or away; nobody outside learns which.
struct DatabaseUnavailable: UserFacingError {
    var status: HTTPResponse.Status { .serviceUnavailable }
    var code: String { "server.busy" }
    var message: String { "The server is very busy, or its database is away for a moment. Try again shortly." }
    var retryAfter: Duration? { .seconds(5) }

    init?(_ error: any Error) {
        guard let error = error as? DatabaseError, error.mayPass else { return nil }
    }
}
