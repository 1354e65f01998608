/// Something about imported credentials that their reader should know; none of it keeps them from logging in.
package enum SessionIDFinding: Sendable, Hashable {
    /// One-time pre-keys up to this number were made, and their private halves are not in the ID.
    case preKeysMissing(upTo: UInt32)
    /// An app-state key is named, and is not in the ID.
    case appStateKeyMissing
    /// `registered` is false: some bots take that for «not linked» and start over.
    case markedUnregistered
    /// The own LID is not in it; it is learned at the next login.
    case lidMissing
    case platformMissing
    /// Nothing newer than this is in it; the device may have been unlinked since.
    case old(days: Int)

    /// Stable, for programs.
    package var code: String {
        switch self {
        case .preKeysMissing: "pre_keys_missing"
        case .appStateKeyMissing: "app_state_key_missing"
        case .markedUnregistered: "marked_unregistered"
        case .lidMissing: "lid_missing"
        case .platformMissing: "platform_missing"
        case .old: "old"
        }
    }

    /// In words, with what follows from it.
    package var text: String {
        switch self {
        case .preKeysMissing(let last):
            """
            One-time keys up to number \(last) are on the service but not in this ID. The first message of a contact that \
            used one of them arrives after a retry.
            """
        case .appStateKeyMissing:
            "The key of the chat settings is not in this ID. Chat settings cannot be changed until the phone shares it again."
        case .markedUnregistered:
            "It is marked as not registered. Some bots then delete it and ask to pair again; export it anew to correct that."
        case .lidMissing: "It does not hold the account's LID. A bot learns it when it logs in."
        case .platformMissing: "It does not say which kind of phone it was linked with. Nothing depends on that."
        case .old(let days):
            "The newest date in it is \(days) days old. The device may have been unlinked since; a login shows whether it was."
        }
    }
}
