package import WhatsAppProtobufs
package import WhatsAppWire

/// What a message's content demands of the stanza that carries it.
package struct StanzaShape: Sendable, Equatable {
    /// The stanza's `type`.
    package enum Kind: String, Sendable {
        case text, media, reaction, poll, event
    }

    package var type: Kind
    /// `mediatype` of the `enc` with the content.
    package var mediaType: String?
    /// The stanza's `edit`.
    package var edit: Int?
    /// `decrypt-fail="hide"`: receivers show nothing when they cannot read it.
    package var hidesFailure: Bool
    /// The child `meta`.
    package var meta: BinaryNode?
    /// The child `biz`.
    package var business: BinaryNode?

    /// Reads the shape off a message as it will be sent, wrappers included.
    ///
    /// `statusAudience` is for posts to the status broadcast alone: `contacts`, `allowlist`, `denylist`, `close_friends`.
    package init(of message: WAMessage, to chat: JID, statusAudience: String? = nil) {
        let (content, wrappers) = message.unwrapped()
        let field = content.contentField
        let isChannel = chat.server == .newsletter
        mediaType = wrappers.isLottieSticker ? "sticker" : Self.mediaType(of: content, field)
        type = wrappers.isLottieSticker ? .media : Self.type(of: content, field)
        edit = Self.edit(of: content, field, isChannel: isChannel)
        hidesFailure = Self.hidesFailure(content, field)
        business = isChannel ? nil : Self.business(of: content, field)
        meta = Self.meta(of: content, field, isViewOnce: wrappers.isViewOnce || content.isViewOnceContent)
        if chat.isStatusBroadcast, let statusAudience, field?.isPost == true {
            var node = meta ?? BinaryNode("meta")
            node.attributes["status_setting"] = .text(statusAudience)
            meta = node
        }
    }

    private static func type(of message: WAMessage, _ field: ContentField?) -> Kind {
        switch field {
        case .reaction, .sealedReaction: .reaction
        case .event, .eventResponse: .event
        case .poll, .pollUpdate: .poll
        case .secretEncrypted:
            switch message.secretEncryptedMessage.secretEncType {
            case .eventEdit: .event
            case .pollEdit, .pollAddOption: .poll
            case .messageEdit, .messageSchedule, .unknown: .text
            }
        case .extendedText: message.extendedTextMessage.hasLink ? .media : .text
        case .conversation, .protocolMessage, .keep, .edited, .pin, .interactive, .templateReply, .requestPhoneNumber,
            .sealedComment, .channelInvite, .channelFollowerInvite, .historyNotice, .album, .pollResult, .payment, nil:
            .text
        default: .media
        }
    }

    private static func mediaType(of message: WAMessage, _ field: ContentField?) -> String? {
        switch field {
        case .image: "image"
        case .video: message.videoMessage.gifPlayback ? "gif" : "video"
        case .videoNote: "ptv"
        case .audio: message.audioMessage.ptt ? "ptt" : "audio"
        case .document: "document"
        case .sticker: "sticker"
        case .stickerPack: "sticker_pack"
        case .location: message.locationMessage.isLive ? "livelocation" : "location"
        case .liveLocation: "livelocation"
        case .contact: "vcard"
        case .contacts: "contact_array"
        case .extendedText: message.extendedTextMessage.hasLink ? "url" : nil
        case .groupInvite: "url"
        case .list: "list"
        case .listResponse: "list_response"
        case .buttonsResponse: "buttons_response"
        case .order: "order"
        case .product: "product"
        case .interactiveResponse: "native_flow_response"
        case .historyBundle: "group_history"
        default: nil
        }
    }

    private static func edit(of message: WAMessage, _ field: ContentField?, isChannel: Bool) -> Int? {
        switch field {
        case .protocolMessage:
            switch message.protocolMessage.type {
            case .revoke where message.protocolMessage.hasKey:
                isChannel || !message.protocolMessage.key.fromMe ? 8 : 7
            case .messageEdit: isChannel ? 3 : 1
            default: nil
            }
        case .edited: isChannel ? 3 : 1
        case .secretEncrypted: message.secretEncryptedMessage.secretEncType == .messageEdit ? 1 : nil
        case .pin: 2
        case .reaction: message.reactionMessage.text.isEmpty ? 7 : nil
        case .keep:
            message.keepInChatMessage.keepType == .undoKeepForAll && message.keepInChatMessage.key.fromMe ? 7 : nil
        default: nil
        }
    }

    /// Never for a revoke: the service drops those that carry the flag.
    private static func hidesFailure(_ message: WAMessage, _ field: ContentField?) -> Bool {
        switch field {
        case .reaction, .sealedReaction, .sealedComment, .pollUpdate, .pin, .keep, .edited, .eventResponse,
            .historyNotice:
            true
        case .protocolMessage:
            switch message.protocolMessage.type {
            case .revoke: false
            case .ephemeralSyncResponse, .requestWelcomeMessage, .groupMemberLabelChange: true
            default: message.protocolMessage.hasEditedMessage
            }
        case .secretEncrypted:
            [.eventEdit, .pollEdit, .pollAddOption].contains(message.secretEncryptedMessage.secretEncType)
        case .other: message.hasConditionalRevealMessage
        default: false
        }
    }
}

extension WAExtendedTextMessage {
    /// Whether it shows a linked page.
    var hasLink: Bool { hasMatchedText && !matchedText.allSatisfy(\.isWhitespace) }
}

extension ContentField {
    /// Whether it is a status post when it goes to the status broadcast.
    fileprivate var isPost: Bool {
        switch self {
        case .reaction, .sealedReaction, .protocolMessage, .edited, .pin, .keep, .pollUpdate, .eventResponse,
            .secretEncrypted, .sealedComment:
            false
        default: true
        }
    }
}
