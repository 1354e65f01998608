package import WhatsAppProtobufs

/// What wrappers around a message say about it.
package struct MessageWrappers: Sendable, Equatable {
    package var isViewOnce = false
    package var isEphemeral = false
    package var isGroupStatus = false
    package var isLottieSticker = false
    package var isSpoiler = false
    /// Deeper than anybody nests; the rest was left as it is.
    package var isTooDeep = false

    package init() {}
}

extension WAMessage {
    /// As many wrappers as are opened.
    package static let wrapperLimit = 8

    /// The message inside all wrappers, and what they said.
    ///
    /// An inner message without a context of its own gets the outer one. `editedMessage` and the copies for own devices
    /// are no wrappers in this sense.
    package func unwrapped() -> (message: WAMessage, wrappers: MessageWrappers) {
        var message = self
        var wrappers = MessageWrappers()
        for _ in 0..<Self.wrapperLimit {
            guard var inner = message.openedOnce(&wrappers) else { return (message, wrappers) }
            if !inner.hasMessageContextInfo, message.hasMessageContextInfo {
                inner.messageContextInfo = message.messageContextInfo
            }
            message = inner
        }
        wrappers.isTooDeep = message.openedOnce(&wrappers) != nil
        return (message, wrappers)
    }

    private func openedOnce(_ wrappers: inout MessageWrappers) -> WAMessage? {
        guard let wrapper = marking(&wrappers) ?? plainWrapper, wrapper.hasMessage else { return nil }
        return wrapper.message
    }

    private func marking(_ wrappers: inout MessageWrappers) -> WAFutureProofMessage? {
        if hasEphemeralMessage {
            wrappers.isEphemeral = true
            return ephemeralMessage
        }
        if hasViewOnceMessage || hasViewOnceMessageV2 || hasViewOnceMessageV2Extension {
            wrappers.isViewOnce = true
            if hasViewOnceMessage { return viewOnceMessage }
            return hasViewOnceMessageV2 ? viewOnceMessageV2 : viewOnceMessageV2Extension
        }
        if hasGroupStatusMessage || hasGroupStatusMessageV2 {
            wrappers.isGroupStatus = true
            return hasGroupStatusMessage ? groupStatusMessage : groupStatusMessageV2
        }
        if hasLottieStickerMessage {
            wrappers.isLottieSticker = true
            return lottieStickerMessage
        }
        if hasSpoilerMessage {
            wrappers.isSpoiler = true
            return spoilerMessage
        }
        return nil
    }

    private var plainWrapper: WAFutureProofMessage? {
        if hasDocumentWithCaptionMessage { return documentWithCaptionMessage }
        if hasGroupMentionedMessage { return groupMentionedMessage }
        if hasBotInvokeMessage { return botInvokeMessage }
        if hasAssociatedChildMessage { return associatedChildMessage }
        if hasPollCreationOptionImageMessage { return pollCreationOptionImageMessage }
        if hasEventCoverImage { return eventCoverImage }
        if hasGroupStatusMentionMessage { return groupStatusMentionMessage }
        if hasStatusMentionMessage { return statusMentionMessage }
        if hasStatusAddYours { return statusAddYours }
        if hasQuestionMessage { return questionMessage }
        if hasQuestionReplyMessage { return questionReplyMessage }
        if hasLimitSharingMessage { return limitSharingMessage }
        if hasNewsletterAdminProfileMessage { return newsletterAdminProfileMessage }
        if hasNewsletterAdminProfileMessageV2 { return newsletterAdminProfileMessageV2 }
        if hasPollCreationMessageV4 { return pollCreationMessageV4 }
        return nil
    }
}
