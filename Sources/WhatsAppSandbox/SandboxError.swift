/// What can go wrong with an order to the sandbox: a bad value, something that is not there, or a link that fails.
package enum SandboxError: Error, Equatable {
    /// A value of the request cannot be used.
    case invalid(field: String, reason: String)
    case unknownPhone
    case phoneExists
    case unknownDevice
    /// Nobody has the number or LID that a message is for, or there is no such group.
    case unknownRecipient
    /// The phone does not know the message that is meant, or knows it no more.
    case unknownMessage
    case unknownFault
    case unknownGroup
    /// The service does not let the phone do this to the group.
    case groupRefused(code: Int, text: String)
    /// No companion waits behind this QR code (any more).
    case unknownReference
    /// The QR code names another noise or identity key than the connection behind its reference has.
    case keyMismatch
    /// The companion was told to replace its ADV secret; only a code drawn after that can be linked.
    case outdatedQR
    /// The companion is in the middle of linking.
    case alreadyLinking
    /// The phone has as many linked devices as it may have.
    case deviceLimitReached(limit: Int)
    /// No companion has asked for a pairing code for this number, or the code has expired.
    case noCodeOffered
    /// The companion's key bundle does not open with this code.
    case wrongCode
    /// The phone has no passkey.
    case noPasskey
    /// The companion answered the link with an error.
    case companionRefused(code: Int?, text: String)
    /// The companion went away while linking.
    case companionGone
    /// The companion did not answer in time.
    case timedOut
    /// The snapshot file cannot be used.
    case unusableSnapshot(path: String, reason: String)
    /// The second port cannot be listened on; why, in the system's words.
    case unusableTLSPort(Int, reason: String)
    /// The sandbox does not run.
    case notRunning
}
