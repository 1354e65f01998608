package import Foundation
internal import SignalProtocol
package import WhatsAppProtobufs
package import WhatsAppWire

/// Makes of what somebody wants sent the message that goes on the wire, or says what is wrong with it.
///
/// Errors are ``RequestError/invalid(field:reason:)`` alone.
package struct MessageBuilder: Sendable {
    /// As much text as one message may hold, in bytes of UTF-8.
    package static let textLimit = 65_536
    /// As many people as one message may name.
    package static let mentionLimit = 1_024
    /// How long after its writing a message may be edited (server property 2983).
    package static let editWindow: TimeInterval = 1_200

    /// Where the message goes.
    package var chat: JID
    /// The own bare JID in the namespace in which the message is sent.
    package var own: JID
    package var now: Date
    /// The chat's timer; nil or 0 where nothing disappears.
    package var expiration: UInt32?
    package var expirationSetAt: Date?

    package init(chat: JID, own: JID, now: Date, expiration: UInt32? = nil, expirationSetAt: Date? = nil) {
        self.chat = chat.withoutDevice
        self.own = own.withoutDevice
        self.now = now
        self.expiration = expiration
        self.expirationSetAt = expirationSetAt
    }

    package func build(
        _ outgoing: OutgoingMessage,
        using random: inout some RandomNumberGenerator
    ) throws(RequestError) -> WAMessage {
        var message = try content(outgoing.content, using: &random)
        if outgoing.isViewOnce { try markViewOnce(&message) }
        try addContext(of: outgoing, to: &message)
        if outgoing.content.isVisible, chat.server != .newsletter {
            message.messageContextInfo.messageSecret = Data(randomBytes(32, using: &random))
        }
        if let album = outgoing.album { try join(album, &message) }
        if message.hasDocumentMessage, message.documentMessage.hasCaption { message = Self.captioned(message) }
        return message
    }

    private func content(
        _ content: OutgoingContent,
        using random: inout some RandomNumberGenerator
    ) throws(RequestError) -> WAMessage {
        switch content {
        case .text(let text): return try Self.message(text)
        case .image(let image): return try Self.message(image)
        case .video(let video): return try Self.message(video)
        case .audio(let audio): return try Self.message(audio)
        case .document(let document): return try Self.message(document)
        case .sticker(let sticker): return try message(sticker)
        case .contacts(let cards): return try Self.message(cards)
        case .location(let location): return try Self.message(location)
        case .liveLocation(let location): return try Self.message(location)
        case .poll(let poll): return try Self.message(poll)
        case .event(let event): return try Self.message(event)
        case .album(let images, let videos): return try Self.album(images: images, videos: videos)
        case .groupInvite(let invite): return try Self.message(invite)
        case .buttons(let buttons): return try Self.message(buttons)
        case .list(let list): return try Self.message(list)
        case .interactive(let interactive): return try Self.message(interactive)
        case .forward(let original): return try Self.forward(original)
        case .requestPhoneNumber:
            var message = WAMessage()
            message.requestPhoneNumberMessage = WARequestPhoneNumberMessage()
            return message
        case .vote(let vote): return try message(vote, using: &random)
        case .eventResponse(let response): return try message(response, using: &random)
        case .sealedReaction(let target, let emoji): return try message(emoji, sealedFor: target, using: &random)
        case .reaction, .edit, .revoke, .pin, .unpin, .keep, .disappearingTimer, .sharePhoneNumber, .memberLabel:
            return try change(content)
        }
    }

    /// A text alone stays `conversation`, the shortest form.
    static func message(_ text: OutgoingText) throws(RequestError) -> WAMessage {
        try check(text.text, "text", notEmpty: true)
        var message = WAMessage()
        guard text.preview != nil || text.style != nil else {
            message.conversation = text.text
            return message
        }
        var extended = WAExtendedTextMessage()
        extended.text = text.text
        if let preview = text.preview { try add(preview, to: &extended) }
        if let style = text.style {
            guard let font = WAExtendedTextMessage.FontType(rawValue: style.font) else {
                throw .invalid(field: "style.font", reason: "unknown font")
            }
            extended.textArgb = style.textARGB
            extended.backgroundArgb = style.backgroundARGB
            extended.font = font
        }
        message.extendedTextMessage = extended
        return message
    }

    private static func add(
        _ preview: LinkPreview,
        to extended: inout WAExtendedTextMessage
    ) throws(RequestError) {
        guard !preview.link.isEmpty, extended.text.contains(preview.link) else {
            throw .invalid(field: "preview.link", reason: "must stand in the text")
        }
        try check(preview.title, "preview.title")
        if let summary = preview.summary { try check(summary, "preview.summary") }
        extended.matchedText = preview.link
        extended.title = preview.title
        extended.description_p = preview.summary ?? ""
        extended.previewType = preview.isVideo ? .video : .none
        if let thumbnail = preview.thumbnail { extended.jpegThumbnail = Data(thumbnail) }
        guard let picture = preview.picture else { return }
        extended.thumbnailDirectPath = picture.directPath
        extended.thumbnailSha256 = Data(picture.fileSHA256)
        extended.thumbnailEncSha256 = Data(picture.fileEncSHA256)
        extended.mediaKey = Data(picture.mediaKey)
        extended.mediaKeyTimestamp = picture.uploadedAt.unixSeconds
        if let width = preview.pictureWidth { extended.thumbnailWidth = width }
        if let height = preview.pictureHeight { extended.thumbnailHeight = height }
    }

    // MARK: Checks

    static func check(_ text: String, _ field: String, limit: Int = textLimit, notEmpty: Bool = false)
        throws(RequestError)
    {
        guard text.utf8.count <= limit else { throw .invalid(field: field, reason: .bytes(limit: limit)) }
        if notEmpty, text.isEmpty { throw .invalid(field: field, reason: .empty) }
    }

    /// Limits that people see are in characters.
    static func check(_ text: String, _ field: String, characters limit: Int) throws(RequestError) {
        guard !text.isEmpty else { throw .invalid(field: field, reason: .empty) }
        guard text.utf8.count <= textLimit, text.unicodeScalars.count <= limit else {
            throw .invalid(field: field, reason: .length(1...limit))
        }
    }
}

extension OutgoingContent {
    /// Whether people see it as a message of its own, which then has a secret.
    var isVisible: Bool {
        switch self {
        case .text, .image, .video, .audio, .document, .sticker, .contacts, .location, .liveLocation, .poll, .event,
            .album, .groupInvite, .buttons, .list, .interactive, .forward, .requestPhoneNumber:
            true
        case .vote, .eventResponse, .reaction, .sealedReaction, .edit, .revoke, .pin, .unpin, .keep,
            .disappearingTimer, .sharePhoneNumber, .memberLabel:
            false
        }
    }
}

extension Date {
    /// 0 where it does not fit.
    var unixSeconds: Int64 { Int64(exactly: timeIntervalSince1970.rounded(.down)) ?? 0 }
    /// 0 where it does not fit.
    var unixMilliseconds: Int64 { Int64(exactly: (timeIntervalSince1970 * 1_000).rounded(.down)) ?? 0 }
}
