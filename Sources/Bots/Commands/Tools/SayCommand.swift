import MediaTools

/// Reads a text aloud.
struct SayCommand: Command {
    let declaration = CommandDeclaration(
        "say",
        aliases: ["tts", "speak"],
        .tools,
        Phrase(en: "Reads a text aloud in a voice note.", id: "Membacakan teks dalam pesan suara."),
        arguments: [
            CommandArgument(
                flag: "lang",
                Phrase(en: "The language's code, as in --lang=de.", id: "Kode bahasanya, misalnya --lang=id.")
            ),
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "The text; else the answered message.", id: "Teksnya; kalau kosong, pesan yang dibalas.")
            ),
        ],
        settings: [
            CommandSetting(
                "language",
                .text(limit: 20),
                standard: Phrase(en: "en", id: "id"),
                help: Phrase(en: "The language's code.", id: "Kode bahasanya.")
            )
        ]
    )

    private static let textLimit = 1_000

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let text = try context.textOrQuoted("text")
        guard text.count <= Self.textLimit else {
            throw context.refusal(
                Phrase(
                    en: "At most \(Self.textLimit) letters are read.",
                    id: "Paling banyak \(Self.textLimit) huruf yang dibacakan."
                )
            )
        }
        let wanted = context.arguments.flags["lang"].flatMap { $0.isEmpty ? nil : $0 }
        let language = wanted ?? context.setting("language")
        try await context.working {
            let wav = try await tools.speech(text, language: language, for: context.toolKey)
            let ogg = try await tools.voiceNote(from: wav, for: context.toolKey)
            try await context.replyVoice(ogg, tools)
        }
    }
}
