import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(2)))
struct ContactTokenTests {
    /// The salt is read once, and what another device makes of it counts from the next message on.
    @Test func aMessageCarriesTheTokenOfTheSaltInForce() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            try await ada.knowsAppState()
            let other = try await world.person(SandboxWorld.number, name: "Ada")
            try await other.knowsAppState()
            let bob = try await world.person("15550002222", name: "Bob")
            try await world.sandbox.tapMessages()
            #expect(try await token(of: "before", from: ada, to: bob, world) == nil)
            for salt: [UInt8]? in [[1, 2, 3], [4, 5], nil] {
                let action = AppStateAction.contactTokenSalt(salt)
                try await other.session.changeAppState([action])
                try await eventually { ada.changes.last?.action == action }
                let expected = salt.map { ContactToken.make(salt: $0, recipient: bob.lid) }
                #expect(try await token(of: "with \(String(describing: salt))", from: ada, to: bob, world) == expected)
                #expect(try await token(of: "again", from: ada, to: bob, world) == expected)
            }
            for session in [ada, other, bob] { await session.session.stop() }
        }
    }

    private func token(
        of text: String,
        from ada: RunningSession,
        to bob: RunningSession,
        _ world: SandboxWorld
    ) async throws -> [UInt8]? {
        let sent = try await ada.send(text, to: bob.jid)
        let stanza = try #require(
            try await world.sandbox.tappedMessages().first { $0.attributes.text("id") == sent.id }
        )
        return stanza.child("cstoken")?.bytes.map(Array.init)
    }
}
