import Assistant
import Bots
import Foundation
import HTTPClient
import Logging
import MediaTools
import Settings

extension BotTools {
    /// Everything that the settings and this machine offer.
    init(_ settings: ToolSettings, http: HTTPClient) {
        self.init()
        var configuration = ToolConfiguration()
        configuration.concurrency = settings.toolsAtOnce
        media = MediaTools(runner: ToolRunner(configuration: configuration, logger: Logger(label: "tools")))
        // A runner of its own: who waits for the network must not hold up a sticker.
        configuration.concurrency = settings.downloadsAtOnce
        let fetching = ToolRunner(configuration: configuration, logger: Logger(label: "downloads"))
        if let program = Self.downloader(settings) {
            let isSystem = program.hasPrefix("/usr/")
            // A virtual environment's root is two above its program.
            let root = URL(filePath: program).deletingLastPathComponent().deletingLastPathComponent().path
            var downloads = DownloadConfiguration(program: program, readable: isSystem ? [] : [root])
            downloads.byteLimit = settings.downloadLimit << 20
            downloader = Downloader(runner: fetching, configuration: downloads)
        }
        pages = settings.browser.map { PagePictures(runner: fetching, program: $0) }
        assistant = settings.provider.map { provider in
            Assistant(configuration: AssistantConfiguration(provider, settings), http: http)
        }
        lookups.places = settings.places
        lookups.weather = settings.weather
        lookups.currency = settings.currency
        lookups.translation = settings.translation ?? ""
        lookups.translationKey = settings.translationKey?.reveal() ?? ""
    }

    /// Where it is said to be, else where setup or Debian puts it.
    private static func downloader(_ settings: ToolSettings) -> String? {
        if let program = settings.downloader { return program }
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? environment["HOME"].map { $0 + "/.local/share" }
        let own = home.map { ["\($0)/wharf/yt-dlp/bin/yt-dlp"] } ?? []
        return (own + DownloadConfiguration.customaryPrograms).first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}

extension AssistantConfiguration {
    fileprivate init(_ provider: ToolSettings.Provider, _ settings: ToolSettings) {
        self.init(
            provider == .openai ? .openAI : .gemini,
            address: settings.providerAddress,
            model: settings.model,
            transcriptionModel: settings.transcriptionModel,
            key: AssistantKey(settings.providerKey?.reveal() ?? "")
        )
    }
}
