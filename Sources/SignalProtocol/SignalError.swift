/// Why a message cannot be encrypted or decrypted, or a record cannot be read.
package enum SignalError: Error, Equatable {
    /// There is no session with the device, or none that is current.
    case noSession
    /// The counter's key has been used: the message has been decrypted before.
    case duplicate(counter: UInt32)
    case unknownSignedPreKey(UInt32)
    case unknownPreKey(UInt32)
    /// Not an envelope, or one with keys, lengths or padding that cannot be.
    case malformed
    case unsupportedVersion(Int)
    /// A signed pre-key or a group message is not signed by whom it should be.
    case invalidSignature
    /// A companion is not signed by the phone that it is listed under, or its phone not by it.
    case unknownCompanion
    /// The counter skips more messages of one chain than anybody keeps keys for.
    case tooFarAhead
    case badMAC
    /// No sender key of that number has come from the device.
    case noSenderKey(UInt32)
    /// A public key of small order.
    case weakKey
    /// A stored record cannot be read.
    case corruptRecord
    /// The chain's counter has come to its end; a new session is needed.
    case chainExhausted
    /// The system's cipher refused to work.
    case cipherUnavailable
}
