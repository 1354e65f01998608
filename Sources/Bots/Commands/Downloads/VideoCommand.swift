import MediaTools

/// Sends a YouTube video, by its address or by what it is called.
struct VideoCommand: Command {
    let declaration = CommandDeclaration(
        "video",
        aliases: ["ytmp4", "ytv", "yt"],
        .downloads,
        "Sends a YouTube video, by its address or by what it is called.",
        arguments: [CommandArgument("search", .text, optional: true, "An address, or words to look for.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let source = try context.addressOrSearch("search")
        try await context.replyDownload(.init(source, as: .video))
    }
}
