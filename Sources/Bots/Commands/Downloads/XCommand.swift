import MediaTools

/// Sends a video from X.
struct XCommand: Command {
    let declaration = CommandDeclaration(
        "x",
        aliases: ["twitter", "tw"],
        .downloads,
        "Sends a video from X.",
        arguments: [CommandArgument("address", .url, "The address of the post.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["x.com", "twitter.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
