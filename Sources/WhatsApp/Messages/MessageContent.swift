package import WhatsAppProtobufs
package import WhatsAppWire

/// A message as a listener sees it: what it is, its text, and what it is about.
///
/// Made from anything that decrypts: every count and length is bounded, and what makes no sense is left out.
package struct MessageContent: Sendable {
    /// As many wrappers, mentions, choices and cards as are looked at.
    package static let mentionLimit = 1_024
    package static let choiceLimit = 256
    package static let cardLimit = 32
    /// As much text as is handed on, in bytes of UTF-8: 65,536 characters of four bytes.
    package static let textLimit = 262_144

    package var kind: MessageKind
    package var body: MessageBody
    /// What a person would read: text, caption, question, title of a choice.
    package var text: String?
    package var quote: ReceivedQuote?
    /// Bare JIDs, each once, at most ``mentionLimit``.
    package var mentions: [JID] = []
    package var mentionsEveryone = false
    /// 0 for a message that was written here; several for one that was passed on.
    package var forwardingScore: UInt32 = 0
    /// Seconds after which it disappears; 0 for never.
    package var expiration: UInt32 = 0
    package var isViewOnce = false
    /// What an edit, a reaction, a pin, a vote or the like is about.
    package var target: MessageReference?
    /// The album that the medium belongs to.
    package var album: MessageReference?

    package init(_ message: WAMessage) {
        self.init(message, depth: 0)
    }

    /// An edit holds another content: not deeper than once.
    init(_ message: WAMessage, depth: Int) {
        let (content, wrappers) = message.unwrapped()
        let field = content.contentField
        kind = MessageKind(of: content, field)
        body = MessageBody(content, field)
        text = content.plainText(field).map { Self.bounded($0) }
        isViewOnce = wrappers.isViewOnce || content.isViewOnceContent
        target = content.targetReference(field)
        if let info = content.contextInfo { add(info) }
        if content.messageContextInfo.messageAssociation.associationType == .mediaAlbum {
            album = MessageReference(content.messageContextInfo.messageAssociation.parentMessageKey)
        }
        guard depth == 0, case .edit(let edited) = body else { return }
        let new = MessageContent(edited, depth: 1)
        text = new.text
        mentions = new.mentions
        mentionsEveryone = new.mentionsEveryone
    }

    private mutating func add(_ info: WAContextInfo) {
        var seen: Set<JID> = []
        for text in info.mentionedJid.prefix(Self.mentionLimit * 4) {
            guard mentions.count < Self.mentionLimit else { break }
            guard let jid = JID(text)?.withoutDevice, !jid.user.isEmpty, seen.insert(jid).inserted else { continue }
            mentions.append(jid)
        }
        mentionsEveryone = info.nonJidMentions == 1
        forwardingScore = info.isForwarded ? max(1, info.forwardingScore) : 0
        expiration = info.expiration
        quote = ReceivedQuote(info)
    }

    /// The start of a text that is longer than any client writes, cut between scalars.
    static func bounded(_ text: String, limit: Int = textLimit) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}

/// The name of a message, as another message refers to it.
///
/// `isFromMe` is from the point of view of whoever refers: ``resolved(in:sender:isSenderMe:own:)`` turns it into ours.
package struct MessageReference: Sendable, Equatable {
    package var id: String
    package var chat: JID?
    package var isFromMe: Bool
    package var author: JID?

    /// Nil for a key without an identifier, or with one that no client makes.
    package init?(_ key: WAMessageKey) {
        guard !key.id.isEmpty, key.id.utf8.count <= 128 else { return nil }
        id = key.id
        chat = JID(key.remoteJid)?.withoutDevice
        isFromMe = key.fromMe
        author = JID(key.participant)?.withoutDevice
    }

    package init(id: String, chat: JID?, isFromMe: Bool, author: JID?) {
        self.id = id
        self.chat = chat
        self.isFromMe = isFromMe
        self.author = author
    }

    /// The target as this account sees it, given who refers to it, and where.
    ///
    /// The chat is always the one in which the referring message came: a key cannot point into another.
    package func resolved(in chat: JID, sender: JID, isSenderMe: Bool, own: JID) -> MessageTarget {
        let author: JID
        if isFromMe {
            author = sender
        } else if let named = self.author {
            author = named
        } else {
            author = isSenderMe ? chat : own
        }
        let bare = author.withoutDevice
        let isMine = isFromMe ? isSenderMe : bare == own.withoutDevice
        return MessageTarget(chat: chat, id: id, isFromMe: isMine, author: bare)
    }
}

/// The message that another one answers.
package struct ReceivedQuote: Sendable {
    package var id: String
    package var author: JID?
    /// Where it stands, if not in the same chat.
    package var chat: JID?
    /// As the writer of the answer has put it; nobody checks it.
    package var message: WAMessage

    /// Nil for a context that quotes nothing.
    package init?(_ info: WAContextInfo) {
        guard !info.stanzaID.isEmpty, info.stanzaID.utf8.count <= 128 else { return nil }
        id = info.stanzaID
        author = JID(info.participant)?.withoutDevice
        chat = JID(info.remoteJid)?.withoutDevice
        message = info.quotedMessage
    }

    /// What stood in it; nil where there was no text.
    package var text: String? {
        let content = message.unwrapped().message
        return content.plainText(content.contentField).map { MessageContent.bounded($0) }
    }
}
