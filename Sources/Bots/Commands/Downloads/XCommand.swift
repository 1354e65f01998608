import MediaTools

/// Sends a video from X.
struct XCommand: Command {
    let declaration = CommandDeclaration(
        "x",
        aliases: ["twitter", "tw"],
        .downloads,
        Phrase(en: "Sends a video from X.", id: "Mengirim video dari X."),
        arguments: [
            CommandArgument(
                "address",
                "alamat",
                .url,
                Phrase(en: "The address of the post.", id: "Alamat postingannya.")
            )
        ],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = try context.address("address", of: ["x.com", "twitter.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
