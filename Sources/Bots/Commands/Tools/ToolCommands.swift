/// The commands of this folder.
enum ToolCommands {
    static let all: [any Command] = [
        CalculateCommand(),
        TranslateCommand(),
        WeatherCommand(),
        CurrencyCommand(),
        QRCommand(),
        ReadQRCommand(),
        ShortenCommand(),
        SayCommand(),
        ScreenshotCommand(),
        Base64Command(),
        HashCommand(),
        RemindCommand(),
        AwayCommand(),
    ]
}
