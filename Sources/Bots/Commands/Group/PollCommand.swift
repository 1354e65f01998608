import WhatsApp

/// Asks a question with options.
struct PollCommand: Command {
    let declaration = CommandDeclaration(
        "poll",
        aliases: ["vote"],
        .group,
        Phrase(
            en: "Makes a poll: a question and two to twelve options, with | between them.",
            id: "Membuat polling: pertanyaan dan dua sampai dua belas pilihan, dipisah |."
        ),
        arguments: [
            CommandArgument(
                "poll",
                "polling",
                .text,
                Phrase(en: "Such as: Pizza or pasta? | Pizza | Pasta", id: "Misalnya: Bakso atau soto? | Bakso | Soto")
            ),
            CommandArgument(
                flag: "many",
                Phrase(en: "Several options may be chosen.", id: "Boleh memilih lebih dari satu.")
            ),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let parts = (context.arguments["poll"] ?? "").split { $0 == "|" || $0 == "\n" }.map(\.trimmed).filter {
            !$0.isEmpty
        }
        guard parts.count >= 3, parts.count <= 13 else {
            throw context.refusal(
                Phrase(en: "Write a question and 2 to 12 options.", id: "Tulis pertanyaan dan 2 sampai 12 pilihan.")
            )
        }
        let options = Array(parts.dropFirst())
        guard parts[0].count <= OutgoingPoll.nameLimit, options.allSatisfy({ $0.count <= OutgoingPoll.optionLimit }),
            Set(options).count == options.count
        else {
            throw context.refusal(
                Phrase(
                    en: "The options must be short, and no two of them the same.",
                    id: "Pilihannya harus pendek dan tidak boleh ada yang sama."
                )
            )
        }
        let count = context.arguments.has(flag: "many") ? 0 : 1
        try await context.send(.poll(OutgoingPoll(name: parts[0], options: options, selectableCount: count)))
    }
}
