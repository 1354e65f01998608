import MediaTools

/// Sends a video or the pictures of a post on Facebook.
struct FacebookCommand: Command {
    let declaration = CommandDeclaration(
        "facebook",
        aliases: ["fb"],
        .downloads,
        Phrase(
            en: "Sends the video of a post on Facebook, or its pictures.",
            id: "Mengirim video dari postingan Facebook, atau gambarnya."
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
        let address = try context.address("address", of: ["facebook.com", "fb.watch"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
