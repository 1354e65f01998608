import MediaTools

/// Sends a video from TikTok.
struct TikTokCommand: Command {
    let declaration = CommandDeclaration(
        "tiktok",
        aliases: ["tt"],
        .downloads,
        Phrase(en: "Sends a video from TikTok.", id: "Mengirim video dari TikTok."),
        arguments: [
            CommandArgument(
                "address",
                "alamat",
                .url,
                Phrase(en: "The address of the post.", id: "Alamat postingannya.")
            )
        ],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["tiktok.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
