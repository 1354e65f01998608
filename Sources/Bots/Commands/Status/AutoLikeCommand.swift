/// Reacts to statuses by itself.
struct AutoLikeCommand: Command {
    let declaration = CommandDeclaration(
        "autolike",
        aliases: ["statusreact"],
        .status,
        Phrase(en: "Puts an emoji on the statuses of contacts.", id: "Memberi emoji pada status kontak."),
        arguments: [
            CommandArgument("emoji", "emoji", .word, Phrase(en: "An emoji, or off.", id: "Sebuah emoji, atau off."))
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["emoji"] ?? "off"
        guard word == "off" || EmojiText.isOne(word) else {
            throw context.refusal(Phrase(en: "Write one emoji, or off.", id: "Tulis satu emoji, atau off."))
        }
        try await context.changeConduct { $0.reactsToStatuses = word == "off" ? nil : word }
        try await context.reply(
            word == "off"
                ? Phrase(en: "Statuses get no reaction.", id: "Status tidak diberi reaksi.")
                : Phrase(en: "Statuses get \(word).", id: "Status diberi \(word).")
        )
    }
}
