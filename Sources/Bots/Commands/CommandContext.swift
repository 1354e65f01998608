import Fleet
import Foundation
package import Logging
package import WhatsApp
package import WhatsAppWire

/// Everything that a command gets: the message, who wrote it and where, the bot, and the ways to answer.
package struct CommandContext: Sendable {
    package let bot: LiveBot
    package let session: Session
    package let message: HeardMessage
    package let content: MessageContent
    package let declaration: CommandDeclaration
    /// The prefix that was used, and the name or alias.
    package let prefix: String
    package let name: String
    package let arguments: CommandArguments
    /// Who gave the command, with the phone number where it is known.
    package let sender: Person
    package let isOwner: Bool
    package let isBotAdmin: Bool
    package let services: CommandServices
    package let logger: Logger
    /// Files of this command.
    package let scratch: Scratch
    let ids: AnswerIDs

    package var chat: JID { message.chat }
    package var isGroup: Bool { message.isGroup }
    package var conduct: BotConduct { bot.conduct }
    package var language: BotLanguage { conduct.language }
    package var chatSettings: ChatSettings? { bot.chats[chat.description] }
    package var store: BotStore { services.store }
    /// Since the message came.
    package var elapsed: Duration { services.time.uptime() - message.arrival }
    package var customCommandNames: [String] { bot.automation?.commandNames ?? [] }

    /// Who the command is about: mentioned, written as numbers, or the author of the quoted message.
    package var people: [Person] { arguments.people }

    /// What was set of this command, or its standard.
    package func setting(_ name: String) -> String { conduct.setting(name, of: declaration) ?? "" }

    package func flag(_ setting: String) -> Bool { self.setting(setting) == "true" }

    // MARK: The message that is answered

    package var quote: ReceivedQuote? { content.quote }

    /// Who wrote the quoted message.
    package var quoted: Person? { content.quote?.author.map { Person($0) } }

    /// The text of the argument, or else of the quoted message.
    package func textOrQuoted(_ argument: String) throws -> String {
        if let text = arguments[argument] { return text }
        if let text = content.quote?.text, !text.isEmpty { return text }
        throw refusal(
            Phrase(
                en: "Write a text after the command, or answer one.",
                id: "Tulis teks setelah perintahnya, atau balas sebuah pesan."
            )
        )
    }

    /// The quoted message as a target of reactions, deletions and the like.
    package var quotedTarget: MessageTarget? {
        get async {
            guard let quote = content.quote, let own = await session.account else { return nil }
            let author = quote.author
            let isMine = author.map { $0 == own.jid.withoutDevice || $0 == own.lid?.withoutDevice } ?? false
            return MessageTarget(chat: chat, id: quote.id, isFromMe: isMine, author: author)
        }
    }

    // MARK: The group

    /// The group's subject, settings and members; refused in private chats.
    package func group() async throws -> GroupMetadata {
        guard isGroup else { throw CommandRefusal(.groupOnly) }
        return try await session.metadata(of: chat)
    }

    /// The bot's own account.
    package func own() async throws -> Person {
        guard let own = await session.account else { throw SendError.notConnected }
        return Person(own.jid, alternate: own.lid)
    }

    // MARK: Errors

    /// A refusal with the usage.
    package func refusal(_ problem: Phrase) -> CommandRefusal { .usage(problem, declaration, prefix: prefix) }

    /// Passes on what is done once for one message, and nothing for the second time.
    package func once(_ name: String, _ body: () async throws -> Void) async throws {
        let key = AnswerIDs.id(of: "\(name) \(message.chat) \(message.sender.jid) \(message.id)")
        if try await store.isFirst(key, of: bot.id) { try await body() }
    }
}
