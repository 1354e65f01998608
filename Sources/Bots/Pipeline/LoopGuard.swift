import Fleet
import Synchronization
import WhatsApp
import WhatsAppWire

/// Ends talks of bots with bots: who is answered again and again within moments, or without end, is no person.
final class LoopGuard: Sendable {
    enum Verdict: Equatable {
        case allowed
        /// Nothing is answered for a while, from now on.
        case muted(Duration)
        case refused
    }

    private struct Talk {
        var last: Duration
        var streak = 0
        /// Answers that may go out without a rest.
        var credit = Double(LoopGuard.endurance)
        var mutedUntil = Duration.zero
        var mute = LoopGuard.mute
    }

    private struct Key: Hashable {
        let bot: BotID
        let chat: JID
    }

    /// An answer within this time of the one before is quick.
    private static let moment = Duration.seconds(2)
    /// So many quick ones in a row are a loop.
    static let limit = 8
    /// So many without a rest are one too, however long each took.
    static let endurance = 60
    /// What a rest is worth: one answer for each such time.
    private static let rest = Duration.seconds(30)
    private static let mute = Duration.seconds(300)
    private static let longestMute = Duration.seconds(3_600)
    /// After such a time a talk begins anew.
    private static let forgetting = longestMute * 2

    private let talks = Mutex<[Key: Talk]>([:])

    /// Whether an answer that nobody has asked for by a command may go out now; counts it, and says in the log when it is enough.
    func admits(_ message: HeardMessage, _ bot: LiveBot, _ services: CommandServices) -> Bool {
        switch judge(bot.id, message.chat, at: services.time.uptime()) {
        case .allowed: return true
        case .refused: return false
        case .muted(let time):
            let text =
                "A chat is left alone for \(time.components.seconds / 60) minutes: two bots seem to answer each other."
            services.hosting.ear.log.write(.warning, text, of: bot.id, at: services.time.date())
            return false
        }
    }

    func judge(_ bot: BotID, _ chat: JID, at now: Duration) -> Verdict {
        talks.withLock { talks in
            if talks.count > 20_000 { talks = talks.filter { now - $0.value.last < Self.forgetting } }
            var talk = talks[Key(bot: bot, chat: chat)] ?? Talk(last: now - .seconds(3_600))
            defer { talks[Key(bot: bot, chat: chat)] = talk }
            guard talk.mutedUntil <= now else { return .refused }
            let pause = now - talk.last
            talk.streak = pause < Self.moment ? talk.streak + 1 : 0
            // While nothing was answered nobody has rested.
            if talk.mutedUntil <= talk.last {
                talk.credit = min(Double(Self.endurance), talk.credit + pause / Self.rest)
            }
            if pause > Self.forgetting {
                talk.mute = Self.mute
                talk.credit = Double(Self.endurance)
            }
            talk.last = now
            talk.credit -= 1
            guard talk.streak >= Self.limit || talk.credit < 0 else { return .allowed }
            let time = talk.mute
            talk.streak = 0
            talk.credit = Double(Self.limit)
            talk.mutedUntil = now + time
            talk.mute = min(talk.mute * 2, Self.longestMute)
            return .muted(time)
        }
    }
}
