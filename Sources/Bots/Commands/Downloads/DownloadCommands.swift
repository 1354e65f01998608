/// The commands of this folder.
enum DownloadCommands {
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
