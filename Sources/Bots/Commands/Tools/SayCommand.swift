import MediaTools

/// Reads a text aloud.
struct SayCommand: Command {
    let declaration = CommandDeclaration(
        "say",
        aliases: ["tts", "speak"],
        .tools,
        "Reads a text aloud in a voice note.",
        arguments: [
            CommandArgument("lang", .flag, "The language's code, as in --lang=de."),
            CommandArgument("text", .text, optional: true, "The text; else the answered message."),
        ],
        settings: [CommandSetting("language", .text(limit: 20), standard: "en", help: "The language's code.")]
    )

    private static let textLimit = 1_000

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let text = try context.textOrQuoted("text")
        guard text.count <= Self.textLimit else { throw context.refusal("At most \(Self.textLimit) letters are read.") }
        let wanted = context.arguments.flags["lang"].flatMap { $0.isEmpty ? nil : $0 }
        let language = wanted ?? context.setting("language")
        try await context.working {
            let wav = try await tools.speech(text, language: language, for: context.toolKey)
            let ogg = try await tools.voiceNote(from: wav, for: context.toolKey)
            try await context.replyVoice(ogg, tools)
        }
    }
}
