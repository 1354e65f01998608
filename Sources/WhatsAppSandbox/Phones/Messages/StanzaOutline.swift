import WhatsAppProtobufs
import WhatsAppWire

/// What a message's stanza tells of its content.
struct StanzaOutline: Equatable {
    var type = "text"
    var mediaType: String?
    var edit: String?
    /// Whether receivers that cannot decrypt it show nothing.
    var isHidden = false
    var meta: BinaryNode?

    init(_ message: WAMessage) {
        let content = message.unwrapped
        if content.hasReactionMessage {
            type = "reaction"
            isHidden = true
            if content.reactionMessage.text.isEmpty { edit = "7" }
        } else if content.hasPollCreationMessage || content.hasPollCreationMessageV2
            || content.hasPollCreationMessageV3
        {
            type = "poll"
            meta = BinaryNode("meta", ["polltype": "creation"])
        } else if content.hasPollUpdateMessage {
            type = "poll"
            isHidden = true
            meta = BinaryNode("meta", ["polltype": "vote"])
        } else if content.hasPinInChatMessage {
            edit = "2"
            isHidden = true
        } else if content.hasProtocolMessage {
            outline(content.protocolMessage)
        } else if let mediaType = content.mediaType {
            type = "media"
            self.mediaType = mediaType
        }
    }

    private mutating func outline(_ change: WAProtocolMessage) {
        switch change.type {
        case .revoke: edit = change.key.fromMe ? "7" : "8"
        case .messageEdit:
            edit = "1"
            isHidden = true
        default: break
        }
    }

    /// What every `enc` node carries besides version and type.
    var encryptionAttributes: BinaryNode.Attributes {
        [
            "mediatype": mediaType.map { .text($0) },
            "decrypt-fail": isHidden ? "hide" : nil,
        ]
    }
}

extension WAMessage {
    /// The message inside its wrappers.
    var unwrapped: WAMessage {
        var message = self
        for _ in 0..<8 {
            if message.hasDeviceSentMessage, message.deviceSentMessage.hasMessage {
                message = message.deviceSentMessage.message
            } else if message.hasEphemeralMessage {
                message = message.ephemeralMessage.message
            } else if message.hasViewOnceMessage {
                message = message.viewOnceMessage.message
            } else if message.hasViewOnceMessageV2 {
                message = message.viewOnceMessageV2.message
            } else if message.hasViewOnceMessageV2Extension {
                message = message.viewOnceMessageV2Extension.message
            } else if message.hasDocumentWithCaptionMessage {
                message = message.documentWithCaptionMessage.message
            } else if message.hasEditedMessage {
                message = message.editedMessage.message
            } else {
                return message
            }
        }
        return message
    }

    /// The value of `mediatype`; nil when the content is no media.
    var mediaType: String? {
        if hasImageMessage { return "image" }
        if hasVideoMessage { return videoMessage.gifPlayback ? "gif" : "video" }
        if hasPtvMessage { return "ptv" }
        if hasAudioMessage { return audioMessage.ptt ? "ptt" : "audio" }
        if hasDocumentMessage { return "document" }
        if hasStickerMessage { return "sticker" }
        if hasLocationMessage { return "location" }
        if hasLiveLocationMessage { return "livelocation" }
        if hasContactMessage { return "vcard" }
        if hasContactsArrayMessage { return "contact_array" }
        if hasExtendedTextMessage, !extendedTextMessage.matchedText.isEmpty { return "url" }
        if hasGroupInviteMessage { return "url" }
        return nil
    }

    /// What kind of message it is, in a word.
    var kind: String {
        let content = unwrapped
        if content.hasConversation || content.hasExtendedTextMessage { return "text" }
        if content.hasReactionMessage { return "reaction" }
        if content.hasPollUpdateMessage { return "vote" }
        if content.hasPinInChatMessage { return "pin" }
        if content.hasProtocolMessage {
            switch content.protocolMessage.type {
            case .revoke: return "revoke"
            case .messageEdit: return "edit"
            case .ephemeralSetting: return "disappearing"
            default: return "protocol"
            }
        }
        switch content.mediaType {
        case "ptt": return "voice"
        case "vcard", "contact_array": return "contact"
        case let type?: return type
        case nil: break
        }
        if StanzaOutline(content).type == "poll" { return "poll" }
        return "other"
    }

    /// The text that somebody would read.
    var readableText: String? {
        let content = unwrapped
        if content.hasConversation { return content.conversation }
        if content.hasExtendedTextMessage { return content.extendedTextMessage.text }
        if content.hasReactionMessage { return content.reactionMessage.text }
        if content.hasProtocolMessage, content.protocolMessage.hasEditedMessage {
            return content.protocolMessage.editedMessage.unwrappedText
        }
        return content.unwrappedText
    }

    private var unwrappedText: String? {
        if hasConversation { return conversation }
        if hasExtendedTextMessage { return extendedTextMessage.text }
        if hasImageMessage { return imageMessage.caption }
        if hasVideoMessage { return videoMessage.caption }
        if hasDocumentMessage { return documentMessage.caption }
        if hasPollCreationMessage { return pollCreationMessage.name }
        if hasPollCreationMessageV3 { return pollCreationMessageV3.name }
        if hasContactMessage { return contactMessage.displayName }
        if hasLocationMessage { return locationMessage.name }
        return nil
    }

    /// The message that this one is about: reacted to, edited, revoked, pinned or voted on.
    var targetKey: WAMessageKey? {
        let content = unwrapped
        if content.hasReactionMessage { return content.reactionMessage.key }
        if content.hasPinInChatMessage { return content.pinInChatMessage.key }
        if content.hasPollUpdateMessage { return content.pollUpdateMessage.pollCreationMessageKey }
        if content.hasProtocolMessage, content.protocolMessage.hasKey { return content.protocolMessage.key }
        return nil
    }
}
