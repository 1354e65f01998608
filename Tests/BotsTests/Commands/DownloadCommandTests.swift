import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots
@testable import MediaTools

struct DownloadCommandTests {
    @Test func filesAreFetched() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let web = world.server.tools.web
            web.set("/film.mp4", .init(headers: ["Content-Type: video/mp4"], body: try await world.server.tools.film()))
            for name in [".download", ".video"] {
                let film = try await bob.asks("\(name) \(web.url)/film.mp4", in: chat)
                #expect(MP4Format(try await world.file(of: film))?.width == 160, "\(name)")
                #expect(film.text?.contains("*film*") == true, "\(name)")
            }
            for name in [".download --audio", ".play"] {
                let sound = try await bob.asks("\(name) \(web.url)/film.mp4", in: chat)
                #expect(sound.decoded.audioMessage.mimetype == "audio/mpeg", "\(name)")
            }
        }
    }

    /// The sites themselves are out of reach: the program is told that their file lies here.
    @Test func postsOfTheSitesAreFetched() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let web = world.server.tools.web
            web.set("/site.mp4", .init(headers: ["Content-Type: video/mp4"], body: try await world.server.tools.film()))
            let folder = FileManager.default.temporaryDirectory.appending(path: "sites-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let program = DownloadConfiguration.customaryPrograms.first {
                FileManager.default.isExecutableFile(atPath: $0)
            }
            let script = """
                #!/bin/sh
                left=$#
                while [ $left -gt 0 ]; do
                    word=$1
                    shift
                    case $word in https://*/site.mp4) word=\(web.url)/site.mp4 ;; esac
                    set -- "$@" "$word"
                    left=$((left - 1))
                done
                exec \(try #require(program)) "$@"
                """
            let place = folder.appending(path: "program").path
            #expect(FileManager.default.createFile(atPath: place, contents: Data(script.utf8)))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
            var configuration = DownloadConfiguration(program: place, readable: [folder.path])
            configuration.rules.allowed = [web.place]
            var services = world.server.services
            services.tools.downloader = Downloader(runner: world.server.tools.runner, configuration: configuration)
            let pipeline = BotPipeline(services: services, logger: BotServer.silence)
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            let sender = try #require(Person(number: bob.number)?.jid)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await pipeline.lanes.run() }
                for (command, site) in [
                    (".instagram", "www.instagram.com"), (".tiktok", "vm.tiktok.com"),
                    (".facebook", "www.facebook.com"), (".x", "x.com"),
                ] {
                    var content = WAMessage()
                    content.conversation = "\(command) https://\(site)/site.mp4"
                    let id = "SITE\(command.dropFirst())\(bob.number)"
                    let message = ReceivedMessage(
                        id: id,
                        chat: sender,
                        sender: sender,
                        isFromMe: false,
                        timestamp: Date(),
                        message: content
                    )
                    await pipeline.hear(.message(message), number: nil, of: running)
                    let film = try await bob.answer(to: id)
                    #expect(film.kind == "video", "\(command): \(film.text ?? "")")
                    #expect(MP4Format(try await world.file(of: film))?.width == 160, "\(command)")
                }
                tasks.cancelAll()
            }
        }
    }

    @Test func postsOfPicturesAreSentAsPictures() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let web = world.server.tools.web
            let picture = try await world.server.tools.picture()
            for name in ["/one.jpg", "/two.jpg"] {
                web.set(name, .init(headers: ["Content-Type: image/jpeg"], body: picture))
            }
            let page = """
                <html><head><meta property="og:title" content="Two"><meta property="og:image" content="/one.jpg">
                <meta content='\(web.url)/two.jpg' property='og:image'><meta property="og:image" content="/none.jpg">
                </head><body>Nothing that moves.</body></html>
                """
            web.set("/post", .init(headers: ["Content-Type: text/html; charset=utf-8"], body: Array(page.utf8)))
            let id = try await bob.says(".dl \(web.url)/post", to: chat)
            try await eventually {
                try await bob.messages().filter { $0.target == id && $0.kind == "image" }.count == 2
            }
            let first = try await bob.message { $0.target == id && $0.kind == "image" }
            #expect(ImageFormat(try await world.file(of: first))?.width == 320)
            // How far it is stands on the command all the time.
            for emoji in ["🕓", "⏳", "✅"] {
                _ = try await bob.message { $0.kind == "reaction" && $0.target == id && $0.text == emoji }
            }
            let single = try await bob.asks(".dl \(web.url)/one.jpg", in: chat)
            #expect(ImageFormat(try await world.file(of: single))?.width == 320)
        }
    }

    @Test func pagesNameTheirPictures() {
        let many = (0..<30).map { "<meta property=\"og:image\" content=\"/\($0).jpg?a=1&amp;b=2\">" }.joined()
        let found = PagePhotos.pictures(in: many, of: "https://example.org/p/1")
        #expect(found.count == PagePhotos.limit && found.first == "https://example.org/0.jpg?a=1&b=2")
        #expect(PagePhotos.pictures(in: "<meta property=og:image content=x>", of: "https://example.org").isEmpty)
        let odd = "<meta property=\"og:image\" content=\"file:///etc/passwd\"><meta name=\"og:image\" content=\"\">"
        #expect(PagePhotos.pictures(in: odd, of: "https://example.org").allSatisfy { $0.hasPrefix("https://") })
    }

    @Test func wordsAreLookedForAndAddressesTaken() {
        #expect(DownloadRequest(.search("a song\nof two lines"), as: .audio).target == "ytsearch1:a songof two lines")
        #expect(DownloadRequest(.search(""), as: .audio).target == nil)
        #expect(DownloadRequest(.address("https://a.example/x"), as: .video).target == "https://a.example/x")
    }

    @Test func whatMayNotBeFetchedIsRefused() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let web = world.server.tools.web
            web.set(
                "/huge.mp4",
                .init(headers: ["Content-Type: video/mp4"], body: [0, 0, 0, 24], statedLength: 2 << 30)
            )
            #expect(try await bob.hears(".dl \(web.url)/huge.mp4", in: chat).contains("too large"))
            #expect(try await bob.hears(".dl http://10.0.0.1/x.mp4", in: chat).contains("not on the public internet"))
            #expect(try await bob.hears(".dl \(web.url)/nothing", in: chat).contains("Nothing"))
            #expect(try await bob.hears(".dl file:///etc/passwd", in: chat).contains("no web address"))
            for name in [".instagram", ".tiktok", ".facebook", ".x"] {
                #expect(try await bob.hears("\(name) https://example.org/x", in: chat).contains("no address of"))
            }
        }
    }
}
