/// The commands of this folder.
enum GeneralCommands {
    static let all: [any Command] = [
        PingCommand(),
        MenuCommand(),
    ]
}
