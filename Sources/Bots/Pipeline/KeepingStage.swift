import Database
import Fleet
import Foundation
import Logging
import SwiftProtobuf
import Synchronization
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// Second: keeps what might be taken back, where that is switched on, for a day.
///
/// Gathered in memory and written every second; a message that does not fit is not kept.
final class KeepingStage: Sendable {
    struct Kept: Sendable {
        let session: SessionID
        let chat: String
        let id: String
        let sender: String
        let content: WAMessage
        let at: Date
    }

    private struct Waiting {
        let session: SessionID
        let sender: String
        let content: [UInt8]
        let at: Date
    }

    private struct State {
        var messages: [Key: Waiting] = [:]
        var bytes = 0
    }

    private struct Key: Hashable {
        let bot: BotID
        let chat: String
        let id: String
    }

    /// Of all bots together, until they are written.
    private static let limit = 20_000
    private static let waitingBytesLimit = 64 << 20
    /// Of one bot in the database; beyond it the oldest go first.
    static let storedBytesLimit = 64 << 20
    /// Sealed it is a little longer.
    private static let byteLimit = 131_072 - 256
    static let age: TimeInterval = 86_400

    private let database: Database
    private let vault: SessionVault
    private let waiting = Mutex(State())
    private let seals = Mutex<[SessionID: SessionSeal]>([:])

    init(database: Database, vault: SessionVault) {
        self.database = database
        self.vault = vault
    }

    /// What a kept message is sealed under.
    static func place(_ chat: String, _ id: String) -> String { "kept \(chat) \(id)" }

    static func isWanted(_ bot: LiveBot, chat: ChatSettings?) -> Bool {
        chat?.keepsDeleted ?? bot.conduct.flags.contains(.keepsDeleted)
    }

    /// Takes a message without waiting.
    func keep(_ message: HeardMessage, of bot: LiveBot) {
        guard !message.isFromMe, MessageKind(of: message.message).isKept else { return }
        guard let content: [UInt8] = try? message.message.serializedBytes(), content.count <= Self.byteLimit else {
            return
        }
        let kept = Waiting(
            session: bot.session,
            sender: message.sender.jid.description,
            content: content,
            at: message.timestamp
        )
        let key = Key(bot: bot.id, chat: message.chat.description, id: message.id)
        waiting.withLock { waiting in
            guard waiting.messages.count < Self.limit, waiting.bytes + content.count <= Self.waitingBytesLimit else {
                return
            }
            waiting.bytes += content.count - (waiting.messages[key]?.content.count ?? 0)
            waiting.messages[key] = kept
        }
    }

    /// What was kept of a message.
    func find(_ id: String, in chat: String, of bot: LiveBot) async throws -> Kept? {
        if let kept = waiting.withLock({ $0.messages[Key(bot: bot.id, chat: chat, id: id)] }) {
            return Kept(
                session: kept.session,
                chat: chat,
                id: id,
                sender: kept.sender,
                content: try WAMessage(serializedBytes: kept.content),
                at: kept.at
            )
        }
        let row = try await database.queryOne(
            """
            SELECT sender, content, at FROM bot_kept_messages
            WHERE bot_id = \(bot.id) AND chat = \(chat) AND message_id = \(id)
            """
        )
        guard let row,
            let content = try await seal(of: bot.session).bytes(
                of: row.decode("content"),
                name: Self.place(chat, id)
            )
        else { return nil }
        return Kept(
            session: bot.session,
            chat: chat,
            id: id,
            sender: try row.decode("sender"),
            content: try WAMessage(serializedBytes: content),
            at: try row.decode("at")
        )
    }

    /// Writes what has gathered, each sealed with its session's key; without a database it is dropped.
    func flush() async throws {
        let taken = waiting.withLock { waiting in waiting.messages }
        guard !taken.isEmpty else { return }
        defer {
            waiting.withLock { waiting in
                // What was changed meanwhile waits for the next time.
                for (key, kept) in taken where waiting.messages[key]?.content == kept.content {
                    guard let written = waiting.messages.removeValue(forKey: key) else { continue }
                    waiting.bytes -= written.content.count
                }
            }
        }
        var seals: [SessionID: SessionSeal] = [:]
        // Of a session that is gone meanwhile nothing is kept.
        for session in Set(taken.values.map(\.session)) { seals[session] = try? await seal(of: session) }
        var bots = SQLColumn<UUID>()
        var chats = SQLColumn<String>()
        var ids = SQLColumn<String>()
        var senders = SQLColumn<String>()
        var contents = SQLColumn<[UInt8]>()
        var times = SQLColumn<Date>()
        for (key, kept) in taken {
            guard let seal = seals[kept.session], (1...128).contains(key.id.utf8.count) else { continue }
            bots.append(key.bot.rawValue)
            chats.append(key.chat)
            ids.append(key.id)
            senders.append(kept.sender)
            contents.append(seal.seal(kept.content, name: Self.place(key.chat, key.id)))
            times.append(kept.at)
        }
        try await database.execute(
            """
            INSERT INTO bot_kept_messages (bot_id, chat, message_id, sender, content, at)
            SELECT bots.id, new.chat, new.id, new.sender, new.content, new.at
            FROM unnest(\(bots), \(chats), \(ids), \(senders), \(contents), \(times))
                AS new (bot, chat, id, sender, content, at)
            JOIN bots ON bots.id = new.bot
            ON CONFLICT (bot_id, chat, message_id) DO UPDATE SET content = EXCLUDED.content, at = EXCLUDED.at
            WHERE bot_kept_messages.sender = EXCLUDED.sender AND bot_kept_messages.at <= EXCLUDED.at
            """
        )
    }

    /// Asked for once for each session, since keys do not change.
    private func seal(of session: SessionID) async throws -> SessionSeal {
        if let known = seals.withLock({ $0[session] }) { return known }
        let seal = try await vault.seal(of: session)
        seals.withLock { seals in
            if seals.count >= Self.limit { seals.removeAll() }
            seals[session] = seal
        }
        return seal
    }

    func sweep(at now: Date) async throws {
        try await database.execute("DELETE FROM bot_kept_messages WHERE at < \(now.addingTimeInterval(-Self.age))")
        try await database.execute(
            """
            DELETE FROM bot_kept_messages USING (
                SELECT bot_id, chat, message_id,
                    sum(octet_length(content)) OVER (PARTITION BY bot_id ORDER BY at DESC, chat, message_id) AS bytes
                FROM bot_kept_messages
            ) AS newer
            WHERE bot_kept_messages.bot_id = newer.bot_id AND bot_kept_messages.chat = newer.chat
                AND bot_kept_messages.message_id = newer.message_id AND newer.bytes > \(Self.storedBytesLimit)
            """
        )
        try await database.execute("DELETE FROM bot_deeds WHERE at < \(now.addingTimeInterval(-Self.age))")
    }
}

extension MessageKind {
    /// Whether people would miss it.
    fileprivate var isKept: Bool {
        switch self {
        case .text, .image, .video, .gif, .audio, .voice, .document, .sticker, .contact, .location, .videoNote: true
        default: false
        }
    }
}
