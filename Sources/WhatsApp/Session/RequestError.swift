/// Why a request to the service brought no result.
package enum RequestError: Error, Equatable {
    /// Not logged in, or the connection went before the answer came.
    case notConnected
    case timedOut
    /// The service's refusal; `backOff` in seconds where it names one.
    case refused(code: Int, text: String?, backOff: Int?)
    /// The answer lacks what it must have.
    case malformed(String)
    /// What was asked for cannot be right; nothing was sent.
    case invalid(field: String, reason: InvalidReason)
    case store(StoreError)
}
