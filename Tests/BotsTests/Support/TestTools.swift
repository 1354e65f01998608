import Accounts
import Assistant
import Foundation
import HTTPClient
import Logging
import MediaTools
import WharfTestSupport

@testable import Bots

/// Shortens by the account's name, so that a test sees whose link it is.
struct TestLinks: LinkShortener {
    func shorten(_ target: String, for account: AccountID, share: Double) async throws -> String {
        guard target.hasPrefix("https://") else { throw LinkRefusal.notAnAddress }
        if target.hasSuffix("/share") { return "share \(share)" }
        return "https://wharf.example/link/\(account)"
    }
}

/// The tools of the test server: real programs in their sandbox, and a web server for everything that is asked elsewhere.
struct TestTools: Sendable {
    let tools: BotTools
    let web: FileServer
    let runner: ToolRunner

    static func make(http: HTTPClient) async throws -> TestTools {
        let web = try await FileServer([
            "/v1/search": .init(
                json: #"{"results":[{"name":"Lisbon","country":"Portugal","latitude":38.7,"longitude":-9.1}]}"#
            ),
            "/v1/forecast": .init(
                json: """
                    {"current":{"temperature_2m":21.5,"apparent_temperature":22,"relative_humidity_2m":60,\
                    "wind_speed_10m":9.4,"weather_code":2},"daily":{"temperature_2m_max":[24],"temperature_2m_min":[15]}}
                    """
            ),
            "/v1/latest": .init(json: #"{"amount":1.0,"base":"EUR","date":"2026-11-20","rates":{"USD":1.25}}"#),
            "/translate": .init(json: #"{"translatedText":"Guten Morgen","detectedLanguage":{"language":"en"}}"#),
            "/ai/chat/completions": .init(
                json: #"{"choices":[{"message":{"content":"The answer is four."},"finish_reason":"stop"}]}"#
            ),
            "/ai/audio/transcriptions": .init(json: #"{"text":"Good morning."}"#),
            "/": .init(headers: ["Content-Type: text/html"], body: Array("<h1>Hello</h1>".utf8)),
        ])
        let runner = ToolRunner(logger: BotServer.silence)
        var tools = BotTools()
        tools.media = MediaTools(runner: runner)
        let program = DownloadConfiguration.customaryPrograms.first { FileManager.default.isExecutableFile(atPath: $0) }
        var downloads = DownloadConfiguration(program: program ?? DownloadConfiguration.customaryPrograms[0])
        downloads.rules.allowed = [web.place]
        tools.downloader = Downloader(runner: runner, configuration: downloads)
        tools.pages = PagePictures(runner: runner, program: "/usr/bin/chromium", rules: downloads.rules)
        tools.assistant = Assistant(
            configuration: AssistantConfiguration(.openAI, address: web.url + "/ai", key: AssistantKey("key")),
            http: http
        )
        tools.links = TestLinks()
        tools.lookups.places = web.url
        tools.lookups.weather = web.url
        tools.lookups.currency = web.url
        tools.lookups.translation = web.url
        return TestTools(tools: tools, web: web, runner: runner)
    }

    /// Media made by ffmpeg's own sources.
    func make(_ source: String, _ options: [String], _ result: String) async throws -> [UInt8] {
        var order = ToolOrder(
            "/usr/bin/ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", source] + options + [ToolOrder.place(of: result)]
        )
        order.output = .file(result)
        return try await runner.run(order, for: "test")
    }

    /// As ffprobe says.
    func seconds(of bytes: [UInt8], _ name: String) async throws -> Double {
        var order = ToolOrder(
            "/usr/bin/ffprobe",
            ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", ToolOrder.path(of: name)]
        )
        order.inputs = [ToolOrder.Input(name, bytes)]
        let text = String(decoding: try await runner.run(order, for: "test"), as: UTF8.self)
        return Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    func picture() async throws -> [UInt8] {
        try await make("testsrc=size=320x200", ["-frames:v", "1"], "picture.jpg")
    }

    func film() async throws -> [UInt8] {
        let sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"]
        return try await make("testsrc=size=160x90:rate=8:duration=1", sound + ["-pix_fmt", "yuv420p"], "film.mp4")
    }
}
