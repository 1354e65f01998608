import Foundation
import Testing
import WharfTestSupport
import WhatsApp

@testable import MediaTools

@Suite struct DownloaderTests {
    private func with(
        _ change: (inout DownloadConfiguration) -> Void = { _ in },
        _ body: (Downloader, FileServer) async throws -> Void
    ) async throws {
        let server = try await FileServer([:])
        server.set(
            "/film.mp4",
            .init(headers: ["Content-Type: video/mp4"], body: try await TestMedia.video(seconds: 2))
        )
        let program = DownloadConfiguration.customaryPrograms.first { FileManager.default.isExecutableFile(atPath: $0) }
        var configuration = DownloadConfiguration(program: try #require(program, "scripts/setup installs yt-dlp"))
        configuration.rules.allowed = [server.place]
        change(&configuration)
        try await body(Downloader(runner: TestMedia.runner, configuration: configuration), server)
        await server.stop()
    }

    @Test func aFilmIsFetched() async throws {
        try await with { downloader, server in
            let film = try await downloader.fetch(
                DownloadRequest(.address("\(server.url)/film.mp4"), as: .video),
                for: "a"
            )
            #expect(try #require(MP4Format(film.bytes)).width == 160)
            #expect(film.title == "film")
            let sound = try await downloader.fetch(
                DownloadRequest(.address("\(server.url)/film.mp4"), as: .audio),
                for: "a"
            )
            #expect(InputFormat(sound.bytes) == .mp3)
        }
    }

    @Test func redirectsAreFollowedAndLookedAt() async throws {
        try await with { downloader, server in
            server.set("/away", .init(status: "302 Found", headers: ["Location: \(server.url)/film.mp4"]))
            let film = try await downloader.fetch(DownloadRequest(.address("\(server.url)/away"), as: .video), for: "a")
            #expect(MP4Format(film.bytes) != nil)
            let secret = try await FileServer(["/film.mp4": .init(headers: ["Content-Type: video/mp4"])])
            server.set("/inside", .init(status: "302 Found", headers: ["Location: \(secret.url)/film.mp4"]))
            await #expect(throws: DownloadError.privateAddress) {
                try await downloader.fetch(DownloadRequest(.address("\(server.url)/inside"), as: .video), for: "a")
            }
            #expect(secret.requests.isEmpty)
            await secret.stop()
        }
    }

    @Test func whatIsTooLargeIsRefusedBeforeItIsFetched() async throws {
        try await with { downloader, server in
            server.set(
                "/huge.mp4",
                .init(headers: ["Content-Type: video/mp4"], body: [0, 0, 0, 24], statedLength: 2 << 30)
            )
            await #expect(throws: DownloadError.tooLarge(limit: 64 << 20)) {
                try await downloader.fetch(DownloadRequest(.address("\(server.url)/huge.mp4"), as: .video), for: "a")
            }
        }
    }

    @Test func whatHidesItsSizeIsCutOff() async throws {
        try await with(
            { $0.byteLimit = 1 << 20 },
            { downloader, server in
                let endless = [UInt8](repeating: 7, count: 12 << 20)
                server.set(
                    "/liar.mp4",
                    .init(headers: ["Content-Type: video/mp4"], body: endless, statedLength: 1_000_000_000)
                )
                await #expect(throws: DownloadError.self) {
                    try await downloader.fetch(
                        DownloadRequest(.address("\(server.url)/liar.mp4"), as: .video),
                        for: "a"
                    )
                }
            }
        )
    }

    @Test(arguments: ["http://169.254.169.254/latest", "http://localhost/x"])
    func privateAddressesAreRefused(address: String) async throws {
        try await with { downloader, _ in
            await #expect(throws: DownloadError.privateAddress) {
                try await downloader.fetch(DownloadRequest(.address(address), as: .video), for: "a")
            }
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://example.org/x", "x", "http://", "http://user:word@example.org/", "--exec=id",
    ])
    func otherAddressesAreNone(address: String) async throws {
        try await with { downloader, _ in
            await #expect(throws: DownloadError.invalidAddress) {
                try await downloader.fetch(DownloadRequest(.address(address), as: .video), for: "a")
            }
        }
    }

    @Test func nothingIsFoundWhereNothingIs() async throws {
        try await with { downloader, server in
            await #expect(throws: DownloadError.nothingFound) {
                try await downloader.fetch(DownloadRequest(.address("\(server.url)/missing"), as: .video), for: "a")
            }
        }
    }

    @Test func aMissingProgramIsNamed() async throws {
        try await with(
            { $0.program = "/usr/bin/no-yt-dlp" },
            { downloader, server in
                await #expect(throws: DownloadError.notInstalled("no-yt-dlp")) {
                    try await downloader.fetch(
                        DownloadRequest(.address("\(server.url)/film.mp4"), as: .video),
                        for: "a"
                    )
                }
            }
        )
    }

    @Test func pagesArePictured() async throws {
        let secret = try await FileServer([:])
        let server = try await FileServer([
            "/": .init(headers: ["Content-Type: text/html"], body: Array("<h1>Hello</h1>".utf8)),
            "/inside": .init(status: "302 Found", headers: ["Location: \(secret.url)/"]),
        ])
        let pictures = PagePictures(
            runner: TestMedia.runner,
            program: "/usr/bin/chromium",
            rules: OutboundRules(allowed: [server.place])
        )
        let format = try #require(ImageFormat(try await pictures.picture(of: server.url + "/", for: "a")))
        #expect(format.kind == .png && format.width == 1_280)
        await #expect(throws: DownloadError.privateAddress) {
            try await pictures.picture(of: server.url + "/inside", for: "a")
        }
        await #expect(throws: DownloadError.invalidAddress) {
            try await pictures.picture(of: "file:///etc/passwd", for: "a")
        }
        #expect(secret.requests.isEmpty)
        await secret.stop()
        await server.stop()
    }
}
