import MediaTools

/// Sends a video or the pictures of a post on TikTok.
struct TikTokCommand: Command {
    let declaration = CommandDeclaration(
        "tiktok",
        aliases: ["tt"],
        .downloads,
        Phrase(
            en: "Sends the video of a post on TikTok, or its pictures.",
            id: "Mengirim video dari postingan TikTok, atau gambarnya."
        ),
        arguments: [
            CommandArgument(
                "address",
                "alamat",
                .url,
                Phrase(en: "The address of the post.", id: "Alamat postingannya.")
            )
        ],
        timeLimit: DownloadCommands.timeLimit
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["tiktok.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
