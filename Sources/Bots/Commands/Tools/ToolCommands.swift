/// The commands of this folder.
enum ToolCommands {
    static let all: [any Command] = [
        CalculateCommand(),
        TranslateCommand(),
        WeatherCommand(),
        CurrencyCommand(),
        QRCommand(),
        ReadQRCommand(),
        SayCommand(),
        ScreenshotCommand(),
        Base64Command(),
        HashCommand(),
        RemindCommand(),
        AwayCommand(),
    ]
}
