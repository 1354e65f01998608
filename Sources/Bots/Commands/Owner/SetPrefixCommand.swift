/// Changes what commands begin with.
struct SetPrefixCommand: Command {
    let declaration = CommandDeclaration(
        "setprefix",
        aliases: ["prefix"],
        .owner,
        Phrase(
            en: "Changes what commands begin with: up to eight prefixes with blanks between them, or none.",
            id: "Mengganti awalan perintah: sampai delapan, dipisah spasi, atau none."
        ),
        arguments: [
            CommandArgument(
                "prefixes",
                "awalan",
                .text,
                Phrase(en: "Such as . ! or none.", id: "Misalnya . ! atau none.")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        let prefixes = words == ["none"] ? [""] : words
        guard (1...8).contains(prefixes.count), prefixes.allSatisfy({ $0.isEmpty || BotText.isPrefix($0) }) else {
            throw context.refusal(
                Phrase(en: "A prefix has 1 to 4 characters.", id: "Awalan terdiri dari 1 sampai 4 karakter.")
            )
        }
        try await context.changeConduct { $0.prefixes = prefixes }
        try await context.reply(
            prefixes == [""]
                ? Phrase(en: "Commands need no prefix.", id: "Perintah berlaku tanpa awalan.")
                : Phrase(
                    en: "Commands begin with \(words.joined(separator: " or ")).",
                    id: "Perintah diawali dengan \(words.joined(separator: " atau "))."
                )
        )
    }
}
