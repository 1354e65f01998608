package import Foundation
package import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension AppStateAction {
    /// Where the action is kept.
    package var collection: AppStateCollection {
        switch self {
        case .pushName, .locale: .criticalBlock
        case .contact, .removeContact: .criticalUnblockLow
        case .mute, .star, .deleteForMe, .clear, .delete, .muteStatus, .contactTokenSalt: .regularHigh
        case .label, .labelChat, .labelMessage, .quickReply, .linkPreviewsDisabled, .phone: .regular
        case .pin, .archive, .markRead, .lock, .unarchivesChats: .regularLow
        }
    }

    /// What is written for it, in order.
    package func mutations(at now: Date) -> [AppStateMutation] {
        switch self {
        case .archive(let chat, true, _): [mutation(at: now), Self.pin(chat: chat, false).mutation(at: now)]
        default: [mutation(at: now)]
        }
    }

    private func mutation(at now: Date) -> AppStateMutation {
        var value = WASyncActionValue()
        value.timestamp = now.milliseconds
        let (index, version) = write(&value)
        return AppStateMutation(isRemoval ? .remove : .set, index: index, value: value, version: version)
    }

    private var isRemoval: Bool {
        switch self {
        case .removeContact, .contactTokenSalt(nil): true
        default: false
        }
    }

    /// Fills the value in; the index and the version of its form.
    private func write(_ value: inout WASyncActionValue) -> ([String], Int32) {
        switch self {
        case .mute, .pin, .archive, .markRead, .clear, .delete, .lock, .labelChat, .labelMessage:
            return writeChat(&value)
        case .star(let message, let isStarred):
            value.starAction.starred = isStarred
            return (message.index("star"), 2)
        case .deleteForMe(let message, let deletesMedia, let sentAt):
            value.deleteMessageForMeAction.deleteMedia = deletesMedia
            if let sentAt { value.deleteMessageForMeAction.messageTimestamp = sentAt.seconds }
            return (message.index("deleteMessageForMe"), 3)
        case .contact(let contact): return contact.write(&value)
        case .removeContact(let jid):
            return jid.server == .lid ? (["lid_contact", jid.bareText], 1) : (["contact", jid.bareText], 2)
        case .pushName(let name):
            value.pushNameSetting.name = name
            return (["setting_pushName"], 1)
        case .locale(let locale):
            value.localeSetting.locale = locale
            return (["setting_locale"], 3)
        case .label(let label): return label.write(&value)
        case .quickReply(let reply): return reply.write(&value)
        case .muteStatus(let user, let isMuted):
            value.userStatusMuteAction.muted = isMuted
            return (["userStatusMute", user.bareText], 7)
        case .linkPreviewsDisabled(let isDisabled):
            value.privacySettingDisableLinkPreviewsAction.isPreviewsDisabled = isDisabled
            return (["setting_disableLinkPreviews"], 8)
        case .unarchivesChats(let unarchives):
            value.unarchiveChatsSetting.unarchiveChats = unarchives
            return (["setting_unarchiveChats"], 4)
        case .phone(let phone, let lid):
            value.pnForLidChatAction.pnJid = phone.bareText
            return (["pnForLidChat", lid.bareText], 8)
        case .contactTokenSalt(let salt):
            if let salt { value.nctSaltSyncAction.salt = Data(salt) }
            return (["nct_salt_sync"], 1)
        }
    }

    private func writeChat(_ value: inout WASyncActionValue) -> ([String], Int32) {
        switch self {
        case .mute(let chat, let until):
            value.muteAction.muted = until != nil
            if let until { value.muteAction.muteEndTimestamp = until == .distantFuture ? -1 : until.milliseconds }
            return (["mute", chat.bareText], 2)
        case .pin(let chat, let isPinned):
            value.pinAction.pinned = isPinned
            return (["pin_v1", chat.bareText], 5)
        case .archive(let chat, let isArchived, let range):
            value.archiveChatAction.archived = isArchived
            value.archiveChatAction.messageRange = range.message
            return (["archive", chat.bareText], 3)
        case .markRead(let chat, let isRead, let range):
            value.markChatAsReadAction.read = isRead
            value.markChatAsReadAction.messageRange = range.message
            return (["markChatAsRead", chat.bareText], 3)
        case .clear(let chat, let deletesStarred, let deletesMedia, let range):
            value.clearChatAction_p.messageRange = range.message
            return (["clearChat", chat.bareText, deletesStarred ? "1" : "0", deletesMedia ? "1" : "0"], 6)
        case .delete(let chat, let deletesMedia, let range):
            value.deleteChatAction.messageRange = range.message
            return (["deleteChat", chat.bareText, deletesMedia ? "1" : "0"], 6)
        case .lock(let chat, let isLocked):
            value.lockChatAction.locked = isLocked
            return (["lock", chat.bareText], 7)
        case .labelChat(let label, let chat, let isLabeled):
            value.labelAssociationAction.labeled = isLabeled
            return (["label_jid", label, chat.bareText], 3)
        case .labelMessage(let label, let chat, let message, let isLabeled):
            value.labelAssociationAction.labeled = isLabeled
            return (["label_message", label, chat.bareText, message, "0", "0"], 3)
        default: return ([], 0)
        }
    }
}

extension AppStateContact {
    fileprivate func write(_ value: inout WASyncActionValue) -> ([String], Int32) {
        if jid.server == .lid {
            if let fullName { value.lidContactAction.fullName = fullName }
            if let firstName { value.lidContactAction.firstName = firstName }
            if let username { value.lidContactAction.username = username }
            return (["lid_contact", jid.bareText], 1)
        }
        if let fullName { value.contactAction.fullName = fullName }
        if let firstName { value.contactAction.firstName = firstName }
        if let lid { value.contactAction.lidJid = lid.bareText }
        if let username { value.contactAction.username = username }
        value.contactAction.saveOnPrimaryAddressbook = isOnPhone
        value.contactAction.pnJid = jid.bareText
        return (["contact", jid.bareText], 2)
    }
}

extension AppStateLabel {
    fileprivate func write(_ value: inout WASyncActionValue) -> ([String], Int32) {
        value.labelEditAction.name = name
        value.labelEditAction.color = Int32(clamping: color)
        value.labelEditAction.deleted = isDeleted
        if let predefinedID { value.labelEditAction.predefinedID = Int32(clamping: predefinedID) }
        if let position { value.labelEditAction.orderIndex = Int32(clamping: position) }
        return (["label_edit", id], 3)
    }
}

extension AppStateQuickReply {
    fileprivate func write(_ value: inout WASyncActionValue) -> ([String], Int32) {
        value.quickReplyAction.shortcut = shortcut
        value.quickReplyAction.message = message
        value.quickReplyAction.keywords = keywords
        value.quickReplyAction.count = Int32(clamping: count)
        value.quickReplyAction.deleted = isDeleted
        return (["quick_reply", id], 2)
    }
}

extension AppStateMessage {
    fileprivate func index(_ action: String) -> [String] {
        [action, chat.bareText, id, isFromMe ? "1" : "0", isFromMe ? "0" : participant?.bareText ?? "0"]
    }
}

extension AppStateMessageRange {
    fileprivate var message: WASyncActionMessageRange {
        var range = WASyncActionMessageRange()
        if let lastMessageAt { range.lastMessageTimestamp = lastMessageAt.seconds }
        if let lastSystemMessageAt { range.lastSystemMessageTimestamp = lastSystemMessageAt.seconds }
        range.messages = messages.map { entry in
            var message = WASyncActionMessage()
            message.key.remoteJid = entry.message.chat.bareText
            message.key.fromMe = entry.message.isFromMe
            message.key.id = entry.message.id
            if let participant = entry.message.participant { message.key.participant = participant.bareText }
            message.timestamp = entry.timestamp.seconds
            return message
        }
        return range
    }
}

extension JID {
    /// The user without a device, as text.
    var bareText: String { withoutDevice.description }
}

extension Date {
    /// Since 1970, as the protocol counts; the ends of time where they do not fit.
    var milliseconds: Int64 { Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) ?? (self > .now ? .max : 0) }
    var seconds: Int64 { Int64(exactly: timeIntervalSince1970.rounded(.down)) ?? (self > .now ? .max : 0) }

    /// From the protocol's count; nil beyond any real time.
    init?(milliseconds: Int64) {
        guard (0...253_402_300_799_000).contains(milliseconds) else { return nil }
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    init?(seconds: Int64) {
        guard (0...253_402_300_799).contains(seconds) else { return nil }
        self.init(timeIntervalSince1970: Double(seconds))
    }
}
