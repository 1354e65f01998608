import Fleet

/// Makes a command.
struct AddCommandCommand: Command {
    let declaration = CommandDeclaration(
        "addcmd",
        aliases: ["setcmd", "newcmd"],
        .automation,
        "Makes a command that answers with a text; {name}, {text}, {1} and others are filled in.",
        arguments: [
            CommandArgument("name", .word, "What the command is called."),
            CommandArgument(
                "answer",
                .text,
                optional: true,
                "What it says; else the text of the message that is answered."
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
        try await context.reply("\(context.prefix)\(name) is made.")
    }
}
