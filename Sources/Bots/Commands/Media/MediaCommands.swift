/// The commands of this folder.
enum MediaCommands {
    static let all: [any Command] = [
        StickerCommand(),
        TakeCommand(),
        ToImageCommand(),
        ToVideoCommand(),
        ToGIFCommand(),
        ToMP3Command(),
        ToVoiceCommand(),
        CropCommand(),
        EnhanceCommand(),
        QuoteStickerCommand(),
        TextStickerCommand(isAnimated: true),
        TextStickerCommand(isAnimated: false),
        RevealCommand(),
        SaveStatusCommand(),
    ]
}
