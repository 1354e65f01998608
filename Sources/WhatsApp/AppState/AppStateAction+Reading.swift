internal import Foundation
package import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension AppStateAction {
    /// The action that a mutation stands for.
    ///
    /// Nil for kinds without a case of their own and for a mutation that lacks what its kind must have.
    package init?(_ mutation: AppStateMutation) {
        guard let name = mutation.index.first else { return nil }
        let index = mutation.index
        let action =
            mutation.operation == .remove
            ? Self.removal(name, index)
            : Self.chatAction(name, index, mutation.value) ?? Self.messageAction(name, index, mutation.value)
                ?? Self.peopleAction(name, index, mutation.value) ?? Self.setting(name, index, mutation.value)
        guard let action else { return nil }
        self = action
    }

    /// Only these mean something by being removed.
    private static func removal(_ name: String, _ index: [String]) -> AppStateAction? {
        switch name {
        case "contact", "lid_contact": jid(index, 1).map { .removeContact($0) }
        case "nct_salt_sync": .contactTokenSalt(nil)
        default: nil
        }
    }

    private static func chatAction(
        _ name: String,
        _ index: [String],
        _ value: WASyncActionValue
    ) -> AppStateAction? {
        guard let chat = jid(index, 1) else { return nil }
        switch name {
        case "mute" where value.hasMuteAction:
            let mute = value.muteAction
            guard mute.muted else { return .mute(chat: chat, until: nil) }
            let until = mute.muteEndTimestamp <= 0 ? .distantFuture : Date(milliseconds: mute.muteEndTimestamp)
            return .mute(chat: chat, until: until ?? .distantFuture)
        case "pin_v1" where value.hasPinAction: return .pin(chat: chat, value.pinAction.pinned)
        case "archive" where value.hasArchiveChatAction:
            let action = value.archiveChatAction
            return .archive(chat: chat, action.archived, AppStateMessageRange(action.messageRange))
        case "markChatAsRead" where value.hasMarkChatAsReadAction:
            let action = value.markChatAsReadAction
            return .markRead(chat: chat, action.read, AppStateMessageRange(action.messageRange))
        case "clearChat" where value.hasClearChatAction_p:
            return .clear(
                chat: chat,
                deletesStarred: text(index, 2) == "1",
                deletesMedia: text(index, 3) == "1",
                AppStateMessageRange(value.clearChatAction_p.messageRange)
            )
        case "deleteChat" where value.hasDeleteChatAction:
            return .delete(
                chat: chat,
                deletesMedia: text(index, 2) == "1",
                AppStateMessageRange(value.deleteChatAction.messageRange)
            )
        case "lock" where value.hasLockChatAction: return .lock(chat: chat, value.lockChatAction.locked)
        default: return nil
        }
    }

    private static func messageAction(
        _ name: String,
        _ index: [String],
        _ value: WASyncActionValue
    ) -> AppStateAction? {
        switch name {
        case "star" where value.hasStarAction:
            return AppStateMessage(index).map { .star($0, value.starAction.starred) }
        case "deleteMessageForMe" where value.hasDeleteMessageForMeAction:
            let action = value.deleteMessageForMeAction
            return AppStateMessage(index).map { message in
                .deleteForMe(
                    message,
                    deletesMedia: action.deleteMedia,
                    sentAt: action.hasMessageTimestamp ? Date(seconds: action.messageTimestamp) : nil
                )
            }
        case "label_jid" where value.hasLabelAssociationAction:
            guard let label = text(index, 1), let chat = jid(index, 2) else { return nil }
            return .labelChat(label: label, chat: chat, value.labelAssociationAction.labeled)
        case "label_message" where value.hasLabelAssociationAction:
            guard let label = text(index, 1), let chat = jid(index, 2), let id = text(index, 3) else { return nil }
            return .labelMessage(label: label, chat: chat, message: id, value.labelAssociationAction.labeled)
        default: return nil
        }
    }

    private static func peopleAction(
        _ name: String,
        _ index: [String],
        _ value: WASyncActionValue
    ) -> AppStateAction? {
        guard let person = jid(index, 1) else { return nil }
        switch name {
        case "contact" where value.hasContactAction:
            let action = value.contactAction
            return .contact(
                AppStateContact(
                    jid: person,
                    fullName: action.hasFullName ? action.fullName : nil,
                    firstName: action.hasFirstName ? action.firstName : nil,
                    lid: JID(action.lidJid).flatMap { $0.server == .lid ? $0.withoutDevice : nil },
                    username: action.hasUsername ? action.username : nil,
                    isOnPhone: action.saveOnPrimaryAddressbook
                )
            )
        case "lid_contact" where value.hasLidContactAction:
            let action = value.lidContactAction
            return .contact(
                AppStateContact(
                    jid: person,
                    fullName: action.hasFullName ? action.fullName : nil,
                    firstName: action.hasFirstName ? action.firstName : nil,
                    username: action.hasUsername ? action.username : nil
                )
            )
        case "userStatusMute" where value.hasUserStatusMuteAction:
            return .muteStatus(of: person, value.userStatusMuteAction.muted)
        case "pnForLidChat" where value.hasPnForLidChatAction:
            guard person.server == .lid, let phone = JID(value.pnForLidChatAction.pnJid), phone.server == .user,
                !phone.user.isEmpty
            else { return nil }
            return .phone(phone.withoutDevice, ofLID: person)
        default: return nil
        }
    }

    private static func setting(_ name: String, _ index: [String], _ value: WASyncActionValue) -> AppStateAction? {
        switch name {
        case "setting_pushName" where value.hasPushNameSetting: return .pushName(value.pushNameSetting.name)
        case "setting_locale" where value.hasLocaleSetting: return .locale(value.localeSetting.locale)
        case "setting_disableLinkPreviews" where value.hasPrivacySettingDisableLinkPreviewsAction:
            return .linkPreviewsDisabled(value.privacySettingDisableLinkPreviewsAction.isPreviewsDisabled)
        case "setting_unarchiveChats" where value.hasUnarchiveChatsSetting:
            return .unarchivesChats(value.unarchiveChatsSetting.unarchiveChats)
        case "nct_salt_sync" where value.hasNctSaltSyncAction:
            return .contactTokenSalt([UInt8](value.nctSaltSyncAction.salt))
        case "label_edit" where value.hasLabelEditAction:
            guard let id = text(index, 1) else { return nil }
            let action = value.labelEditAction
            return .label(
                AppStateLabel(
                    id: id,
                    name: action.name,
                    color: Int(action.color),
                    isDeleted: action.deleted,
                    predefinedID: action.hasPredefinedID ? Int(action.predefinedID) : nil,
                    position: action.hasOrderIndex ? Int(action.orderIndex) : nil
                )
            )
        case "quick_reply" where value.hasQuickReplyAction:
            guard let id = text(index, 1) else { return nil }
            let action = value.quickReplyAction
            return .quickReply(
                AppStateQuickReply(
                    id: id,
                    shortcut: action.shortcut,
                    message: action.message,
                    keywords: action.keywords,
                    count: Int(action.count),
                    isDeleted: action.deleted
                )
            )
        default: return nil
        }
    }

    private static func text(_ index: [String], _ position: Int) -> String? {
        index.indices.contains(position) ? index[position] : nil
    }

    fileprivate static func jid(_ index: [String], _ position: Int) -> JID? {
        text(index, position).flatMap { JID($0) }.flatMap { $0.user.isEmpty ? nil : $0.withoutDevice }
    }
}

extension AppStateMessage {
    /// From `[action, chat, id, fromMe, participant or "0"]`.
    fileprivate init?(_ index: [String]) {
        guard index.count >= 5, let chat = AppStateAction.jid(index, 1), !index[2].isEmpty else { return nil }
        self.init(
            chat: chat,
            id: index[2],
            isFromMe: index[3] == "1",
            participant: AppStateAction.jid(index, 4)
        )
    }
}

extension AppStateMessageRange {
    /// More messages than that are left out.
    private static let limit = 1000

    fileprivate init(_ range: WASyncActionMessageRange) {
        self.init(
            lastMessageAt: range.hasLastMessageTimestamp ? Date(seconds: range.lastMessageTimestamp) : nil,
            lastSystemMessageAt: range.hasLastSystemMessageTimestamp
                ? Date(seconds: range.lastSystemMessageTimestamp) : nil,
            messages: range.messages.prefix(Self.limit).compactMap { entry in
                guard let chat = JID(entry.key.remoteJid), let timestamp = Date(seconds: entry.timestamp) else {
                    return nil
                }
                return Entry(
                    message: AppStateMessage(
                        chat: chat.withoutDevice,
                        id: entry.key.id,
                        isFromMe: entry.key.fromMe,
                        participant: JID(entry.key.participant)?.withoutDevice
                    ),
                    timestamp: timestamp
                )
            }
        )
    }
}
