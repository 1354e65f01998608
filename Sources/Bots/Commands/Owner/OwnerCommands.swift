/// The commands of this folder.
enum OwnerCommands {
    static let all: [any Command] = [
        BroadcastCommand(),
        BlockCommand(),
        UnblockCommand(),
        LeaveCommand(),
        JoinCommand(),
        SetPictureCommand(),
        SetMyNameCommand(),
        SetAboutCommand(),
        RestartCommand(),
        ModeCommand(),
        SetPrefixCommand(),
        EnableCommand(),
        DisableCommand(),
        SilenceCommand(),
        AdminCommand(),
    ]
}
