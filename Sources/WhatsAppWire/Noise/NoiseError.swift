package import SignalProtocol

/// Why a handshake or an encrypted frame was refused.
package enum NoiseError: Error, Equatable {
    /// Not a HandshakeMessage, or one with another step than expected.
    case malformedMessage
    /// A field has a length that the handshake does not allow.
    case wrongLength(field: String, count: Int)
    case curve(CurveError)
    /// The tag of a ciphertext does not match.
    case authenticationFailed
    /// A step was taken out of order.
    case outOfOrder
    /// 2³² frames have been sent with one key.
    case counterExhausted
    case certificate(CertificateError)
}

/// Which check of the server's certificate chain failed; a security event, never to be ignored.
package enum CertificateError: Error, Equatable {
    case malformed
    case missingCertificate
    case wrongSignatureLength
    /// The intermediate certificate is not signed by the root key.
    case untrustedRoot
    case unexpectedIssuer(UInt32)
    case wrongKeyLength
    /// The leaf certificate is not signed by the intermediate one.
    case untrustedLeaf
    case issuerMismatch
    /// The certificate belongs to another key than the connection's.
    case keyMismatch
    case notYetValid
    case expired
}
