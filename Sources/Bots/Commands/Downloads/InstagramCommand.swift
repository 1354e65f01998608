import MediaTools

/// Sends a video or the pictures of a post on Instagram.
struct InstagramCommand: Command {
    let declaration = CommandDeclaration(
        "instagram",
        aliases: ["ig", "insta"],
        .downloads,
        Phrase(
            en: "Sends the video of a post on Instagram, or its pictures.",
            id: "Mengirim video dari postingan Instagram, atau gambarnya."
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
        let address = try context.address("address", of: ["instagram.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
