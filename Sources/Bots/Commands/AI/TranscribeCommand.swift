import Assistant
import MediaTools
import WhatsAppCrypto

/// Writes down what is said.
struct TranscribeCommand: Command {
    let declaration = CommandDeclaration(
        "transcribe",
        aliases: ["stt", "totext"],
        .ai,
        Phrase(
            en: "Writes down what is said in a voice note, a recording or a video.",
            id: "Menuliskan ucapan dalam pesan suara, rekaman, atau video."
        ),
        coolDown: .seconds(2),
        timeLimit: .seconds(180)
    )

    func run(_ context: CommandContext) async throws {
        let assistant = try context.assistant()
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.voiceNote, .audio, .video, .videoNote], limit: 32 << 20)
        try await context.working {
            // Whatever it was: small, without a picture, and of a kind that providers know.
            let mp3 = try await tools.mp3(from: bytes, for: context.toolKey)
            let text = try await assistant.transcribe(AssistantFile(mp3, mimeType: "audio/mpeg"))
            guard !text.isEmpty else {
                throw CommandRefusal(Phrase(en: "Nothing is said in it.", id: "Tidak ada ucapan di dalamnya."))
            }
            try await context.reply(verbatim: text)
        }
    }
}
