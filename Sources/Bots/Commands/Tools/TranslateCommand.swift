/// Translates a text.
struct TranslateCommand: Command {
    let declaration = CommandDeclaration(
        "translate",
        aliases: ["tr", "trt"],
        .tools,
        Phrase(
            en: "Translates a text, or the answered message, into a language.",
            id: "Menerjemahkan teks, atau pesan yang dibalas."
        ),
        arguments: [
            CommandArgument(
                "language",
                "bahasa",
                .word,
                Phrase(en: "Its code, such as en, de or pt.", id: "Kode bahasanya, misalnya en, id, atau ja.")
            ),
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text; else the answered message.", id: "Teksnya; kalau kosong, pesan yang dibalas.")
            ),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let language = (context.arguments["language"] ?? "").lowercased()
        guard (2...10).contains(language.utf8.count), language.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") })
        else {
            throw context.refusal(
                Phrase(
                    en: "A language is a code such as en, de or pt.",
                    id: "Bahasa ditulis dengan kode seperti en, id, atau ja."
                )
            )
        }
        let text = try context.textOrQuoted("text")
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let result = try await Translation.make(text, to: language, lookup, context.services.tools.lookups)
            try await context.reply(verbatim: result.text)
        }
    }
}
