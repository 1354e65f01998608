import Database
import SwiftProtobuf
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// The messages that are kept of a chat, as far as they are.
struct KeptMessages: Sendable {
    let database: Database

    /// The last texts, the oldest first, each after its author.
    func texts(of bot: BotID, in chat: JID, limit: Int) async throws -> [String] {
        let rows = try await database.query(
            """
            SELECT sender, content FROM bot_kept_messages WHERE bot_id = \(bot) AND chat = \(chat.description)
            ORDER BY at DESC LIMIT \(limit)
            """
        )
        return try rows.reversed().compactMap { row in
            let content: [UInt8] = try row.decode("content")
            guard let message = try? WAMessage(serializedBytes: content) else { return nil }
            guard let text = MessageContent(message).text, !text.isEmpty else { return nil }
            let sender: String = try row.decode("sender")
            return "\(sender.prefix { $0 != "@" }): \(text.prefix(1_000))"
        }
    }
}
