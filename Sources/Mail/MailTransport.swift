/// Where mails go.
package protocol MailTransport: Sendable {
    /// Hands one mail over; when it returns, somebody else is responsible for it.
    func send(_ message: MailMessage) async throws(MailError)
}

/// Why a mail was not taken.
package enum MailError: Error, Equatable {
    /// The server refused it for good: an address that does not exist, a mail that it does not like.
    case refused(code: Int)
    /// No server, a broken connection, or a refusal for now; by libcurl's number.
    case unreachable(code: Int)
    case notAnAddress
    case folder(reason: String)
}
