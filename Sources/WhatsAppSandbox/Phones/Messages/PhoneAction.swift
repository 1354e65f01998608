package import WhatsAppCrypto
package import WhatsAppProtobufs

/// What somebody does at a simulated phone.
///
/// Messages are named by their identifiers; the phone knows the last ones of its chats.
package enum PhoneAction: Sendable, Equatable {
    case text(String, quoting: String? = nil, mentions: [String] = [])
    case media(PhoneMedia)
    /// No emoji takes the reaction back.
    case reaction(to: String, emoji: String)
    case edit(String, text: String)
    case revoke(String)
    case poll(name: String, options: [String], selectable: Int)
    case vote(poll: String, options: [String])
    case location(latitude: Double, longitude: Double, name: String? = nil)
    case contact(name: String, vCard: String)
    case pin(String, isPinned: Bool)
    /// Seconds after which messages of the chat disappear; 0 for never.
    case disappearing(seconds: UInt32)
    /// Any content at all.
    case message(WAMessage)
}

/// A file that a phone sends.
package struct PhoneMedia: Sendable, Equatable {
    package var kind: MediaKind
    package var bytes: [UInt8]
    package var type: String
    package var caption: String?
    package var fileName: String?
    package var isViewOnce: Bool

    package init(
        kind: MediaKind,
        bytes: [UInt8],
        type: String,
        caption: String? = nil,
        fileName: String? = nil,
        isViewOnce: Bool = false
    ) {
        self.kind = kind
        self.bytes = bytes
        self.type = type
        self.caption = caption
        self.fileName = fileName
        self.isViewOnce = isViewOnce
    }
}
