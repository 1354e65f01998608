import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

struct AICommandTests {
    @Test func theProviderAnswers() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let chat = world.phone.number
            #expect(try await bob.hears(".ask What is 2 + 2?", in: chat) == "The answer is four.")
            let long = try await bob.says("A long story.", to: chat)
            #expect(try await bob.hears(".tldr", in: chat, quoting: long) == "The answer is four.")
            let picture = try await world.server.tools.picture()
            let described = try await bob.sends(picture, as: .image, "image/jpeg", ".describe", to: chat)
            #expect(described.text == "The answer is four.")
            let film = try await world.server.tools.film()
            let written = try await bob.sends(film, as: .video, "video/mp4", ".transcribe", to: chat)
            #expect(written.text == "Good morning.")
            let requests = world.server.tools.web.requests
            #expect(requests.contains { $0.contains("What is 2 + 2?") })
            #expect(requests.contains { $0.contains("A long story.") })
            #expect(requests.contains { $0.contains("data:image\\/jpeg;base64") })
            // Somebody else, because of the pause between questions.
            let ann = try await world.person("Ann")
            #expect(try await ann.hears(".describe", in: chat).contains("Send or answer an image"))
        }
    }
}
