package import WhatsAppWire

/// Why a long-lived connection is over.
package enum ClientStop: Sendable, Equatable {
    /// By `close`.
    case closed
    /// By `logOut`, or on the phone: the credentials are void.
    case loggedOut
    case service(StreamEnd)
    case untrustedServer(CertificateError)
    case notLinked
    /// What had to be stored could not be.
    case storeFailed
}
