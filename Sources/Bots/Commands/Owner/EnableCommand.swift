/// Switches commands on.
struct EnableCommand: Command {
    let declaration = CommandDeclaration(
        "enable",
        .owner,
        Phrase(
            en: "Switches a command or a category on, everywhere or in this chat alone.",
            id: "Menghidupkan perintah atau kategori, di mana saja atau hanya di chat ini."
        ),
        arguments: [
            CommandArgument(
                "name",
                "nama",
                .word,
                Phrase(en: "The command or the category.", id: "Perintah atau kategorinya.")
            ),
            CommandArgument(flag: "here", Phrase(en: "In this chat alone.", id: "Hanya di chat ini.")),
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let text = try await CommandSwitch.turn(name, isOn: true, isHere: context.arguments.has(flag: "here"), context)
        try await context.reply(text)
    }
}
