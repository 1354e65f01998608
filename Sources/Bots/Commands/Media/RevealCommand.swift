import WhatsApp

/// Shows its owner what was sent to be seen once.
struct RevealCommand: Command {
    let declaration = CommandDeclaration(
        "reveal",
        aliases: ["vv", "viewonce"],
        .media,
        Phrase(
            en: "Sends the owner, in private, the view-once image, video or voice note that is answered.",
            id: "Mengirim kepada pemilik, secara pribadi, gambar, video, atau pesan suara sekali lihat yang dibalas."
        ),
        permissions: .owner
    )

    func run(_ context: CommandContext) async throws {
        guard let quote = context.quote else {
            throw context.refusal(Phrase(en: "Answer a view-once message.", id: "Balas sebuah pesan sekali lihat."))
        }
        guard MessageContent(quote.message).isViewOnce else {
            throw context.refusal(
                Phrase(
                    en: "The answered message can be seen more than once.",
                    id: "Pesan yang dibalas bukan pesan sekali lihat."
                )
            )
        }
        try await context.working { try await context.keepQuotedFile() }
    }
}
