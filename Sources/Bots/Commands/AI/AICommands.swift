/// The commands of this folder.
enum AICommands {
    static let all: [any Command] = [
        AskCommand(),
        SummariseCommand(),
        DescribeCommand(),
        TranscribeCommand(),
        ChatbotCommand(),
    ]
}
