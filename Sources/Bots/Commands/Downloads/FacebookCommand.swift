import MediaTools

/// Sends a video from Facebook.
struct FacebookCommand: Command {
    let declaration = CommandDeclaration(
        "facebook",
        aliases: ["fb"],
        .downloads,
        "Sends a video from Facebook.",
        arguments: [CommandArgument("address", .url, "The address of the post.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["facebook.com", "fb.watch"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
