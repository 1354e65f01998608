import Assistant
import Synchronization
import WhatsAppWire

/// What was said last in chats that talk with the AI; in memory alone.
final class TalkMemory: Sendable {
    private struct Key: Hashable {
        let bot: BotID
        let chat: JID
    }

    private struct Talk {
        var lines: [AssistantMessage]
        var last: Duration
    }

    private static let lineLimit = 12
    private static let talkLimit = 2_000
    /// What is older belongs to another talk.
    private static let age = Duration.seconds(1_800)

    private let talks = Mutex<[Key: Talk]>([:])

    func lines(of bot: BotID, in chat: JID, at now: Duration) -> [AssistantMessage] {
        talks.withLock { talks in
            guard let talk = talks[Key(bot: bot, chat: chat)], now - talk.last < Self.age else { return [] }
            return talk.lines
        }
    }

    func add(_ lines: [AssistantMessage], of bot: BotID, in chat: JID, at now: Duration) {
        talks.withLock { talks in
            if talks.count >= Self.talkLimit { talks = talks.filter { now - $0.value.last < Self.age } }
            if talks.count >= Self.talkLimit { talks.removeAll() }
            var talk = talks[Key(bot: bot, chat: chat)] ?? Talk(lines: [], last: now)
            if now - talk.last >= Self.age { talk.lines = [] }
            talk.lines = (talk.lines + lines).suffix(Self.lineLimit)
            talk.last = now
            talks[Key(bot: bot, chat: chat)] = talk
        }
    }

    func forget(_ bot: BotID, in chat: JID) {
        talks.withLock { $0[Key(bot: bot, chat: chat)] = nil }
    }
}
