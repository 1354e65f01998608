/// Why a patch or a snapshot of a collection is refused; nothing of it has then been applied.
package enum AppStateError: Error, Equatable {
    /// Something that must be there is missing, or has a length that it cannot have.
    case malformed(String)
    /// It is encrypted with keys that this device has not got.
    case missingKeys([AppStateKeyID])
    /// It does not follow the version that is known.
    case gap(stored: UInt64, received: UInt64)
    /// The MAC of one record's value does not match.
    case badValueMAC
    /// A record does not belong under the index it stands under.
    case badIndexMAC
    case badSnapshotMAC
    case badPatchMAC
    /// More than anybody has use for.
    case tooLarge(limit: Int)
    /// The device that wrote the patch says that it could not finish it.
    case senderGaveUp(code: UInt64)
}
