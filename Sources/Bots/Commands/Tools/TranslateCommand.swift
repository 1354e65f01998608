/// Translates a text.
struct TranslateCommand: Command {
    let declaration = CommandDeclaration(
        "translate",
        aliases: ["tr", "trt"],
        .tools,
        "Translates a text, or the answered message, into a language.",
        arguments: [
            CommandArgument("language", .word, "Its code, such as en, de or pt."),
            CommandArgument("text", .text, optional: true, "The text; else the answered message."),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let language = (context.arguments["language"] ?? "").lowercased()
        guard (2...10).contains(language.utf8.count), language.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") })
        else { throw context.refusal("A language is a code such as en, de or pt.") }
        let text = try context.textOrQuoted("text")
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let result = try await Translation.make(text, to: language, lookup, context.services.tools.lookups)
            try await context.reply(result.text)
        }
    }
}
