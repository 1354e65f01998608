import Assistant
import Fleet
import WhatsApp
import WhatsAppWire

/// After the rules: the AI answers in chats where it was asked to.
///
/// In a private chat it answers everything, in a group who names the bot or answers it.
struct TalkStage: Sendable {
    let services: CommandServices
    let limits: RateLimitStage
    let loops: LoopGuard
    let memory: TalkMemory

    func answer(_ message: HeardMessage, _ bot: LiveBot, _ session: Session) async throws {
        guard let assistant = services.tools.assistant else { return }
        let asker = await Asker(message, bot, session)
        guard EnabledStage.admits(bot.conduct.mode, isGroup: asker.isGroup, isTrusted: asker.isBotAdmin) else { return }
        if message.isGroup, await !isAddressed(message, session) { return }
        let limit = RateLimitStage.Key(bot: bot.id, person: asker.person.key, command: "#talk")
        guard
            limits.count(limit, limit: bot.conduct.commandsPerMinute, window: .seconds(60), at: message.arrival)
                == .allowed,
            loops.admits(message, bot, services)
        else { return }
        let now = services.time.uptime()
        let name = message.isGroup ? message.pushName.map { "\($0.prefix(60)): " } ?? "" : ""
        let question = AssistantMessage(.user, name + message.text.prefix(4_000))
        let before = memory.lines(of: bot.id, in: message.chat, at: now)
        let declaration = ChatbotCommand().declaration
        let instructions = bot.conduct.setting("instructions", of: declaration)
        let conversation = AssistantConversation(instructions: instructions, before + [question])
        let text = try await assistant.answer(conversation).text
        guard !text.isEmpty else { return }
        memory.add([question, AssistantMessage(.assistant, text)], of: bot.id, in: message.chat, at: now)
        let ids = AnswerIDs(bot: bot.id, "talk \(message.chat) \(message.sender.jid) \(message.id)")
        await ReplyStage.say(CommandContext.bounded(text), to: message, ids, session)
    }

    private func isAddressed(_ message: HeardMessage, _ session: Session) async -> Bool {
        guard let own = await session.account else { return false }
        let me = Person(own.jid, alternate: own.lid)
        let content = message.content
        return content.mentions.contains { me.isSame(as: $0) }
            || content.quote?.author.map { me.isSame(as: $0) } == true
    }
}
