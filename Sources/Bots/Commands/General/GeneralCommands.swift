/// The commands of this folder.
enum GeneralCommands {
    static let all: [any Command] = [
        AliveCommand(),
        PingCommand(),
        MenuCommand(),
        OwnerCommand(),
        InfoCommand(),
        UptimeCommand(),
        StatisticsCommand(),
        SessionCommand(),
        ReportCommand(),
    ]
}
