package import WhatsAppProtobufs

/// The contents that a message can have, by the field that holds them.
///
/// Of several fields the first in this order counts; carriers such as the sender-key distribution do not.
package enum ContentField: Sendable, Equatable, CaseIterable {
    case conversation, extendedText, image, video, videoNote, audio, document, sticker, stickerPack
    case contact, contacts, location, liveLocation, reaction, sealedReaction, protocolMessage, edited
    case poll, pollUpdate, pollAddOption, pollResult, event, eventResponse, secretEncrypted, comment, sealedComment
    case pin, keep, album, groupInvite, channelInvite, channelFollowerInvite, requestPhoneNumber
    case buttons, buttonsResponse, list, listResponse, template, templateReply, interactive, interactiveResponse
    case product, order, invoice, payment, call, callLog, scheduledCall, historyBundle, historyNotice, placeholder,
        other
}

extension WAMessage {
    /// What it holds, wrappers not opened; nil when there is nothing that somebody could see.
    package var contentField: ContentField? {
        if hasConversation { return .conversation }
        if hasExtendedTextMessage { return .extendedText }
        return mediaField ?? actionField ?? businessField ?? rareField
    }

    private var mediaField: ContentField? {
        if hasImageMessage { return .image }
        if hasVideoMessage { return .video }
        if hasPtvMessage { return .videoNote }
        if hasAudioMessage { return .audio }
        if hasDocumentMessage { return .document }
        if hasStickerMessage { return .sticker }
        if hasStickerPackMessage { return .stickerPack }
        if hasContactMessage { return .contact }
        if hasContactsArrayMessage { return .contacts }
        if hasLocationMessage { return .location }
        if hasLiveLocationMessage { return .liveLocation }
        return nil
    }

    private var actionField: ContentField? {
        if hasReactionMessage { return .reaction }
        if hasEncReactionMessage { return .sealedReaction }
        if hasProtocolMessage { return .protocolMessage }
        if hasEditedMessage { return .edited }
        if hasPoll { return .poll }
        if hasPollUpdateMessage { return .pollUpdate }
        if hasPollAddOptionMessage { return .pollAddOption }
        if hasPollResultSnapshotMessage || hasPollResultSnapshotMessageV3 { return .pollResult }
        if hasEventMessage { return .event }
        if hasEncEventResponseMessage { return .eventResponse }
        if hasSecretEncryptedMessage { return .secretEncrypted }
        if hasCommentMessage { return .comment }
        if hasEncCommentMessage { return .sealedComment }
        if hasPinInChatMessage { return .pin }
        if hasKeepInChatMessage { return .keep }
        if hasAlbumMessage { return .album }
        return nil
    }

    private var businessField: ContentField? {
        if hasButtonsMessage { return .buttons }
        if hasButtonsResponseMessage { return .buttonsResponse }
        if hasListMessage { return .list }
        if hasListResponseMessage { return .listResponse }
        if hasTemplateMessage { return .template }
        if hasTemplateButtonReplyMessage { return .templateReply }
        if hasInteractiveMessage { return .interactive }
        if hasInteractiveResponseMessage { return .interactiveResponse }
        if hasProductMessage { return .product }
        if hasOrderMessage { return .order }
        if hasInvoiceMessage { return .invoice }
        return nil
    }

    private var rareField: ContentField? {
        if hasGroupInviteMessage { return .groupInvite }
        if hasNewsletterAdminInviteMessage { return .channelInvite }
        if hasNewsletterFollowerInviteMessageV2 { return .channelFollowerInvite }
        if hasRequestPhoneNumberMessage { return .requestPhoneNumber }
        if hasSendPaymentMessage || hasRequestPaymentMessage || hasDeclinePaymentRequestMessage
            || hasCancelPaymentRequestMessage || hasPaymentInviteMessage
        {
            return .payment
        }
        if hasCall { return .call }
        if hasCallLogMesssage { return .callLog }
        if hasScheduledCallCreationMessage || hasScheduledCallEditMessage { return .scheduledCall }
        if hasMessageHistoryBundle { return .historyBundle }
        if hasMessageHistoryNotice { return .historyNotice }
        if hasPlaceholderMessage { return .placeholder }
        return isBare ? nil : .other
    }

    /// Whether nothing but carriers is in it.
    private var isBare: Bool {
        var rest = self
        rest.clearSenderKeyDistributionMessage()
        rest.clearFastRatchetKeySenderKeyDistributionMessage()
        rest.clearMessageContextInfo()
        return rest == WAMessage()
    }

    package var hasPoll: Bool {
        hasPollCreationMessage || hasPollCreationMessageV2 || hasPollCreationMessageV3 || hasPollCreationMessageV5
            || hasPollCreationMessageV6
    }

    /// The poll in whichever version came.
    package var poll: WAPollCreationMessage? {
        if hasPollCreationMessage { return pollCreationMessage }
        if hasPollCreationMessageV3 { return pollCreationMessageV3 }
        if hasPollCreationMessageV2 { return pollCreationMessageV2 }
        if hasPollCreationMessageV5 { return pollCreationMessageV5 }
        if hasPollCreationMessageV6 { return pollCreationMessageV6 }
        return nil
    }
}
