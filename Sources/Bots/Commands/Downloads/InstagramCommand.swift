import MediaTools

/// Sends a video from Instagram.
struct InstagramCommand: Command {
    let declaration = CommandDeclaration(
        "instagram",
        aliases: ["ig", "insta"],
        .downloads,
        "Sends a video from Instagram.",
        arguments: [CommandArgument("address", .url, "The address of the post.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["instagram.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
