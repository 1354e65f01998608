package import Foundation
package import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// A change of a setting, chat, contact or label made on another device of the account.
package struct AppStateChange: Sendable, Equatable {
    package var collection: AppStateCollection
    /// The mutation's index, the name of the action first.
    package var index: [String]
    package var isRemoval: Bool
    /// When the other device made it.
    package var timestamp: Date?
    /// Nil for kinds without a case of their own.
    package var action: AppStateAction?
    /// Part of what was there before this device knew the collection.
    package var isInitial: Bool

    package init(_ mutation: AppStateMutation, in collection: AppStateCollection, isInitial: Bool) {
        self.collection = collection
        index = mutation.index
        isRemoval = mutation.operation == .remove
        timestamp = mutation.value.hasTimestamp ? Date(milliseconds: mutation.value.timestamp) : nil
        action = AppStateAction(mutation)
        self.isInitial = isInitial
    }

    /// Those of one patch or snapshot that count, in order: of several for one index not those that are older than one
    /// before them.
    static func counting(_ mutations: [AppStateMutation]) -> [AppStateMutation] {
        var latest: [[String]: Int64] = [:]
        return mutations.filter { mutation in
            let timestamp = mutation.value.timestamp
            if let known = latest[mutation.index], timestamp < known { return false }
            latest[mutation.index] = timestamp
            return true
        }
    }
}

extension StoreBatch {
    /// What the store keeps of an action: contacts and the state of chats.
    mutating func take(_ action: AppStateAction, own: JID?) {
        switch action {
        case .mute(let chat, let until): change(chat) { $0.mutedUntil = until ?? .distantPast }
        case .pin(let chat, let isPinned): change(chat) { $0.isPinned = isPinned }
        case .archive(let chat, let isArchived, _):
            change(chat) {
                $0.isArchived = isArchived
                if isArchived { $0.isPinned = false }
            }
        case .markRead(let chat, let isRead, _):
            change(chat) {
                $0.isMarkedUnread = !isRead
                if isRead { $0.unreadCount = 0 }
            }
        case .delete(let chat, _, _): change(chat) { $0.isDeleted = true }
        case .contact(let contact):
            var change = ContactChange(jid: contact.jid.bareText)
            change.fullName = contact.fullName
            change.firstName = contact.firstName
            change.lid = contact.lid?.bareText
            contacts.append(change)
            put(.addressBook, contact.jid.bareText, [])
        case .removeContact(let jid):
            var change = ContactChange(jid: jid.bareText)
            change.isRemoved = true
            contacts.append(change)
            delete(.addressBook, jid.bareText)
        case .pushName(let name):
            guard let own else { return }
            var change = ContactChange(jid: own.bareText)
            change.pushName = name
            contacts.append(change)
        case .phone(let phone, let lid):
            var change = ContactChange(jid: phone.bareText)
            change.lid = lid.bareText
            contacts.append(change)
        case .contactTokenSalt(let salt):
            if let salt {
                put(.setting, Self.contactTokenSaltName, salt)
            } else {
                delete(.setting, Self.contactTokenSaltName)
            }
        case .label(let label): take(label)
        case .labelChat(let label, let chat, let isLabelled): takeLabelling(label, chat: chat, isLabelled)
        case .labelMessage(let label, let chat, let message, let isLabelled):
            takeLabelling(label, chat: chat, message: message, isLabelled)
        case .star, .deleteForMe, .clear, .lock, .locale, .quickReply, .muteStatus, .linkPreviewsDisabled,
            .unarchivesChats:
            break
        }
    }

    /// The name under which the salt for contact tokens is kept.
    package static let contactTokenSaltName = "nct_salt"

    private mutating func change(_ chat: JID, _ body: (inout ChatChange) -> Void) {
        var change = ChatChange(jid: chat.bareText)
        body(&change)
        chats.append(change)
    }
}
