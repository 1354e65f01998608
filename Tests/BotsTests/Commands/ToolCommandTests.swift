import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

struct ToolCommandTests {
    @Test func textsAreWorkedOn() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            #expect(try await bob.hears(".calc (2 + 3) * sqrt(16)", in: chat).hasSuffix("*20*"))
            #expect(try await bob.hears(".calc 1 / 0", in: chat).contains("no result"))
            #expect(try await bob.hears(".calc system(1)", in: chat).contains("is no function"))
            #expect(try await bob.hears(".base64 Grüße", in: chat) == "R3LDvMOfZQ==")
            #expect(try await bob.hears(".base64 --decode R3LDvMOfZQ==", in: chat) == "Grüße")
            #expect(try await bob.hears(".base64 --decode !", in: chat).contains("no text in Base64"))
            #expect(try await bob.hears(".hash md5 abc", in: chat) == "900150983cd24fb0d6963f7d28e17f72")
            #expect(
                try await bob.hears(".hash abc", in: chat)
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            )
        }
    }

    @Test func servicesAreAsked() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let weather = try await bob.hears(".weather Lisbon", in: chat)
            #expect(weather.hasPrefix("*Lisbon, Portugal*: partly cloudy\n21.5 °C"))
            #expect(try await bob.hears(".currency 10 eur usd", in: chat).hasPrefix("10 EUR = *12.5 USD*"))
            #expect(try await bob.hears(".currency 10 eur xxx", in: chat).contains("not known"))
            #expect(try await bob.hears(".currency ten eur usd", in: chat).contains("no number"))
            #expect(try await bob.hears(".translate de Good morning", in: chat) == "Guten Morgen")
            #expect(try await bob.hears(".translate ../x Good", in: chat).contains("code such as"))
        }
    }

    @Test func codesAreMadeAndRead() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let made = try await bob.asks(".qr https://example.org/a?b=c", in: chat)
            #expect(try await bob.hears(".readqr", in: chat, quoting: made.id) == "https://example.org/a?b=c")
            let picture = try await world.server.tools.picture()
            let none = try await bob.sends(picture, as: .image, "image/jpeg", ".readqr", to: chat)
            #expect(none.text?.contains("no QR code") == true)
        }
    }

    @Test func addressesAreShortened() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let link = "https://wharf.example/link/\(try #require(world.bot.account))"
            #expect(try await bob.hears(".short https://example.org/a?b=c", in: chat) == link)
            let sent = try await bob.asks(".base64 --decode aHR0cHM6Ly9leGFtcGxlLm9yZw==", in: chat)
            #expect(sent.text == "https://example.org")
            #expect(try await bob.hears(".shortlink", in: chat, quoting: sent.id) == link)
            #expect(try await bob.hears(".shorturl hello", in: chat).contains("Write an address of the web"))
        }
    }

    @Test func textIsReadAloud() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let said = try await bob.asks(".say --lang=de Guten Morgen, wie geht es?", in: world.phone.number)
            #expect(said.decoded.audioMessage.ptt)
            #expect(try #require(OggFormat(try await world.file(of: said))).seconds > 0.5)
        }
    }

    @Test func pagesAreShown() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            let page = try await bob.asks(".screenshot \(world.server.tools.web.url)/", in: chat)
            #expect(ImageFormat(try await world.file(of: page))?.width == 1_280)
            let ann = try await world.person("Ann")
            let inside = try await ann.hears(".screenshot http://169.254.169.254/", in: chat)
            #expect(inside.contains("not on the public internet"))
        }
    }
}
