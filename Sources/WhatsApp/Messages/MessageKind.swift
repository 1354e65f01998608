package import WhatsAppProtobufs

/// What a message is, in the word that the store and listeners use.
package enum MessageKind: String, Sendable, CaseIterable {
    case text, image, video, gif, audio, voice, document, sticker, contact, location, poll, event, album, reaction, edit
    case revoke, pin, keep, timer, buttons, list, template, interactive, choice, payment, call, comment, system, unknown
    /// Cards to swipe through, each with buttons of its own.
    case carousel
    case videoNote = "video_note"
    case stickerPack = "sticker_pack"
    case liveLocation = "live_location"
    case pollVote = "poll_vote"
    case pollResult = "poll_result"
    case eventResponse = "event_response"
    case groupInvite = "group_invite"
    case channelInvite = "channel_invite"
    case phoneNumberRequest = "phone_number_request"
    case callLog = "call_log"
    /// Holds nothing that people see: keys, carriers.
    case empty

    package init(of message: WAMessage) {
        let content = message.unwrapped().message
        self.init(of: content, content.contentField)
    }

    init(of content: WAMessage, _ field: ContentField?) {
        switch field {
        case .conversation, .extendedText: self = .text
        case .image: self = .image
        case .video: self = content.videoMessage.gifPlayback ? .gif : .video
        case .videoNote: self = .videoNote
        case .audio: self = content.audioMessage.ptt ? .voice : .audio
        case .document: self = .document
        case .sticker: self = .sticker
        case .stickerPack: self = .stickerPack
        case .contact, .contacts: self = .contact
        case .location: self = content.locationMessage.isLive ? .liveLocation : .location
        case .liveLocation: self = .liveLocation
        case .reaction, .sealedReaction: self = .reaction
        case .protocolMessage: self = Self.kind(of: content.protocolMessage)
        case .edited: self = .edit
        case .poll: self = .poll
        case .pollUpdate: self = .pollVote
        case .pollResult: self = .pollResult
        case .event: self = .event
        case .eventResponse: self = .eventResponse
        case .secretEncrypted, .pollAddOption: self = .edit
        case .comment, .sealedComment: self = .comment
        case .pin: self = .pin
        case .keep: self = .keep
        case .album: self = .album
        case nil: self = .empty
        case .interactive where content.interactiveMessage.hasCarouselMessage: self = .carousel
        default: self = Self.rare(field)
        }
    }

    private static func rare(_ field: ContentField?) -> MessageKind {
        switch field {
        case .groupInvite: .groupInvite
        case .channelInvite, .channelFollowerInvite: .channelInvite
        case .requestPhoneNumber: .phoneNumberRequest
        case .buttons: .buttons
        case .list, .product, .order, .invoice: .list
        case .template: .template
        case .interactive: .interactive
        case .buttonsResponse, .listResponse, .templateReply, .interactiveResponse: .choice
        case .payment: .payment
        case .call, .scheduledCall: .call
        case .callLog: .callLog
        case .historyBundle, .historyNotice, .placeholder: .system
        default: .unknown
        }
    }

    /// A message without a type is a revoke by number, but one without a key revokes nothing.
    private static func kind(of message: WAProtocolMessage) -> MessageKind {
        switch message.type {
        case .revoke: message.hasKey ? .revoke : .system
        case .messageEdit: .edit
        case .ephemeralSetting: .timer
        default: .system
        }
    }
}
