import MediaTools

/// Sends a video from TikTok.
struct TikTokCommand: Command {
    let declaration = CommandDeclaration(
        "tiktok",
        aliases: ["tt"],
        .downloads,
        "Sends a video from TikTok.",
        arguments: [CommandArgument("address", .url, "The address of the post.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["tiktok.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
