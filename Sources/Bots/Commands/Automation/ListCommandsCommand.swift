/// Lists the commands that were made.
struct ListCommandsCommand: Command {
    let declaration = CommandDeclaration(
        "listcmd",
        aliases: ["mycmds", "cmds"],
        .automation,
        Phrase(
            en: "Lists the commands that this bot has of its own.",
            id: "Menampilkan perintah milik bot ini sendiri."
        )
    )

    func run(_ context: CommandContext) async throws {
        let names = context.customCommandNames.map { context.prefix + $0 }
        try await context.reply(
            names.isEmpty
                ? Phrase(en: "There are no own commands.", id: "Belum ada perintah sendiri.")
                : Phrase(same: "\(names.joined(separator: "\n"))")
        )
    }
}
