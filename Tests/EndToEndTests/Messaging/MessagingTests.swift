import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(1)))
struct MessagingTests {
    @Test func textsGoBothWays() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let sent = try await ada.send("hello", to: bob.jid)
            #expect(!sent.id.isEmpty)
            try await eventually { bob.texts == ["hello"] }
            let message = try #require(bob.messages.first)
            #expect(message.id == sent.id)
            #expect(!message.isFromMe)
            try await eventually { bob.store.messages.map(\.id) == [sent.id] }
            _ = try await bob.send("hello yourself", to: message.chat)
            try await eventually { ada.texts == ["hello yourself"] }
            await ada.session.stop()
            await bob.session.stop()
        }
    }
}
