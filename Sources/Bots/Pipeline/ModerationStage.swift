import WhatsApp
import WhatsAppProtobufs

/// Third: whether a message may stand in its group.
///
/// Looks without waiting; what follows from it is done elsewhere.
enum ModerationStage {
    enum Offence: Equatable, Sendable {
        case link(String)
        case word
        case bot
        /// `isFirst` in its window; the others are taken away without a word.
        case flood(isFirst: Bool)
        case tooSoon(seconds: Int, isFirst: Bool)

        /// For warnings.
        var reason: Phrase {
            switch self {
            case .link: Phrase(en: "links are not allowed here", id: "tautan tidak diizinkan di sini")
            case .word: Phrase(en: "such words are not allowed here", id: "kata seperti itu tidak diizinkan di sini")
            case .bot: Phrase(en: "bots are not allowed here", id: "bot tidak diizinkan di sini")
            case .flood: Phrase(en: "too many messages at once", id: "terlalu banyak pesan sekaligus")
            case .tooSoon: Phrase(en: "slow mode", id: "mode lambat")
            }
        }
    }

    /// Nil for a message that may stay, as far as can be seen without asking who is an administrator.
    static func check(
        _ message: HeardMessage,
        _ chat: ChatSettings,
        _ bot: LiveBot,
        _ limits: RateLimitStage
    ) -> Offence? {
        guard message.isGroup, !message.isFromMe, MessageKind(of: message.message) != .reaction else { return nil }
        let place = "\(message.sender.key) \(message.chat)"
        if let rule = chat.links, let host = forbiddenHost(message, rule) { return .link(host) }
        if let rule = chat.words, WordFinder.find(rule.words, in: message.text) != nil { return .word }
        if chat.bots != nil, BotSigns.isBot(message) { return .bot }
        if let rule = chat.flood {
            let key = RateLimitStage.Key(bot: bot.id, person: place, command: "#flood")
            switch limits.count(key, limit: rule.messages, window: .seconds(rule.seconds), at: message.arrival) {
            case .allowed: break
            case .warned: return .flood(isFirst: true)
            case .refused: return .flood(isFirst: false)
            }
        }
        if let seconds = chat.slowMode {
            let key = RateLimitStage.Key(bot: bot.id, person: place, command: "#slow")
            switch limits.count(key, limit: 1, window: .seconds(seconds), at: message.arrival) {
            case .allowed: break
            case .warned(let left): return .tooSoon(seconds: left, isFirst: true)
            case .refused: return .tooSoon(seconds: seconds, isFirst: false)
            }
        }
        return nil
    }

    private static func forbiddenHost(_ message: HeardMessage, _ rule: LinkRule) -> String? {
        if message.message.hasGroupInviteMessage { return "chat.whatsapp.com" }
        return LinkFinder.hosts(in: message.text).first { !SafeAddress.isAllowed($0, by: rule.allowed) }
    }
}

/// What gives a program away among people.
enum BotSigns {
    /// Identifiers that libraries make and phones never do, and answers of companions to somebody's command.
    static func isBot(_ message: HeardMessage) -> Bool {
        if message.id.hasPrefix("BAE5"), message.id.utf8.count == 16 { return true }
        guard message.device != 0, message.id.hasPrefix("3EB0") else { return false }
        guard let quoted = message.content.quote?.text, let first = quoted.first else { return false }
        return "!./#$&,;?-+".contains(first) && quoted.dropFirst().first?.isLetter == true
    }
}
