import MediaTools

/// Sends a video from Facebook.
struct FacebookCommand: Command {
    let declaration = CommandDeclaration(
        "facebook",
        aliases: ["fb"],
        .downloads,
        Phrase(en: "Sends a video from Facebook.", id: "Mengirim video dari Facebook."),
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
        let address = try context.address("address", of: ["facebook.com", "fb.watch"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
