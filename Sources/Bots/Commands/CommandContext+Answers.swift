import Foundation
package import WhatsApp
package import WhatsAppCrypto
package import WhatsAppWire

extension CommandContext {
    /// Answers in the bot's language with a text that quotes the command; `mentions` are those whom the text names.
    @discardableResult
    package func reply(_ phrase: Phrase, mentions: [JID] = []) async throws -> SentMessage {
        try await reply(verbatim: phrase.text(language), mentions: mentions)
    }

    /// Answers with a text that is not the bot's own, such as a result or what somebody has written.
    @discardableResult
    package func reply(verbatim text: String, mentions: [JID] = []) async throws -> SentMessage {
        try await reply(.text(OutgoingText(Self.bounded(text))), mentions: mentions)
    }

    /// Answers with any content.
    @discardableResult
    package func reply(_ content: OutgoingContent, mentions: [JID] = []) async throws -> SentMessage {
        var outgoing = OutgoingMessage(content)
        outgoing.mentions = Array(mentions.prefix(MessageBuilder.mentionLimit))
        outgoing.quote = QuotedMessage(target: message.target, message: message.message)
        return try await send(outgoing, to: chat)
    }

    /// Sends something, here or elsewhere, without quoting the command.
    @discardableResult
    package func send(_ content: OutgoingContent, to chat: JID? = nil, mentions: [JID] = []) async throws -> SentMessage
    {
        var outgoing = OutgoingMessage(content)
        outgoing.mentions = Array(mentions.prefix(MessageBuilder.mentionLimit))
        return try await send(outgoing, to: chat ?? self.chat)
    }

    /// Sends a message whose identifier comes from the command's, so that it never arrives twice.
    @discardableResult
    package func send(_ outgoing: OutgoingMessage, to chat: JID) async throws -> SentMessage {
        try Task.checkCancellation()
        return try await session.send(outgoing, to: chat, id: ids.next())
    }

    /// Puts an emoji on the command; an empty one takes it away.
    package func react(_ emoji: String) async throws {
        try await send(OutgoingMessage(.reaction(message.target, emoji)), to: chat)
    }

    /// Shows by a reaction how far a command is that takes a while, also when its time is over.
    package func progress(_ progress: CommandProgress) async {
        let reaction = OutgoingMessage(.reaction(message.target, progress.rawValue))
        // Not structured: what has become of a command is shown also where it was cancelled.
        await Task { _ = try? await session.send(reaction, to: chat, id: ids.next()) }.value
    }

    /// Changes a text that this command has sent.
    package func edit(_ sent: SentMessage, to text: String) async throws {
        let target = MessageTarget(chat: sent.chat, id: sent.id, isFromMe: true, timestamp: sent.timestamp)
        let edit = OutgoingEdit(target: target, text: OutgoingText(Self.bounded(text)))
        try await send(OutgoingMessage(.edit(edit)), to: sent.chat)
    }

    // MARK: Files

    /// Uploads a file for a content that is put together by hand.
    package func upload(_ source: MediaSource, as kind: MediaKind) async throws -> UploadedMedia {
        try await session.upload(source, kind: kind)
    }

    @discardableResult
    package func replyImage(_ source: MediaSource, caption: String? = nil, mimeType: String = "image/jpeg")
        async throws -> SentMessage
    {
        var image = OutgoingImage(media: try await upload(source, as: .image), caption: caption)
        image.mimeType = mimeType
        return try await reply(.image(image))
    }

    @discardableResult
    package func replyVideo(
        _ source: MediaSource,
        style: OutgoingVideo.Style = .video,
        caption: String? = nil,
        seconds: UInt32? = nil
    ) async throws -> SentMessage {
        let kind: MediaKind =
            switch style {
            case .video: .video
            case .gif: .gif
            case .note: .videoNote
            }
        var video = OutgoingVideo(media: try await upload(source, as: kind), style: style, caption: caption)
        video.seconds = seconds
        return try await reply(.video(video))
    }

    @discardableResult
    package func replyAudio(
        _ source: MediaSource,
        isVoiceNote: Bool,
        mimeType: String? = nil,
        seconds: UInt32? = nil,
        waveform: [UInt8]? = nil
    ) async throws -> SentMessage {
        let media = try await upload(source, as: isVoiceNote ? .voiceNote : .audio)
        var audio = OutgoingAudio(media: media, isVoiceNote: isVoiceNote, mimeType: mimeType)
        audio.seconds = seconds
        audio.waveform = waveform
        return try await reply(.audio(audio))
    }

    @discardableResult
    package func replyDocument(_ source: MediaSource, mimeType: String, name: String, caption: String? = nil)
        async throws -> SentMessage
    {
        let media = try await upload(source, as: .document)
        return try await reply(
            .document(OutgoingDocument(media: media, mimeType: mimeType, fileName: name, caption: caption))
        )
    }

    @discardableResult
    package func replySticker(_ source: MediaSource, isAnimated: Bool = false) async throws -> SentMessage {
        try await reply(
            .sticker(OutgoingSticker(media: try await upload(source, as: .sticker), isAnimated: isAnimated))
        )
    }

    /// A text that fits into one message, cut where it does not.
    static func bounded(_ text: String) -> String {
        guard text.utf8.count > MessageBuilder.textLimit else { return text }
        return String(decoding: text.utf8.prefix(MessageBuilder.textLimit - 16), as: UTF8.self) + "…"
    }
}

/// How far a command is that takes a while.
package enum CommandProgress: String, Sendable {
    case waiting = "🕓"
    case working = "⏳"
    case done = "✅"
    case failed = "❌"
}
