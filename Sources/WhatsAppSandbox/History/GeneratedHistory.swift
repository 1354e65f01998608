import Foundation
import WhatsAppProtobufs
import WhatsAppWire

/// A history that a phone makes up for a companion, of a given size.
struct GeneratedHistory: Sendable, Codable, Equatable {
    var chats: Int
    /// In each chat.
    var messages: Int
    /// Bytes of each text.
    var textLength: Int

    init(chats: Int, messages: Int, textLength: Int = 40) {
        self.chats = chats
        self.messages = messages
        self.textLength = textLength
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        chats = try values.decode(Int.self, forKey: .chats)
        messages = try values.decode(Int.self, forKey: .messages)
        textLength = try values.decodeIfPresent(Int.self, forKey: .textLength) ?? 40
    }

    func check() throws(SandboxError) {
        guard (0...10_000).contains(chats) else {
            throw .invalid(field: "chats", reason: "Between 0 and 10000.")
        }
        guard (0...100_000).contains(messages), chats * messages <= 1_000_000 else {
            throw .invalid(field: "messages", reason: "At most a million in all chats.")
        }
        guard (0...65_536).contains(textLength) else {
            throw .invalid(field: "textLength", reason: "Between 0 and 65536.")
        }
    }

    /// The conversation of that number; always the same.
    func conversation(_ number: Int, before now: Date, isByLID: Bool) -> WAConversation {
        let phone = JID(user: String(15_560_000_000 + number), server: .user).description
        let lid = JID(user: String(200_000_000_000_000 + number), server: .lid).description
        let chat = isByLID ? lid : phone
        let newest = UInt64(max(0, now.timeIntervalSince1970)) - UInt64(number) * 60
        var conversation = WAConversation()
        conversation.id = chat
        conversation.pnJid = phone
        conversation.lidJid = lid
        conversation.unreadCount = UInt32(number % 3)
        conversation.archived = number % 10 == 9
        conversation.conversationTimestamp = newest
        conversation.endOfHistoryTransferType = .completeButMoreMessagesRemainOnPrimary
        conversation.messages = (0..<messages).map { position in
            message(position, in: chat, number, at: newest - UInt64(position))
        }
        return conversation
    }

    private func message(_ position: Int, in chat: String, _ number: Int, at time: UInt64) -> WAHistorySyncMsg {
        var entry = WAHistorySyncMsg()
        entry.message.key.remoteJid = chat
        entry.message.key.id = "HIST\(number)-\(position)"
        entry.message.key.fromMe = position % 2 == 1
        entry.message.messageTimestamp = time
        entry.message.status = .read
        let text = "History \(number)-\(position) "
        let rest = max(0, textLength - text.utf8.count)
        entry.message.message.conversation = text + String(repeating: "x", count: rest)
        entry.message.message.messageContextInfo.messageSecret = Data(repeating: UInt8(position & 0xff), count: 32)
        return entry
    }
}
