import Fleet
import Foundation
import WhatsAppWire

/// Keeps texts of a chat by name, and shows them.
struct NoteCommand: Command {
    let declaration = CommandDeclaration(
        "note",
        aliases: ["notes", "getnote"],
        .automation,
        "Shows what this chat has kept under a name; without a name it lists all names.",
        arguments: [CommandArgument("name", .word, optional: true, "Which.")]
    )

    func run(_ context: CommandContext) async throws {
        let notes = NoteRepository(database: context.store.database)
        let chat = context.chat.description
        guard let name = context.arguments["name"]?.lowercased() else {
            let names = try await notes.names(of: context.bot.id, in: chat)
            try await context.reply(names.isEmpty ? "There are no notes here." : names.joined(separator: "\n"))
            return
        }
        guard let text = try await notes.text(name, of: context.bot.id, in: chat) else {
            throw CommandRefusal("There is no note of that name here.")
        }
        try await context.reply(text)
    }
}

/// Keeps a text.
struct SaveNoteCommand: Command {
    let declaration = CommandDeclaration(
        "savenote",
        aliases: ["addnote", "setnote"],
        .automation,
        "Keeps a text of this chat under a name.",
        arguments: [
            CommandArgument("name", .word, "Its name."),
            CommandArgument("text", .text, optional: true, "The text; else that of the answered message."),
        ],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let text = try context.textOrQuoted("text")
        guard (1...NoteRepository.nameLimit).contains(name.count) else {
            throw context.refusal("A name has at most \(NoteRepository.nameLimit) characters.")
        }
        guard text.count <= TextTemplate.templateLimit else {
            throw context.refusal("A note has at most \(TextTemplate.templateLimit) characters.")
        }
        try await context.saving {
            try await NoteRepository(database: context.store.database).save(
                name,
                text,
                of: context.bot.id,
                in: context.chat.description,
                at: context.services.time.date()
            )
        }
        try await context.reply("Kept. \(context.prefix)note \(name) shows it.")
    }
}

/// Removes a text that was kept.
struct DeleteNoteCommand: Command {
    let declaration = CommandDeclaration(
        "delnote",
        aliases: ["clearnote"],
        .automation,
        "Removes a note of this chat.",
        arguments: [CommandArgument("name", .word, "Which.")],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let notes = NoteRepository(database: context.store.database)
        guard try await notes.delete(name, of: context.bot.id, in: context.chat.description) else {
            throw CommandRefusal("There is no note of that name here.")
        }
        try await context.reply("The note is gone.")
    }
}
