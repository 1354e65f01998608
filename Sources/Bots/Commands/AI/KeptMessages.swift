import Database
import Fleet
import SwiftProtobuf
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// The messages that are kept of a chat, as far as they are.
struct KeptMessages: Sendable {
    let database: Database
    let vault: SessionVault

    /// The last texts, the oldest first, each after its author.
    func texts(of bot: LiveBot, in chat: JID, limit: Int) async throws -> [String] {
        let rows = try await database.query(
            """
            SELECT message_id, sender, content FROM bot_kept_messages WHERE bot_id = \(bot.id) AND chat = \(chat.description)
            ORDER BY at DESC LIMIT \(limit)
            """
        )
        guard !rows.isEmpty else { return [] }
        let seal = try await vault.seal(of: bot.session)
        return try rows.reversed().compactMap { row in
            let place = KeepingStage.place(chat.description, try row.decode("message_id"))
            guard let content = seal.bytes(of: try row.decode("content"), name: place) else { return nil }
            guard let message = try? WAMessage(serializedBytes: content) else { return nil }
            guard let text = MessageContent(message).text, !text.isEmpty else { return nil }
            let sender: String = try row.decode("sender")
            return "\(sender.prefix { $0 != "@" }): \(text.prefix(1_000))"
        }
    }
}
