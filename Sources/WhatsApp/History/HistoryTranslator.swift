package import Foundation
internal import SwiftProtobuf
internal import WhatsAppProtobufs
package import WhatsAppWire

/// Turns what a history holds into what a session keeps.
package struct HistoryTranslator {
    /// The account's own bare JID and LID.
    let own: JID
    let ownLID: JID?
    /// The settings of chats count in the first part alone: later parts may be older than what app state has told.
    let takesChatSettings: Bool
    /// What has disappeared by then is left out.
    let now: Date

    package init(own: JID, ownLID: JID?, takesChatSettings: Bool, now: Date = Date()) {
        self.now = now
        self.own = own
        self.ownLID = ownLID
        self.takesChatSettings = takesChatSettings
    }

    /// Adds an item to a piece; what cannot be read is counted and left out.
    package func take(_ item: HistoryScanner.Item, into piece: inout HistoryPiece) {
        switch item {
        case .message(let bytes, let conversation):
            guard let chat = Self.chat(conversation), let entry = try? WAHistorySyncMsg(serializedBytes: bytes) else {
                piece.unreadable += 1
                return
            }
            take(entry.message, chat: chat, into: &piece)
        case .conversation(let bytes):
            guard let conversation = try? WAConversation(serializedBytes: bytes) else {
                piece.unreadable += 1
                return
            }
            take(conversation, into: &piece)
        case .field(let number, let bytes): take(field: number, bytes, into: &piece)
        case .number: break
        }
    }

    // MARK: Messages

    private func take(_ entry: WAWebMessageInfo, chat: JID, into piece: inout HistoryPiece) {
        let id = entry.key.id
        guard !id.isEmpty, id.utf8.count <= 256, let timestamp = Self.date(entry.messageTimestamp) else {
            piece.unreadable += 1
            return
        }
        // Events of groups and the like: nothing was written.
        guard entry.hasMessage, let content: [UInt8] = try? entry.message.serializedBytes(), !content.isEmpty else {
            return
        }
        let sender = author(of: entry, in: chat)
        let unwrapped = entry.message.unwrapped().message
        let field = unwrapped.contentField
        let isKept = entry.keepInChat.keepType == .keepForAll
        let end = Self.end(of: entry, unwrapped, chat: chat, at: timestamp)
        // The phone is about to remove it too.
        if let end, end <= now, !isKept { return }
        if entry.starred || isKept {
            piece.marks.append(
                MessageMark(
                    chat: chat.description,
                    id: id,
                    isFromMe: entry.key.fromMe,
                    isStarred: entry.starred ? true : nil,
                    isKept: isKept ? true : nil
                )
            )
        }
        piece.append(
            StoredMessage(
                chat: chat.description,
                sender: sender.description,
                id: id,
                isFromMe: entry.key.fromMe,
                timestamp: timestamp,
                kind: MessageKind(of: unwrapped, field).rawValue,
                pushName: Self.name(entry.pushName),
                content: content,
                isHistory: true,
                status: entry.key.fromMe ? Self.status(entry.status) : .none,
                expiresAt: end
            )
        )
        let secret = entry.hasMessageSecret ? entry.messageSecret : entry.message.messageContextInfo.messageSecret
        if secret.count == 32 {
            piece.secrets.append(.init(chat: chat, author: sender, id: id, secret: [UInt8](secret)))
        }
        if !entry.key.fromMe, let name = Self.name(entry.pushName) {
            var contact = ContactChange(jid: sender.description)
            contact.pushName = name
            piece.contacts.append(contact)
        }
    }

    /// When the phone removes a message, as it says itself, or as whoever wrote it said.
    private static func end(
        of entry: WAWebMessageInfo,
        _ content: WAMessage,
        chat: JID,
        at timestamp: Date
    ) -> Date? {
        if chat.isStatusBroadcast { return timestamp.addingTimeInterval(Session.statusLifetime) }
        guard entry.ephemeralDuration > 0 else {
            let expiration = content.contextInfo?.expiration ?? 0
            return expiration > 0 ? timestamp.addingTimeInterval(TimeInterval(expiration)) : nil
        }
        let start = date(entry.ephemeralStartTimestamp).flatMap { $0 > timestamp ? $0 : nil } ?? timestamp
        return start.addingTimeInterval(TimeInterval(entry.ephemeralDuration))
    }

    private func author(of entry: WAWebMessageInfo, in chat: JID) -> JID {
        if entry.key.fromMe { return chat.server == .lid ? ownLID ?? own : own }
        let named = entry.key.participant.isEmpty ? entry.participant : entry.key.participant
        guard let author = JID(named), !author.user.isEmpty else { return chat }
        return author.withoutDevice
    }

    private static func status(_ status: WAWebMessageInfo.Status) -> MessageStatus {
        switch status {
        case .error: .failed
        case .pending: .pending
        case .serverAck: .sent
        case .deliveryAck: .delivered
        case .read: .read
        case .played: .played
        }
    }

    // MARK: Chats

    private func take(_ conversation: WAConversation, into piece: inout HistoryPiece) {
        guard let jid = Self.chat(conversation.id) else {
            piece.unreadable += 1
            return
        }
        var chat = ChatChange(jid: jid.description)
        chat.name = Self.name(conversation.name) ?? Self.name(conversation.displayName)
        chat.lastMessageAt = conversation.hasConversationTimestamp ? Self.date(conversation.conversationTimestamp) : nil
        if takesChatSettings {
            chat.unreadCount = Int(clamping: conversation.unreadCount)
            chat.isMarkedUnread = conversation.markedAsUnread
            chat.isArchived = conversation.archived
            chat.isPinned = conversation.pinned != 0
            chat.mutedUntil = Self.muteEnd(conversation.muteEndTime)
            chat.ephemeralExpiration = Int(clamping: conversation.ephemeralExpiration)
            if conversation.ephemeralExpiration > 0, jid.isPerson {
                let time = conversation.ephemeralSettingTimestamp
                let setAt = time > 0 ? Self.date(UInt64(clamping: time)) : nil
                piece.timers.append(.init(chat: jid, seconds: conversation.ephemeralExpiration, setAt: setAt))
            }
        }
        piece.chats.append(chat)

        let lid = jid.server == .lid ? jid : Self.person(conversation.lidJid, .lid)
        let phone = jid.server == .user ? jid : Self.person(conversation.pnJid, .user)
        if let lid, let phone { piece.mappings.append(.init(lid: lid, phone: phone)) }
        let hasToken = (1...1024).contains(conversation.tcToken.count)
        if let user = lid ?? phone, hasToken || conversation.tcTokenSenderTimestamp != 0 {
            piece.tokens.append(
                .init(
                    user: user,
                    token: hasToken ? [UInt8](conversation.tcToken) : [],
                    timestamp: conversation.tcTokenTimestamp,
                    issuedAt: conversation.tcTokenSenderTimestamp
                )
            )
        }
    }

    /// 0 for not muted; milliseconds, or seconds from older phones; the greatest number for ever.
    private static func muteEnd(_ time: UInt64) -> Date {
        guard time > 0 else { return .distantPast }
        guard let time = Int64(exactly: time), time > 0 else { return .distantFuture }
        return (time < 100_000_000_000 ? Date(seconds: time) : Date(milliseconds: time)) ?? .distantFuture
    }

    // MARK: The rest

    /// By the field's number in HistorySync.
    private func take(field number: Int, _ bytes: [UInt8], into piece: inout HistoryPiece) {
        do {
            switch number {
            case 3:
                let entry = try WAWebMessageInfo(serializedBytes: bytes)
                take(entry, chat: JID(user: "status", server: .broadcast), into: &piece)
            case 7: take(try WAPushname(serializedBytes: bytes), into: &piece)
            case 8:
                let settings = try WAGlobalSettings(serializedBytes: bytes)
                if settings.chatDbLidMigrationTimestamp > 0 { piece.isLIDMigrated = true }
            case 15:
                let mapping = try WAPhoneNumberToLIDMapping(serializedBytes: bytes)
                guard let lid = Self.person(mapping.lidJid, .lid), let phone = Self.person(mapping.pnJid, .user) else {
                    piece.unreadable += 1
                    return
                }
                piece.mappings.append(.init(lid: lid, phone: phone))
            case 16: piece.metaNonce = bytes.count <= 1024 ? String(validating: bytes, as: UTF8.self) : nil
            case 19: piece.contactTokenSalt = (1...1024).contains(bytes.count) ? bytes : nil
            default: break
            }
        } catch {
            piece.unreadable += 1
        }
    }

    private func take(_ entry: WAPushname, into piece: inout HistoryPiece) {
        guard let jid = JID(entry.id), !jid.user.isEmpty else {
            piece.unreadable += 1
            return
        }
        // A dash stands for a name that nobody knows.
        guard let name = Self.name(entry.pushname), name != "-" else { return }
        var contact = ContactChange(jid: jid.withoutDevice.description)
        contact.pushName = name
        piece.contacts.append(contact)
    }

    private static func chat(_ text: String) -> JID? {
        JID(text).flatMap { $0.user.isEmpty ? nil : $0.withoutDevice }
    }

    private static func person(_ text: String, _ server: JID.Server) -> JID? {
        chat(text).flatMap { $0.server == server ? $0 : nil }
    }

    /// Nil for an empty one; cut where it is longer than any screen.
    private static func name(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        return text.utf8.count <= 1024 ? text : String(text.prefix(256))
    }

    private static func date(_ seconds: UInt64) -> Date? {
        Int64(exactly: seconds).flatMap { Date(seconds: $0) }
    }
}
