/// Why a text is not a session ID that can be read.
package enum SessionIDError: Error, Equatable {
    case empty
    case tooLong(limit: Int)
    /// It points to credentials elsewhere.
    case pointer(SessionIDPointer)
    /// Neither credentials nor a pointer of a known kind.
    case unrecognised
    /// The payload is cut off or has characters that are not base64.
    case invalidBase64
    /// The packed part is damaged or cut off.
    case damagedCompression
    /// Unpacked, it would be larger than any session is.
    case unpackedTooLarge(limit: Int)
    /// A session folder without `creds.json` in it.
    case folderWithoutCredentials
    /// The credentials in it are not usable.
    case credentials(CredentialsImportError)
}
