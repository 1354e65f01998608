import WhatsApp
import WhatsAppCrypto

/// Sends back what somebody's status shows.
struct SaveStatusCommand: Command {
    let declaration = CommandDeclaration(
        "savestatus",
        aliases: ["save"],
        .media,
        Phrase(
            en: "Sends you, in private, the image, video or text of the status that is answered.",
            id: "Mengirim kepadamu, secara pribadi, gambar, video, atau teks status yang dibalas."
        ),
        permissions: .botAdmin
    )

    func run(_ context: CommandContext) async throws {
        // Phones say of a quoted status that it stands among the statuses.
        guard let quote = context.quote, quote.chat?.isStatusBroadcast == true else {
            throw context.refusal(Phrase(en: "Answer a status.", id: "Balas sebuah status."))
        }
        try await context.working {
            if context.hasMedia([.image, .video, .gif, .videoNote, .audio, .voiceNote]) {
                try await context.keepQuotedFile()
            } else if let text = quote.text, !text.isEmpty {
                try await context.send(.text(OutgoingText(text)), to: context.sender.jid)
            } else {
                throw context.refusal(
                    Phrase(
                        en: "There is nothing in it that can be saved.",
                        id: "Tidak ada yang bisa disimpan di dalamnya."
                    )
                )
            }
        }
    }
}
