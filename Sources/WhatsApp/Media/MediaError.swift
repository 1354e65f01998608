package import HTTPClient
package import WhatsAppCrypto

/// Why media was not sent or fetched.
package enum MediaError: Error, Equatable, Sendable {
    /// The message has nothing to fetch, or names it in a way that cannot be right.
    case invalidReference(field: String)
    /// The service did not say where to upload.
    case noHosts(RequestError?)
    /// Beyond what the caller, or the service for this kind, allows; in bytes.
    case tooLarge(limit: UInt64)
    /// It has gone from the servers, and no phone could send it again.
    case gone
    /// A refusal that trying again does not change.
    case refused(status: Int)
    /// The last of several tries ended with this status.
    case unavailable(status: Int)
    /// The last of several tries ended with this failure of the network.
    case network(HTTPClientError)
    /// The service's answer lacks what it must have.
    case malformedAnswer
    /// What was fetched is not what the message means.
    case corrupt(MediaCryptoError)
    /// A file of ours cannot be read or written; the system's number.
    case file(errno: Int32)
    /// Too much waits already.
    case overloaded(limit: Int)
    case cancelled
}
