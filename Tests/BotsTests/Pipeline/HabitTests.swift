import Foundation
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots
@testable import WhatsApp

/// What bots do by themselves, as phones see it, and how chats differ.
struct HabitTests {
    /// Whether a stanza with all these parts has lately come from a client.
    private func stanza(_ world: BotWorld, _ parts: String...) async throws -> Bool {
        try await world.sandbox.recentStanzas().contains { line in parts.allSatisfy { line.contains($0) } }
    }

    @Test func workIsShown() async throws {
        try await BotWorld.run {
            $0.autoTyping = .typing
        } _: { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await bob.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            try await eventually { try await stanza(world, "<chatstate", group.jid, "<composing/>") }
            try await eventually { try await stanza(world, "<chatstate", group.jid, "<paused/>") }
            try await world.store.changeConduct(of: world.bot.id) { $0.autoTyping = .recording }
            _ = try await bob.hears(".ping", in: group.jid)
            try await eventually { try await stanza(world, "<chatstate", group.jid, "media=\"audio\"") }
            try await world.store.changeConduct(of: world.bot.id) { $0.autoTyping = .off }
            let other = try await world.group(of: [bob], named: "Quiet")
            _ = try await bob.hears(".ping", in: other.jid)
            #expect(try await !stanza(world, "<chatstate", other.jid))
        }
    }

    @Test func beingOnlineIsSwitchedAtOnce() async throws {
        try await BotWorld.run { world in
            let session = try await world.session()
            #expect(await !session.isAvailable)
            try await world.store.changeConduct(of: world.bot.id) { $0.showsOnline = true }
            #expect(await session.isAvailable)
            try await world.store.changeConduct(of: world.bot.id) { $0.showsOnline = false }
            #expect(await !session.isAvailable)
        }
    }

    @Test func messagesAreReadAndReactedTo() async throws {
        try await BotWorld.run {
            $0.readsMessages = true
            $0.autoReact = ["🔥"]
        } _: { world in
            let bob = try await world.person("Bob")
            let id = try await bob.says("Hello", to: world.phone.number)
            _ = try await bob.message { $0.kind == "reaction" && $0.target == id && $0.text == "🔥" }
            _ = try await bob.message { $0.id == id && $0.receipts.contains { $0.type == "read" } }
        }
    }

    @Test func statusesAreSeenLikedAndShownToContacts() async throws {
        try await BotWorld.run {
            $0.viewsStatuses = true
            $0.reactsToStatuses = "💚"
        } _: { world in
            let bob = try await world.person("Bob")
            let session = try await world.session()
            try await world.sandbox.changeAppState(
                #"{"action":"contact","chat":"\#(bob.number)","name":"Bob"}"#,
                at: world.phone.number
            )
            let running = RunningSessionBuilder.make(world.bot.session, session)
            let sender = try #require(Person(number: bob.number)?.jid)
            // The contact is known once it is synchronised.
            var number = 0
            try await eventually {
                number += 1
                var content = WAMessage()
                content.extendedTextMessage.text = "At the beach"
                let status = ReceivedMessage(
                    id: "STATUS\(number)\(bob.number)",
                    chat: .status,
                    sender: sender,
                    isFromMe: false,
                    timestamp: Date(),
                    message: content
                )
                await world.server.pipeline.hear(.message(status), number: nil, of: running)
                try await eventually { world.server.pipeline.lanes.load.running == 0 }
                return try await bob.messages().contains { $0.kind == "reaction" && $0.text == "💚" }
            }
            try await eventually {
                try await stanza(world, "<receipt", "STATUS\(number)\(bob.number)", "type=\"read\"")
            }
            #expect(try await world.phone.hears(".poststatus Good morning", in: bob.number).contains("posted"))
            _ = try await bob.message { $0.text == "Good morning" && $0.chat.hasPrefix("status") }
        }
    }

    @Test func chatsDiffer() async throws {
        try await BotWorld.run { world in
            let (ann, bob) = (try await world.person("Ann"), try await world.person("Bob"))
            let group = try await world.group(of: [ann, bob])
            try await world.sandbox.changeMembers(.promote, [ann.number], of: group.id, by: world.phone.number)
            let control = BotControl(services: world.server.services)
            _ = try await control.change(group.jid, of: world.bot.id, by: world.owner) {
                $0.prefixes = ["#"]
                $0.disabledCategories = [.tools]
            }
            let dot = try await bob.says(".ping", to: group.jid)
            #expect(try await bob.hears("#ping", in: group.jid).hasPrefix("Pong!"))
            #expect(try await bob.messages().contains { $0.target == dot && !$0.own } == false)
            #expect(try await bob.hears("#calc 1 + 1", in: group.jid).contains("switched off"))
            #expect(try await bob.hears(".calc 1 + 1", in: world.phone.number).contains("2"))
            _ = try await control.change(group.jid, of: world.bot.id, by: world.owner) { $0.isForAdmins = true }
            #expect(try await bob.hears("#ping", in: group.jid).contains("administrators of the group"))
            #expect(try await ann.hears("#ping", in: group.jid).hasPrefix("Pong!"))
        }
    }

    @Test func ownCommandsAreSwitchedInOneChat() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".addcmd rules Be kind.", in: group.jid)
            #expect(try await world.phone.hears(".disable rules --here", in: group.jid).contains("off in this chat"))
            #expect(try await bob.hears(".rules", in: group.jid).contains("switched off"))
            #expect(try await bob.hears(".rules", in: world.phone.number) == "Be kind.")
            let control = BotControl(services: world.server.services)
            let kept = try await control.change(group.jid, of: world.bot.id, by: world.owner) { $0.isForAdmins = false }
            #expect(kept.disabledCommands == ["rules"])
            await #expect(throws: ConductError("disabledCommands", .unknownCommand)) {
                try await control.change(group.jid, of: world.bot.id, by: world.owner) { $0.disabledCommands = ["no"] }
            }
            #expect(try await world.phone.hears(".enable rules --here", in: group.jid).contains("on in this chat"))
            #expect(try await bob.hears(".rules", in: group.jid) == "Be kind.")
        }
    }
}
