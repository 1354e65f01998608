import MediaTools

/// Sends a video, its sound or pictures from any page.
struct DownloadCommand: Command {
    let declaration = CommandDeclaration(
        "download",
        aliases: ["dl", "get"],
        .downloads,
        Phrase(
            en: "Sends the video of a page, with --audio its sound, or its pictures where there is no video.",
            id: "Mengirim video dari sebuah halaman, suaranya saja dengan --audio, atau gambarnya bila tanpa video."
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
        timeLimit: DownloadCommands.timeLimit
    )

    func run(_ context: CommandContext) async throws {
        let address = context.arguments["address"] ?? ""
        let kind: DownloadRequest.Kind = context.arguments.has(flag: "audio") ? .audio : .video
        try await context.replyDownload(DownloadRequest(.address(address), as: kind))
    }
}
