/// Why a text is not the usable credentials of a linked device.
///
/// Fields are named by their path in `creds.json`, for example `noiseKey.private`; no value of the file is ever carried.
package enum CredentialsImportError: Error, Equatable {
    /// The text is longer than any credentials are.
    case tooLarge(limit: Int)
    /// Objects and arrays are nested deeper than in any credentials.
    case tooDeep(limit: Int)
    /// Not JSON; `offset` is the byte where reading stopped.
    case notJSON(offset: Int)
    /// JSON, but not an object.
    case notAnObject
    /// A name stands twice in one object, so that readers would disagree about its value.
    case duplicateField(String)
    case missingField(String)
    case wrongType(field: String, expected: ExpectedType)
    /// A number, JID or list that cannot be what the field says.
    case invalidValue(field: String)
    /// Text that is not base64.
    case invalidBase64(field: String)
    case wrongLength(field: String, expected: Int, actual: Int)
    /// The public key is not the one of the private key beside it.
    case mismatchedKeyPair(field: String)
    /// A signature does not verify: the parts of the file are not of one device.
    case invalidSignature(field: String)
    /// The file was written before the phone had accepted the link.
    case notLinked

    package enum ExpectedType: String, Sendable {
        case object
        case array
        case text
        case number
        case boolean
        case bytes
    }
}
