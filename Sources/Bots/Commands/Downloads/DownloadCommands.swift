/// The commands of this folder.
enum DownloadCommands {
    static let all: [any Command] = []
}
