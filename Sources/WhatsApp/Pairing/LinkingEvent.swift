package import WhatsAppWire

/// What happens while a device is being linked, as the one who shows it to a person needs it.
package enum LinkingEvent: Sendable {
    case connecting
    /// A QR code follows, and a pairing code can be asked for.
    case ready
    case qr(text: String, validFor: Duration)
    /// Eight characters.
    case pairingCode(String, validFor: Duration)
    case pairingCodeRefused(PairingCodeRefusal)
    /// The code on screen is void; another can be asked for.
    case pairingCodeExpired
    /// The account's owner has to prove itself with a passkey: WebAuthn options as JSON.
    case passkeyRequested(options: [UInt8], validFor: Duration)
    /// To be compared with what the phone shows, then confirmed.
    case passkeyConfirmation(code: String)
    case passkeyRefused(PasskeyRefusal)
    /// The phone has agreed; the login that completes the link is under way.
    case linking(JID)
    /// Logged in once, and the socket closed without logging out. The last event.
    case linked(Credentials)
    /// The references ran out or the connection was lost: it starts over by itself.
    case restarting
    /// The last event.
    case failed(LinkingFailure)
}

/// Why linking does not go on.
package enum LinkingFailure: Sendable, Equatable, Error {
    /// The server's certificates are not signed by the service's key. A security event.
    case untrustedServer(CertificateError)
    /// The service does not let this client in.
    case refused(StreamEnd)
    /// What the phone or the service sent does not belong to this device.
    case rejected(PairingRejection)
    /// The phone agreed, but the login after it failed for good.
    case loginFailed
}
