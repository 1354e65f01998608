import Fleet
import Foundation
import WhatsAppWire

/// Keeps texts of a chat by name, and shows them.
struct NoteCommand: Command {
    let declaration = CommandDeclaration(
        "note",
        aliases: ["notes", "getnote"],
        .automation,
        Phrase(
            en: "Shows what this chat has kept under a name; without a name it lists all names.",
            id: "Menampilkan catatan chat ini; tanpa nama menampilkan semua namanya."
        ),
        arguments: [CommandArgument("name", "nama", .word, optional: true, Phrase(en: "Which.", id: "Yang mana."))]
    )

    func run(_ context: CommandContext) async throws {
        let notes = NoteRepository(database: context.store.database)
        let chat = context.chat.description
        guard let name = context.arguments["name"]?.lowercased() else {
            let names = try await notes.names(of: context.bot.id, in: chat)
            try await context.reply(
                names.isEmpty
                    ? Phrase(en: "There are no notes here.", id: "Belum ada catatan di sini.")
                    : Phrase(same: "\(names.joined(separator: "\n"))")
            )
            return
        }
        guard let text = try await notes.text(name, of: context.bot.id, in: chat) else {
            throw CommandRefusal(
                Phrase(en: "There is no note of that name here.", id: "Tidak ada catatan dengan nama itu di sini.")
            )
        }
        try await context.reply(verbatim: text)
    }
}

/// Keeps a text.
struct SaveNoteCommand: Command {
    let declaration = CommandDeclaration(
        "savenote",
        aliases: ["addnote", "setnote"],
        .automation,
        Phrase(en: "Keeps a text of this chat under a name.", id: "Menyimpan teks sebagai catatan chat ini."),
        arguments: [
            CommandArgument("name", "nama", .word, Phrase(en: "Its name.", id: "Namanya.")),
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(
                    en: "The text; else that of the answered message.",
                    id: "Teksnya; kalau kosong, pesan yang dibalas."
                )
            ),
        ],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let text = try context.textOrQuoted("text")
        guard (1...NoteRepository.nameLimit).contains(name.count) else {
            throw context.refusal(
                Phrase(
                    en: "A name has at most \(NoteRepository.nameLimit) characters.",
                    id: "Nama paling banyak \(NoteRepository.nameLimit) karakter."
                )
            )
        }
        guard text.count <= TextTemplate.templateLimit else {
            throw context.refusal(
                Phrase(
                    en: "A note has at most \(TextTemplate.templateLimit) characters.",
                    id: "Catatan paling banyak \(TextTemplate.templateLimit) karakter."
                )
            )
        }
        try await context.saving {
            try await NoteRepository(database: context.store.database).save(
                name,
                text,
                of: context.bot.id,
                in: context.chat.description,
                limit: context.isGroup || context.isBotAdmin ? NoteRepository.limit : NoteRepository.privateLimit,
                at: context.services.time.date()
            )
        }
        try await context.reply(
            Phrase(
                en: "Kept. \(context.prefix)note \(name) shows it.",
                id: "Tersimpan. Lihat dengan \(context.prefix)note \(name)."
            )
        )
    }
}

/// Removes a text that was kept.
struct DeleteNoteCommand: Command {
    let declaration = CommandDeclaration(
        "delnote",
        aliases: ["clearnote"],
        .automation,
        Phrase(en: "Removes a note of this chat.", id: "Menghapus catatan chat ini."),
        arguments: [CommandArgument("name", "nama", .word, Phrase(en: "Which.", id: "Yang mana."))],
        permissions: [.groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let notes = NoteRepository(database: context.store.database)
        guard try await notes.delete(name, of: context.bot.id, in: context.chat.description) else {
            throw CommandRefusal(
                Phrase(en: "There is no note of that name here.", id: "Tidak ada catatan dengan nama itu di sini.")
            )
        }
        try await context.reply(Phrase(en: "The note is gone.", id: "Catatan sudah dihapus."))
    }
}
