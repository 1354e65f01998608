internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension MessageBuilder {
    /// Quote, mentions and the chat's timer.
    func addContext(of outgoing: OutgoingMessage, to message: inout WAMessage) throws(RequestError) {
        var context = WAContextInfo()
        if let quote = outgoing.quote { try add(quote, to: &context) }
        try addMentions(of: outgoing, to: &context)
        if context != WAContextInfo() {
            try apply(context, to: &message)
        }
        guard outgoing.content.isVisible, let expiration, expiration > 0, chat.server != .newsletter else { return }
        message.changeContext { info in
            info.expiration = expiration
            if let since = expirationSetAt { info.ephemeralSettingTimestamp = since.unixSeconds }
            info.disappearingMode.initiator = .changedInChat
            info.disappearingMode.trigger = .chatSetting
        }
    }

    /// In an edit, the context belongs to the new content.
    private func apply(_ context: WAContextInfo, to message: inout WAMessage) throws(RequestError) {
        let merge = { (info: inout WAContextInfo) in
            if context.hasStanzaID {
                info.stanzaID = context.stanzaID
                info.participant = context.participant
                info.quotedMessage = context.quotedMessage
                if context.hasRemoteJid { info.remoteJid = context.remoteJid }
            }
            info.mentionedJid = context.mentionedJid
            if context.hasNonJidMentions { info.nonJidMentions = context.nonJidMentions }
        }
        let isEdit = message.hasProtocolMessage && message.protocolMessage.hasEditedMessage
        let isDone =
            isEdit
            ? message.protocolMessage.editedMessage.changeContext(merge)
            : message.changeContext(merge)
        guard isDone else {
            throw .invalid(field: "quote", reason: "this content can neither quote nor name anybody")
        }
    }

    private func add(_ quote: QuotedMessage, to context: inout WAContextInfo) throws(RequestError) {
        try Self.check(id: quote.target.id)
        let author = quote.target.isFromMe ? own : (quote.target.author ?? quote.target.chat)
        context.stanzaID = quote.target.id
        context.participant = author.withoutDevice.description
        context.quotedMessage = Self.quotable(quote.message)
        if quote.target.chat.withoutDevice != chat {
            context.remoteJid = quote.target.chat.withoutDevice.description
        }
    }

    /// The original without context, secrets and carriers.
    static func quotable(_ message: WAMessage) -> WAMessage {
        var quoted = message.unwrapped().message
        quoted.clearMessageContextInfo()
        quoted.clearSenderKeyDistributionMessage()
        quoted.clearFastRatchetKeySenderKeyDistributionMessage()
        quoted.removeContext()
        if quoted.hasDocumentMessage, quoted.documentMessage.hasCaption { return captioned(quoted) }
        return quoted
    }

    private func addMentions(of outgoing: OutgoingMessage, to context: inout WAContextInfo) throws(RequestError) {
        guard outgoing.mentions.count <= Self.mentionLimit else {
            throw .invalid(field: "mentions", reason: .count(0...Self.mentionLimit))
        }
        for jid in outgoing.mentions {
            guard [.user, .lid, .bot].contains(jid.server), !jid.user.isEmpty else {
                throw .invalid(field: "mentions", reason: .notAPerson)
            }
        }
        context.mentionedJid = outgoing.mentions.map { $0.withoutDevice.description }
        if outgoing.mentionsEveryone {
            guard chat.server == .group else {
                throw .invalid(field: "mentions_everyone", reason: "only in a group")
            }
            context.nonJidMentions = 1
        }
    }

    /// Another message's content, counted as forwarded once more, without its quotes, mentions and secrets.
    static func forward(_ original: WAMessage) throws(RequestError) -> WAMessage {
        let (inner, wrappers) = original.unwrapped()
        guard !wrappers.isViewOnce, !inner.isViewOnceContent else {
            throw .invalid(field: "forward", reason: "a message that can be seen once cannot be forwarded")
        }
        guard let field = inner.contentField, field.canBeForwarded else {
            throw .invalid(field: "forward", reason: "this content cannot be forwarded")
        }
        var message = inner
        message.clearMessageContextInfo()
        message.clearSenderKeyDistributionMessage()
        message.clearFastRatchetKeySenderKeyDistributionMessage()
        let score = inner.contextInfo?.forwardingScore ?? 0
        message.changeContext { info in
            let newsletter = info.hasForwardedNewsletterMessageInfo ? info.forwardedNewsletterMessageInfo : nil
            info = WAContextInfo()
            info.isForwarded = true
            info.forwardingScore = score == .max ? score : score + 1
            if let newsletter { info.forwardedNewsletterMessageInfo = newsletter }
        }
        return message
    }
}

extension ContentField {
    fileprivate var canBeForwarded: Bool {
        switch self {
        case .conversation, .extendedText, .image, .video, .videoNote, .audio, .document, .sticker, .stickerPack,
            .contact, .contacts, .location, .poll, .event, .interactive, .list, .buttons, .template:
            true
        default: false
        }
    }
}

extension WAMessage {
    /// Whether its medium can be opened once.
    package var isViewOnceContent: Bool {
        (hasImageMessage && imageMessage.viewOnce) || (hasVideoMessage && videoMessage.viewOnce)
            || (hasAudioMessage && audioMessage.viewOnce) || (hasExtendedTextMessage && extendedTextMessage.viewOnce)
    }
}
