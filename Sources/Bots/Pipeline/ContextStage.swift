import Logging
import WhatsApp

/// Tenth: everything that the command is given, its arguments checked.
enum ContextStage {
    /// People whose numbers are looked for.
    private static let knownLimit = 64

    static func make(
        _ command: any Command,
        _ call: PrefixStage.Call,
        _ message: HeardMessage,
        _ asker: Asker,
        _ bot: LiveBot,
        _ session: Session,
        _ services: CommandServices,
        _ logger: Logger
    ) async throws(CommandRefusal) -> CommandContext {
        let content = message.content
        var arguments = ArgumentParser.parse(String(call.rest))
        try arguments.bind(
            to: command.declaration,
            prefix: call.prefix,
            mentions: content.mentions.map { Person($0) },
            quoted: content.quote?.author.map { Person($0) }
        )
        for index in arguments.people.indices.prefix(Self.knownLimit) {
            arguments.people[index] = await arguments.people[index].known(to: session)
        }
        var logger = logger
        logger[metadataKey: "bot.id"] = "\(bot.id)"
        logger[metadataKey: "command"] = "\(command.declaration.name)"
        return CommandContext(
            bot: bot,
            session: session,
            message: message,
            content: content,
            declaration: command.declaration,
            prefix: call.prefix,
            name: call.name,
            arguments: arguments,
            sender: asker.person,
            isOwner: asker.isOwner,
            isBotAdmin: asker.isBotAdmin,
            services: services,
            logger: logger,
            scratch: Scratch(in: services.folder, room: services.files),
            ids: AnswerIDs(bot: bot.id, message: message)
        )
    }
}
