import MediaTools

/// Sends a video from Instagram.
struct InstagramCommand: Command {
    let declaration = CommandDeclaration(
        "instagram",
        aliases: ["ig", "insta"],
        .downloads,
        Phrase(en: "Sends a video from Instagram.", id: "Mengirim video dari Instagram."),
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
        let address = try context.address("address", of: ["instagram.com"])
        try await context.replyDownload(.init(.address(address), as: .video))
    }
}
