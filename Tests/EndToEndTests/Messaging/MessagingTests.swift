import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(4)))
struct MessagingTests {
    @Test func textsGoBothWays() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let sent = try await ada.send("hello", to: bob.jid)
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

    @Test func messagesOfOneChatKeepTheirOrder() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            for number in 0..<40 { _ = try await ada.send("\(number)", to: bob.jid) }
            try await eventually { bob.texts.count == 40 }
            #expect(bob.texts == (0..<40).map(String.init))
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    @Test func whatWaitedArrivesOnceAfterAnAbsence() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            await bob.session.stop()
            for number in 0..<10 { _ = try await ada.send("\(number)", to: bob.jid) }
            let again = try await RunningSession.start(
                try #require(try await bob.store.credentials()),
                in: world,
                store: bob.store
            )
            try await eventually { again.texts.count == 10 }
            #expect(again.texts == (0..<10).map(String.init))
            #expect(!again.messages.contains { !$0.isOffline })
            #expect(bob.store.messages.count == 11)
            await ada.session.stop()
            await again.session.stop()
        }
    }

    @Test func sendingIsReportedAsDelivered() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { ada.receipts.contains { $0.ids == [sent.id] && $0.status == .delivered } }
            try await eventually { bob.texts == ["hello"] }
            let chat = try #require(bob.messages.first?.chat)
            try await bob.session.markRead([sent.id], in: chat, author: nil)
            try await eventually { ada.receipts.contains { $0.ids == [sent.id] && $0.status == .read } }
            try await eventually { ada.store.messages.first { $0.id == sent.id }?.status == .read }
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    @Test func unknownRecipientIsRefused() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let nobody = JID(user: "15559999999", server: .user)
            await #expect(throws: SendError.self) { _ = try await ada.send("hello?", to: nobody) }
            await ada.session.stop()
        }
    }
}
