import MediaTools
import WhatsAppCrypto

/// Makes a voice note of a video or a recording.
struct ToVoiceCommand: Command {
    let declaration = CommandDeclaration(
        "tovoice",
        aliases: ["toptt", "ptt", "tovn"],
        .media,
        Phrase(en: "Makes a voice note of a video or a recording.", id: "Membuat pesan suara dari video atau rekaman."),
        timeLimit: .seconds(120)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.video, .videoNote, .audio, .voiceNote, .document])
        try await context.working {
            let ogg = try await tools.voiceNote(from: bytes, for: context.toolKey)
            try await context.replyVoice(ogg, tools)
        }
    }
}
