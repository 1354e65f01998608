/// The kinds of what a session keeps under a name, one value each.
///
/// The numbers are in the database: none is ever given another meaning.
package enum RecordKind: Int16, Sendable, CaseIterable {
    /// A ratchet record, under the Signal address of the other device.
    case signalSession = 1
    /// The identity key last seen, under the Signal address.
    case identity = 2
    /// A sender key of somebody else, under `group|address`.
    case senderKey = 3
    /// The own sender key of a group with the devices that have it, under the group.
    case ownSenderKey = 4
    /// A one-time pre-key, under its identifier.
    case preKey = 5
    /// A signed pre-key that has been replaced, under its identifier.
    case formerSignedPreKey = 6
    /// The phone number of a LID, under the LID user.
    case phoneOfLID = 7
    /// The LID of a phone number, under the phone number user.
    case lidOfPhone = 8
    /// The devices of a user, under the user's bare JID.
    case deviceList = 9
    /// What is known of a group, under the group's JID.
    case group = 10
    /// The trusted-contact token of a user and when ours was issued, under the user's bare LID.
    case privacyToken = 11
    /// The secret of a message that is not kept itself, under `chat|author|id`.
    case messageSecret = 12
    /// The plaintext of a sent message, under `chat|id`, as it was kept before messages themselves served for it.
    case sentMessage = 13
    /// An app-state sync key, under its identifier.
    case appStateKey = 14
    /// Version and LTHash of an app-state collection, under its name.
    case appStateVersion = 15
    /// The value MAC of an app-state record, under `collection|index MAC`.
    case appStateMAC = 16
    /// Single values: salts, switches, locks, under a name of their own.
    case setting = 17
    /// How often a message has been asked for again, under `sender|id`.
    case retryCount = 18
    /// Events that listeners have not heard yet, under the number of a place.
    case untoldEvents = 19
    /// After how long the messages of a chat with a person disappear, under the chat's bare JID.
    case chatTimer = 20
    /// Somebody in the account's address book, under the bare JID; there is nothing in it.
    case addressBook = 21
    /// A label of a business account, under its identifier.
    case label = 22
    /// That a label is on something, under `label|chat` or `label|chat|message id`; there is nothing in it.
    case labelled = 23
}

/// The name of one record.
package struct RecordKey: Hashable, Sendable {
    package let kind: RecordKind
    /// At most 512 bytes of UTF-8.
    package let name: String

    package init(_ kind: RecordKind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}
