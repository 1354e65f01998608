package import WhatsAppProtobufs

/// The content of a received message, by its kind.
package enum MessageBody: Sendable {
    case text
    case media(ReceivedMedia)
    case stickerPack(name: String, publisher: String)
    case contacts([ContactCard])
    case location(ReceivedLocation)
    case poll(ReceivedPoll)
    case event(ReceivedEvent)
    case album(images: Int, videos: Int)
    /// An emoji; empty where it was taken back.
    case reaction(String)
    /// The new content of the target, from either of the two plain forms.
    case edit(WAMessage)
    case revoke
    case pin(Bool)
    case keep(Bool)
    /// Seconds; 0 for off.
    case timer(UInt32)
    /// Something to choose from.
    case menu(ReceivedMenu)
    /// What somebody chose from a menu.
    case choice(ReceivedChoice)
    case groupInvite(ReceivedGroupInvite)
    /// A vote, an answer to an event, an edit, a reaction or a comment that opens with the target's secret.
    case sealed(SealedContent)
    case comment(WAMessage)
    case system(WAProtocolMessage.TypeEnum)
    /// Nothing that has a form of its own here.
    case other

    init(_ message: WAMessage, _ field: ContentField?) {
        switch field {
        case .conversation, .extendedText: self = .text
        case .image, .video, .videoNote, .audio, .document, .sticker:
            self = ReceivedMedia(message, field).map { .media($0) } ?? .other
        case .stickerPack:
            let pack = message.stickerPackMessage
            self = .stickerPack(
                name: MessageContent.bounded(pack.name),
                publisher: MessageContent.bounded(pack.publisher)
            )
        case .contact: self = .contacts([ContactCard(message.contactMessage)])
        case .contacts:
            let cards = message.contactsArrayMessage.contacts.prefix(MessageContent.choiceLimit)
            self = .contacts(cards.map { ContactCard($0) })
        case .location: self = .location(ReceivedLocation(message.locationMessage))
        case .liveLocation: self = .location(ReceivedLocation(message.liveLocationMessage))
        case .poll: self = message.poll.map { .poll(ReceivedPoll($0)) } ?? .other
        case .event: self = .event(ReceivedEvent(message.eventMessage))
        case .album:
            self = .album(
                images: Int(message.albumMessage.expectedImageCount),
                videos: Int(message.albumMessage.expectedVideoCount)
            )
        case .reaction:
            self = .reaction(message.reactionMessage.text.utf8.count <= 64 ? message.reactionMessage.text : "")
        case .pin: self = .pin(message.pinInChatMessage.type == .pinForAll)
        case .keep: self = .keep(message.keepInChatMessage.keepType == .keepForAll)
        case .comment: self = .comment(message.commentMessage.message)
        case .groupInvite: self = .groupInvite(ReceivedGroupInvite(message.groupInviteMessage))
        case .protocolMessage, .edited: self = Self.change(message, field)
        case .pollUpdate, .eventResponse, .secretEncrypted, .sealedReaction, .sealedComment:
            self = SealedContent(message, field).map { .sealed($0) } ?? .other
        case .buttons, .list, .template, .interactive: self = .menu(ReceivedMenu(message, field))
        case .buttonsResponse, .listResponse, .templateReply, .interactiveResponse:
            self = .choice(ReceivedChoice(message, field))
        default: self = .other
        }
    }

    private static func change(_ message: WAMessage, _ field: ContentField?) -> MessageBody {
        guard let change = message.protocolChange(field) else { return .other }
        switch change.type {
        case .revoke: return change.hasKey ? .revoke : .other
        case .messageEdit: return change.hasEditedMessage ? .edit(change.editedMessage) : .other
        case .ephemeralSetting: return .timer(change.ephemeralExpiration)
        default: return .system(change.type)
        }
    }
}

extension WAMessage {
    /// The protocol message, also inside `editedMessage`.
    func protocolChange(_ field: ContentField?) -> WAProtocolMessage? {
        switch field {
        case .protocolMessage: return protocolMessage
        case .edited:
            let inner = editedMessage.message.unwrapped().message
            return inner.hasProtocolMessage ? inner.protocolMessage : nil
        default: return nil
        }
    }

    /// What the content is about.
    func targetReference(_ field: ContentField?) -> MessageReference? {
        switch field {
        case .reaction: MessageReference(reactionMessage.key)
        case .sealedReaction: MessageReference(encReactionMessage.targetMessageKey)
        case .pin: MessageReference(pinInChatMessage.key)
        case .keep: MessageReference(keepInChatMessage.key)
        case .pollUpdate: MessageReference(pollUpdateMessage.pollCreationMessageKey)
        case .pollAddOption: MessageReference(pollAddOptionMessage.pollCreationMessageKey)
        case .eventResponse: MessageReference(encEventResponseMessage.eventCreationMessageKey)
        case .secretEncrypted: MessageReference(secretEncryptedMessage.targetMessageKey)
        case .comment: MessageReference(commentMessage.targetMessageKey)
        case .sealedComment: MessageReference(encCommentMessage.targetMessageKey)
        case .protocolMessage, .edited: protocolChange(field).flatMap { MessageReference($0.key) }
        default: nil
        }
    }
}
