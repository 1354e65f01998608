import MediaTools
import WhatsApp
import WhatsAppCrypto

/// Takes the sound out of a video, or makes an MP3 of a recording.
struct ToMP3Command: Command {
    let declaration = CommandDeclaration(
        "tomp3",
        aliases: ["toaudio", "mp3"],
        .media,
        Phrase(
            en: "Takes the sound out of a video, or makes an MP3 of a recording.",
            id: "Mengambil suara dari video, atau membuat MP3 dari rekaman."
        ),
        timeLimit: .seconds(120)
    )

    func run(_ context: CommandContext) async throws {
        let tools = try context.mediaTools()
        let bytes = try await context.fileContent([.video, .videoNote, .audio, .voiceNote, .document])
        try await context.working {
            let mp3 = try await tools.mp3(from: bytes, for: context.toolKey)
            let seconds = try await tools.probe(mp3, for: context.toolKey).seconds
            try await context.replyAudio(
                .bytes(mp3),
                isVoiceNote: false,
                mimeType: "audio/mpeg",
                seconds: seconds.flatMap { UInt32(exactly: $0.rounded()) }
            )
        }
    }
}
