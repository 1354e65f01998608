import MediaTools

/// Sends a video or its sound from any page.
struct DownloadCommand: Command {
    let declaration = CommandDeclaration(
        "download",
        aliases: ["dl", "get"],
        .downloads,
        "Sends the video of a page, or with --audio its sound.",
        arguments: [
            CommandArgument("address", .url, "The address of the page or file."),
            CommandArgument("audio", .flag, "Only the sound."),
        ],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = context.arguments["address"] ?? ""
        let kind: DownloadRequest.Kind = context.arguments.has(flag: "audio") ? .audio : .video
        try await context.replyDownload(DownloadRequest(.address(address), as: kind))
    }
}
