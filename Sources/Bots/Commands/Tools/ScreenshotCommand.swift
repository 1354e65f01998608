import MediaTools

/// Shows a web page.
struct ScreenshotCommand: Command {
    let declaration = CommandDeclaration(
        "screenshot",
        aliases: ["ss", "ssweb"],
        .tools,
        Phrase(en: "Sends a picture of a web page.", id: "Mengirim tangkapan layar sebuah halaman web."),
        arguments: [
            CommandArgument("address", "alamat", .url, Phrase(en: "The address of the page.", id: "Alamat halamannya."))
        ],
        coolDown: .seconds(10),
        timeLimit: .seconds(90)
    )

    func run(_ context: CommandContext) async throws {
        guard let pages = context.services.tools.pages else {
            throw CommandRefusal(
                Phrase(
                    en: "Pictures of pages are not set up on this server.",
                    id: "Tangkapan layar belum disiapkan di server ini."
                )
            )
        }
        let address = context.arguments["address"] ?? ""
        try await context.working {
            let picture = try await pages.picture(of: address, for: context.toolKey)
            try await context.replyPicture(picture, caption: address)
        }
    }
}
