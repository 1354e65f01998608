import MediaTools

/// Sends the sound of a YouTube video, by its address or by what it is called.
struct PlayCommand: Command {
    let declaration = CommandDeclaration(
        "play",
        aliases: ["song", "music", "ytmp3", "yta"],
        .downloads,
        "Sends the sound of a YouTube video, by its address or by what it is called.",
        arguments: [CommandArgument("search", .text, optional: true, "An address, or words to look for.")],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let source = try context.addressOrSearch("search")
        try await context.replyDownload(.init(source, as: .audio))
    }
}
