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
