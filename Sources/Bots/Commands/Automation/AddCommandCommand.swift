import Fleet

/// Makes a command.
struct AddCommandCommand: Command {
    let declaration = CommandDeclaration(
        "addcmd",
        aliases: ["setcmd", "newcmd"],
        .automation,
        Phrase(
            en: "Makes a command that answers with a text; {name}, {text}, {1} and others are filled in.",
            id: "Membuat perintah yang menjawab dengan teks; {name}, {text}, {1}, dan lainnya diisi."
        ),
        arguments: [
            CommandArgument("name", "nama", .word, Phrase(en: "What the command is called.", id: "Nama perintahnya.")),
            CommandArgument(
                "answer",
                "jawaban",
                .text,
                optional: true,
                Phrase(
                    en: "What it says; else the text of the message that is answered.",
                    id: "Jawabannya; kalau kosong, teks pesan yang dibalas."
                )
            ),
        ],
        permissions: [.botAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let command = CustomCommand(name: name, content: CustomContent(text: try context.textOrQuoted("answer")))
        try await context.saving {
            try command.check(against: context.services.registry)
            let repository = AutomationRepository(database: context.store.database)
            try await repository.save(command, of: context.bot.id, at: context.services.time.date())
        }
        try await context.reply(
            Phrase(en: "\(context.prefix)\(name) is made.", id: "\(context.prefix)\(name) sudah dibuat.")
        )
    }
}
