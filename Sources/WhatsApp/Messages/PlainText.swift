package import WhatsAppProtobufs

extension WAMessage {
    /// What a person would read of it, wrappers opened; nil where there is no text.
    package var plainText: String? {
        let content = unwrapped().message
        return content.plainText(content.contentField).map { MessageContent.bounded($0) }
    }

    func plainText(_ field: ContentField?) -> String? {
        let text: String? =
            switch field {
            case .conversation: conversation
            case .extendedText: extendedTextMessage.text
            case .image: imageMessage.caption
            case .video: videoMessage.caption
            case .videoNote: ptvMessage.caption
            case .document: documentMessage.caption
            case .liveLocation: liveLocationMessage.caption
            case .location: locationMessage.hasComment ? locationMessage.comment : locationMessage.name
            case .contact: contactMessage.displayName
            case .contacts: contactsArrayMessage.displayName
            case .poll: poll?.name
            case .event: eventMessage.name
            case .groupInvite: groupInviteMessage.caption
            case .protocolMessage, .edited: editedText(field)
            case .comment: commentMessage.message.shallowText
            default: businessText(field)
            }
        guard let text, !text.isEmpty else { return nil }
        return text
    }

    private func businessText(_ field: ContentField?) -> String? {
        switch field {
        case .buttons: buttonsMessage.contentText
        case .list: listMessage.description_p.isEmpty ? listMessage.title : listMessage.description_p
        case .template, .interactive: ReceivedMenu(self, field).text
        case .buttonsResponse, .listResponse, .templateReply, .interactiveResponse: ReceivedChoice(self, field).title
        default: nil
        }
    }

    private func editedText(_ field: ContentField?) -> String? {
        guard let change = protocolChange(field), change.hasEditedMessage else { return nil }
        return change.editedMessage.shallowText
    }

    /// The text of something inside of a message, which does not look inside once more.
    private var shallowText: String? {
        let content = unwrapped().message
        switch content.contentField {
        case .conversation: return content.conversation
        case .extendedText: return content.extendedTextMessage.text
        case .image: return content.imageMessage.caption
        case .video: return content.videoMessage.caption
        case .document: return content.documentMessage.caption
        default: return nil
        }
    }
}
