import MediaTools

/// Sends a video or its sound from any page.
struct DownloadCommand: Command {
    let declaration = CommandDeclaration(
        "download",
        aliases: ["dl", "get"],
        .downloads,
        Phrase(
            en: "Sends the video of a page, or with --audio its sound.",
            id: "Mengirim video dari sebuah halaman, atau suaranya saja dengan --audio."
        ),
        arguments: [
            CommandArgument(
                "address",
                "alamat",
                .url,
                Phrase(en: "The address of the page or file.", id: "Alamat halaman atau berkasnya.")
            ),
            CommandArgument(flag: "audio", Phrase(en: "Only the sound.", id: "Suaranya saja.")),
        ],
        timeLimit: .seconds(300)
    )

    func run(_ context: CommandContext) async throws {
        let address = context.arguments["address"] ?? ""
        let kind: DownloadRequest.Kind = context.arguments.has(flag: "audio") ? .audio : .video
        try await context.replyDownload(DownloadRequest(.address(address), as: kind))
    }
}
