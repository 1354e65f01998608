import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// What a bot does when people come and go.
struct GroupStage: Sendable {
    static let welcome = Phrase(en: "Welcome {mention} to {group}!", id: "Selamat datang {mention} di {group}!")
    static let goodbye = Phrase(en: "Goodbye {name}.", id: "Sampai jumpa {name}.")
    /// People who are greeted by name in one message.
    private static let named = 20

    let services: CommandServices
    let limits: RateLimitStage

    /// Whether the group wants something said; counts it, so that many who come or go at once are few messages.
    func isWanted(_ event: GroupEvent, _ bot: LiveBot) -> Bool {
        guard case .members(let change, let members, _) = event.kind, !members.isEmpty, !event.isOffline,
            let chat = bot.chats[event.group.description]
        else { return false }
        switch change {
        case .add: guard chat.isWelcoming == true else { return false }
        case .leave, .remove: guard chat.isSayingGoodbye == true else { return false }
        default: return false
        }
        let key = RateLimitStage.Key(bot: bot.id, person: event.group.description, command: "#\(change.rawValue)")
        return limits.count(key, limit: 5, window: .seconds(60), at: services.time.uptime()) == .allowed
    }

    func hear(_ event: GroupEvent, _ bot: LiveBot, _ session: Session) async throws {
        guard case .members(let change, let members, _) = event.kind else { return }
        let chat = bot.chats[event.group.description]
        let own = await session.account.map { Person($0.jid, alternate: $0.lid) }
        let people = members.map { Person($0.jid, alternate: $0.alternate) }.filter { own?.isSame(as: $0) != true }
        guard !people.isEmpty else { return }
        let language = bot.conduct.language
        let template =
            change == .add
            ? chat?.welcome ?? bot.conduct.settings.welcome ?? Self.welcome.text(language)
            : chat?.goodbye ?? bot.conduct.settings.goodbye ?? Self.goodbye.text(language)
        let metadata = try await session.metadata(of: event.group)
        let shown = people.prefix(Self.named)
        var mention = shown.map(\.mention).joined(separator: ", ")
        if people.count > shown.count {
            let others = people.count - shown.count
            mention = Phrase(
                en: "\(mention) and \(others, "other", "others")",
                id: "\(mention) dan \(others) orang lain"
            ).text(language)
        }
        var values = TemplateValues()
        values.mention = mention
        // Who has gone cannot be asked for a name; the mention shows it where the phone knows it.
        values.name = mention
        values.number = shown.first?.number ?? ""
        values.group = metadata.subject
        values.members = "\(metadata.members.count)"
        values.description = metadata.description?.text ?? ""
        values.bot = bot.conduct.name
        values.prefix = bot.conduct.prefixes.first ?? ""
        values.now = services.time.date()
        values.zone = bot.conduct.timeZone
        var outgoing = OutgoingMessage(.text(OutgoingText(values.fill(template))))
        outgoing.mentions = shown.map(\.jid)
        let time = event.timestamp?.timeIntervalSince1970 ?? 0
        let ids = AnswerIDs(bot: bot.id, "\(change.rawValue) \(event.group) \(people.first?.key ?? "") \(time)")
        _ = try await session.send(outgoing, to: event.group, id: ids.next())
    }
}
