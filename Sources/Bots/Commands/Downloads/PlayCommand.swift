import MediaTools

/// Sends the sound of a YouTube video, by its address or by what it is called.
struct PlayCommand: Command {
    let declaration = CommandDeclaration(
        "play",
        aliases: ["song", "music", "ytmp3", "yta"],
        .downloads,
        Phrase(
            en: "Sends the sound of a YouTube video, by its address or by what it is called.",
            id: "Mengirim suara video YouTube, lewat alamat atau judulnya."
        ),
        arguments: [
            CommandArgument(
                "search",
                "cari",
                .text,
                optional: true,
                Phrase(en: "An address, or words to look for.", id: "Alamat, atau kata yang dicari.")
            )
        ],
        timeLimit: DownloadCommands.timeLimit
    )

    func run(_ context: CommandContext) async throws {
        let source = try context.addressOrSearch("search")
        try await context.replyDownload(.init(source, as: .audio))
    }
}
