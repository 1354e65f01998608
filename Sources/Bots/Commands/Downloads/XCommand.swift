import MediaTools

/// Sends a video or the pictures of a post on X.
struct XCommand: Command {
    let declaration = CommandDeclaration(
        "x",
        aliases: ["twitter", "tw"],
        .downloads,
        Phrase(
            en: "Sends the video of a post on X, or its pictures.",
            id: "Mengirim video dari postingan X, atau gambarnya."
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
        let address = try context.address("address", of: ["x.com", "twitter.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
