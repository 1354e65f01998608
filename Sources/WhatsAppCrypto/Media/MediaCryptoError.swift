/// Why a media file is not what it is said to be.
package enum MediaCryptoError: Error, Equatable, Sendable {
    /// A media key has 32 bytes.
    case invalidKeyLength(Int)
    /// No file that was encrypted has this length.
    case invalidLength(Int)
    /// Another file than the one that the message means.
    case wrongEncryptedHash
    /// Made with another key, or changed on the way.
    case wrongMAC
    /// The message authentication code is right, what it covers is not: the sender made it so.
    case wrongPadding
    case wrongHash
    /// The message tells another length than the file has.
    case wrongLength(declared: UInt64, actual: UInt64)
    /// Longer than the caller allows.
    case tooLong(limit: UInt64)
    /// The retry request or answer cannot be opened with this key.
    case wrongRetryKey
    /// The retry answer is about another message, or not readable.
    case malformedRetry
    /// libcrypto refused, for want of memory.
    case outOfMemory
}
