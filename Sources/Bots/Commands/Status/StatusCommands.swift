/// The commands of this folder.
enum StatusCommands {
    static let all: [any Command] = [
        AutoViewCommand(),
        AutoLikeCommand(),
        AutoSaveCommand(),
        PostStatusCommand(),
    ]
}
