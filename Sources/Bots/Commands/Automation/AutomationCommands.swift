/// The commands of this folder.
enum AutomationCommands {
    static let all: [any Command] = [
        AutoReplyCommand(),
        AddCommandCommand(),
        DeleteCommandCommand(),
        ListCommandsCommand(),
        CronCommand(),
        ScheduleCommand(),
        NoteCommand(),
        SaveNoteCommand(),
        DeleteNoteCommand(),
        FilterCommand(),
        StopFilterCommand(),
        PresetCommand(),
    ]
}
