package import WhatsAppProtobufs

extension WAMessage {
    /// The context of its content: quote, mentions, forwarding, expiry; nil when it has none or can have none.
    package var contextInfo: WAContextInfo? {
        let info = storedContext
        return info == WAContextInfo() ? nil : info
    }

    private var storedContext: WAContextInfo {
        switch contentField {
        case .extendedText: extendedTextMessage.contextInfo
        case .image: imageMessage.contextInfo
        case .video: videoMessage.contextInfo
        case .videoNote: ptvMessage.contextInfo
        case .audio: audioMessage.contextInfo
        case .document: documentMessage.contextInfo
        case .sticker: stickerMessage.contextInfo
        case .stickerPack: stickerPackMessage.contextInfo
        case .contact: contactMessage.contextInfo
        case .contacts: contactsArrayMessage.contextInfo
        case .location: locationMessage.contextInfo
        case .liveLocation: liveLocationMessage.contextInfo
        case .poll: poll?.contextInfo ?? WAContextInfo()
        case .event: eventMessage.contextInfo
        case .album: albumMessage.contextInfo
        case .groupInvite: groupInviteMessage.contextInfo
        case .channelInvite: newsletterAdminInviteMessage.contextInfo
        case .channelFollowerInvite: newsletterFollowerInviteMessageV2.contextInfo
        case .requestPhoneNumber: requestPhoneNumberMessage.contextInfo
        case .call: call.contextInfo
        default: businessContext
        }
    }

    private var businessContext: WAContextInfo {
        switch contentField {
        case .buttons: buttonsMessage.contextInfo
        case .buttonsResponse: buttonsResponseMessage.contextInfo
        case .list: listMessage.contextInfo
        case .listResponse: listResponseMessage.contextInfo
        case .template: templateMessage.contextInfo
        case .templateReply: templateButtonReplyMessage.contextInfo
        case .interactive: interactiveMessage.contextInfo
        case .interactiveResponse: interactiveResponseMessage.contextInfo
        default: WAContextInfo()
        }
    }

    /// Changes the context of the content; a plain text becomes an extended one for it.
    ///
    /// False when this content has no place for a context.
    @discardableResult
    package mutating func changeContext(_ change: (inout WAContextInfo) -> Void) -> Bool {
        switch contentField {
        case .conversation:
            var text = WAExtendedTextMessage()
            text.text = conversation
            change(&text.contextInfo)
            clearConversation()
            extendedTextMessage = text
        case .extendedText: change(&extendedTextMessage.contextInfo)
        case .image: change(&imageMessage.contextInfo)
        case .video: change(&videoMessage.contextInfo)
        case .videoNote: change(&ptvMessage.contextInfo)
        case .audio: change(&audioMessage.contextInfo)
        case .document: change(&documentMessage.contextInfo)
        case .sticker: change(&stickerMessage.contextInfo)
        case .stickerPack: change(&stickerPackMessage.contextInfo)
        case .contact: change(&contactMessage.contextInfo)
        case .contacts: change(&contactsArrayMessage.contextInfo)
        case .location: change(&locationMessage.contextInfo)
        case .liveLocation: change(&liveLocationMessage.contextInfo)
        case .event: change(&eventMessage.contextInfo)
        case .album: change(&albumMessage.contextInfo)
        case .groupInvite: change(&groupInviteMessage.contextInfo)
        case .requestPhoneNumber: change(&requestPhoneNumberMessage.contextInfo)
        case .poll: changePollContext(change)
        default: return changeBusinessContext(change)
        }
        return true
    }

    private mutating func changePollContext(_ change: (inout WAContextInfo) -> Void) {
        if hasPollCreationMessage {
            change(&pollCreationMessage.contextInfo)
        } else if hasPollCreationMessageV3 {
            change(&pollCreationMessageV3.contextInfo)
        } else if hasPollCreationMessageV2 {
            change(&pollCreationMessageV2.contextInfo)
        } else if hasPollCreationMessageV5 {
            change(&pollCreationMessageV5.contextInfo)
        } else if hasPollCreationMessageV6 {
            change(&pollCreationMessageV6.contextInfo)
        }
    }

    private mutating func changeBusinessContext(_ change: (inout WAContextInfo) -> Void) -> Bool {
        switch contentField {
        case .buttons: change(&buttonsMessage.contextInfo)
        case .buttonsResponse: change(&buttonsResponseMessage.contextInfo)
        case .list: change(&listMessage.contextInfo)
        case .listResponse: change(&listResponseMessage.contextInfo)
        case .template: change(&templateMessage.contextInfo)
        case .templateReply: change(&templateButtonReplyMessage.contextInfo)
        case .interactive: change(&interactiveMessage.contextInfo)
        case .interactiveResponse: change(&interactiveResponseMessage.contextInfo)
        default: return false
        }
        return true
    }

    /// Removes the context wholly, so that not even an empty one is encoded.
    package mutating func removeContext() {
        guard contentField != .conversation, contextInfo != nil else { return }
        changeContext { $0 = WAContextInfo() }
    }
}
