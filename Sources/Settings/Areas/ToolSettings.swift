/// What bots' commands may use beside WhatsApp.
package struct ToolSettings: Sendable {
    package enum Provider: String, Sendable, CaseIterable {
        case openai
        case gemini
    }

    package var toolsAtOnce: Int
    package var downloadsAtOnce: Int
    /// MiB.
    package var downloadLimit: Int
    package var downloader: String?
    package var browser: String?
    package var provider: Provider?
    package var providerKey: Secret<String>?
    package var providerAddress: String?
    package var model: String?
    package var transcriptionModel: String?
    package var places: String
    package var weather: String
    package var currency: String
    package var translation: String?
    package var translationKey: Secret<String>?

    init(reading reader: inout SettingsReader) {
        reader.begin("Tools of bots")
        toolsAtOnce = reader.value(
            "WHARF_TOOLS_AT_ONCE",
            .wholeNumber(1...64),
            standard: 4,
            help: "Programs that work on media at once; further jobs wait, and bots take turns."
        )
        downloadsAtOnce = reader.value(
            "WHARF_DOWNLOADS_AT_ONCE",
            .wholeNumber(1...64),
            standard: 2,
            help: "Downloads and pictures of pages at once."
        )
        downloadLimit = reader.value(
            "WHARF_DOWNLOAD_LIMIT",
            .wholeNumber(1...512),
            standard: 64,
            help: "The largest file that bots download, in MiB. While it is fetched, thrice as much memory is used."
        )
        downloader = reader.optional(
            "WHARF_YTDLP",
            .path,
            help: "The program yt-dlp, where it is not at the place where scripts/setup or Debian has put it."
        )
        browser = reader.optional(
            "WHARF_CHROMIUM",
            .path,
            help: "The program Chromium, for pictures of web pages. Without it bots do not make them."
        )
        let address = SettingType<String>(
            expectation: "an address such as https://example.org/v1",
            parse: { WebAddress($0)?.text },
            write: { $0 }
        )
        provider = reader.optional(
            "WHARF_AI_PROVIDER",
            .choice,
            help:
                "Who answers bots' AI commands. Without one there are none. openai stands for everybody who speaks like it."
        )
        providerKey = reader.secret("WHARF_AI_KEY", .text("a key", limit: 500), help: "The provider's key.")
        providerAddress = reader.optional(
            "WHARF_AI_URL",
            address,
            help: "The provider's address, where it is not its own."
        )
        model = reader.optional("WHARF_AI_MODEL", .text("a model's name"), help: "The model that answers.")
        transcriptionModel = reader.optional(
            "WHARF_AI_TRANSCRIPTION_MODEL",
            .text("a model's name"),
            help: "The model that writes down recordings."
        )
        places = reader.value(
            "WHARF_PLACES_URL",
            address,
            standard: "https://geocoding-api.open-meteo.com",
            help: "Where the weather command looks for places; Open-Meteo's interface."
        )
        weather = reader.value(
            "WHARF_WEATHER_URL",
            address,
            standard: "https://api.open-meteo.com",
            help: "Where the weather comes from; Open-Meteo's interface."
        )
        currency = reader.value(
            "WHARF_CURRENCY_URL",
            address,
            standard: "https://api.frankfurter.dev",
            help: "Where rates of currencies come from; Frankfurter's interface."
        )
        translation = reader.optional(
            "WHARF_TRANSLATE_URL",
            address,
            help: "A LibreTranslate server. Without one bots do not translate."
        )
        translationKey = reader.secret("WHARF_TRANSLATE_KEY", .text("a key", limit: 500), help: "That server's key.")
    }
}
