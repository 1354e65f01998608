import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

struct DownloadCommandTests {
    @Test func filesAreFetched() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let web = world.server.tools.web
            web.set("/film.mp4", .init(headers: ["Content-Type: video/mp4"], body: try await world.server.tools.film()))
            for name in ["download", "video"] {
                let film = try await bob.asks(".\(name) \(web.url)/film.mp4", in: chat)
                #expect(MP4Format(try await world.file(of: film))?.width == 160, "\(name)")
                #expect(film.text?.contains("*film*") == true, "\(name)")
            }
            for name in ["download --audio", "play"] {
                let sound = try await bob.asks(".\(name) \(web.url)/film.mp4", in: chat)
                #expect(sound.decoded.audioMessage.mimetype == "audio/mpeg", "\(name)")
            }
        }
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
            for name in ["instagram", "tiktok", "facebook", "x"] {
                #expect(try await bob.hears(".\(name) https://example.org/x", in: chat).contains("no address of"))
            }
        }
    }
}
