/// The commands of this folder.
enum DownloadCommands {
    /// With the time in the queue; what a download itself may take is the downloader's to say.
    static let timeLimit = Duration.seconds(1_200)

    static let all: [any Command] = [
        PlayCommand(),
        VideoCommand(),
        InstagramCommand(),
        TikTokCommand(),
        FacebookCommand(),
        XCommand(),
        DownloadCommand(),
    ]
}
