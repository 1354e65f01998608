/// The commands of this folder.
enum AutomationCommands {
    static let all: [any Command] = [
        AutoReplyCommand(),
        AddCommandCommand(),
        DeleteCommandCommand(),
        ListCommandsCommand(),
        CronCommand(),
        PresetCommand(),
    ]
}
