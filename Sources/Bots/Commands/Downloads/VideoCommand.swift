import MediaTools

/// Sends a YouTube video, by its address or by what it is called.
struct VideoCommand: Command {
    let declaration = CommandDeclaration(
        "video",
        aliases: ["ytmp4", "ytv", "yt"],
        .downloads,
        Phrase(
            en: "Sends a YouTube video, by its address or by what it is called.",
            id: "Mengirim video YouTube, lewat alamat atau judulnya."
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
        try await context.replyDownload(.init(source, as: .video))
    }
}
