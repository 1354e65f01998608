import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

/// What is done about each kind of message that must not be.
struct OffenceTests {
    @Test func linksAreWarnedOfOrEndTheMembership() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            _ = try await world.phone.hears(".antilink warn", in: group.jid)
            try await bob.says("see bad.com", to: group.jid)
            _ = try await bob.message { $0.text?.contains("warning 1 of 3: links are not allowed") == true }
            // A link that is put in later is one as well, and what it was put into is taken away.
            let innocent = try await bob.says("see you", to: group.jid)
            try await bob.does(.edit(innocent, text: "see bad.com"), in: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == innocent }
            _ = try await world.phone.hears(".antilink kick", in: group.jid)
            try await carol.says("https://bad.com", to: group.jid)
            try await eventually { try await !group.has(carol) }
            _ = try await bob.message { $0.text?.contains("was removed: links are not allowed") == true }
        }
    }

    @Test func badWordsAreTakenAwayOrEndTheMembership() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let ask = { (text: String) in try await world.phone.hears(text, in: group.jid) }
            #expect(try await ask(".antibadword add darn, heck, fudge").contains("3 on the list"))
            #expect(try await ask(".antibadword remove fudge").contains("2 on the list"))
            #expect(try await ask(".antibadword list").contains("darn, heck"))
            #expect(try await ask(".antibadword add").contains("commas"))
            #expect(try await ask(".antibadword delete").contains("delete"))
            let word = try await bob.says("oh darn", to: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == word }
            _ = try await bob.message { $0.text?.contains("such words are not allowed") == true }
            #expect(try await ask(".antibadword kick").contains("kick"))
            try await bob.says("heck", to: group.jid)
            try await eventually { try await !group.has(bob) }
            #expect(try await ask(".antibadword off") == "Bad words are not watched.")
        }
    }

    @Test func floodsAreTakenAwayOrWarnedOf() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            _ = try await world.phone.hears(".antispam delete 2 60", in: group.jid)
            let first = try await bob.says("spam", to: group.jid)
            try await bob.says("more spam", to: group.jid)
            let third = try await bob.says("still more spam", to: group.jid)
            let fourth = try await bob.says("spam without end", to: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == third }
            _ = try await bob.message { $0.kind == "revoke" && $0.target == fourth }
            let revoked = try await bob.messages().filter { $0.kind == "revoke" }.map(\.target)
            #expect(!revoked.contains(first))
            // Said once, however many there are.
            _ = try await bob.message { $0.text?.contains("too many messages at once") == true }
            _ = try await world.phone.hears(".antispam warn 2 60", in: group.jid)
            try await carol.says("spam", to: group.jid)
            try await carol.says("more spam", to: group.jid)
            try await carol.says("still more spam", to: group.jid)
            _ = try await carol.message { $0.text?.contains("warning 1 of 3: too many messages") == true }
            let notices = try await bob.messages().compactMap(\.text).filter {
                $0.contains("too many messages at once")
            }
            #expect(notices.count == 2)
        }
    }

    @Test func whoIsWarnedTooOftenMayBeOnlyTold() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".warnlimit 1 warn", in: group.jid) == "After 1 warning: told.")
            try await world.phone.says(".warn @\(bob.number) rude", to: group.jid, mentions: [bob])
            _ = try await bob.message { $0.text?.contains("this was the last of 1 warning: rude") == true }
            #expect(try await group.has(bob))
            #expect(try await world.phone.hears(".warnings", in: group.jid) == "Nobody has a warning.")
        }
    }

    @Test func otherBotsAreTakenAway() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".antibot delete", in: group.jid)
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            let metadata = try await world.session().participatingGroups().first { $0.jid.description == group.jid }
            let member = try #require(metadata?.members.first { !$0.role.isAdmin })
            var answer = WAMessage()
            answer.extendedTextMessage.text = "Pong from elsewhere"
            answer.extendedTextMessage.contextInfo.stanzaID = "ASKED"
            answer.extendedTextMessage.contextInfo.quotedMessage.conversation = "!ping"
            var plain = WAMessage()
            plain.conversation = "Hello"
            let told: [(id: String, device: UInt16, content: WAMessage)] = [
                ("BAE5\(String(repeating: "0", count: 12))", 0, plain), ("3EB0AAAAAAAAAAAAAAAAAA", 7, answer),
                // Neither a computer's message nor a phone's is a bot's.
                ("3EB0BBBBBBBBBBBBBBBBBB", 7, plain), ("AC0000000000000000", 0, answer),
            ]
            for (id, device, content) in told {
                let message = ReceivedMessage(
                    id: id,
                    chat: try #require(metadata?.jid),
                    sender: member.jid,
                    device: device,
                    senderAlternate: member.alternate,
                    isFromMe: false,
                    timestamp: Date(),
                    message: content
                )
                await world.server.pipeline.hear(.message(message), number: nil, of: running)
            }
            for (id, _, _) in told.prefix(2) {
                _ = try await bob.message { $0.kind == "revoke" && $0.target == id }
            }
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let revoked = try await bob.messages().filter { $0.kind == "revoke" }.map(\.target)
            #expect(Set(revoked) == Set(told.prefix(2).map(\.id)))
        }
    }

    @Test func otherBotsAreWarnedOrEndTheirMembership() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            let metadata = try await world.session().participatingGroups().first { $0.jid.description == group.jid }
            let member = try #require(metadata?.members.first { !$0.role.isAdmin })
            let chat = try #require(metadata?.jid)
            var content = WAMessage()
            content.conversation = "Beep"
            for (action, id) in [("warn", "BAE5000000000001"), ("kick", "BAE5000000000002")] {
                #expect(try await world.phone.hears(".antibot \(action)", in: group.jid) == "Other bots: \(action).")
                let message = ReceivedMessage(
                    id: id,
                    chat: chat,
                    sender: member.jid,
                    senderAlternate: member.alternate,
                    isFromMe: false,
                    timestamp: Date(),
                    message: content
                )
                await world.server.pipeline.hear(.message(message), number: nil, of: running)
                _ = try await world.phone.message { $0.kind == "revoke" && $0.target == id }
                if action == "warn" {
                    _ = try await bob.message { $0.text?.contains("warning 1 of 3: bots are not allowed") == true }
                    #expect(try await group.has(bob))
                }
            }
            try await eventually { try await !group.has(bob) }
            _ = try await world.phone.message { $0.text?.contains("was removed: bots are not allowed") == true }
            #expect(try await world.phone.hears(".antibot off", in: group.jid) == "Other bots are allowed.")
        }
    }

    @Test func deletedMediaAndPrivateMessagesAreShownAgain() async throws {
        try await BotWorld.run {
            $0.keepsDeleted = true
        } _: { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".antidelete on", in: group.jid)
            let picture = try await world.server.tools.picture()
            let media = PhoneMedia(kind: .image, bytes: picture, type: "image/jpeg", caption: "Beach")
            let id = try await bob.does(.media(media), in: group.jid)
            try await bob.does(.revoke(id), in: group.jid)
            let again = try await bob.message { $0.kind == "image" && $0.id != id }
            #expect(ImageFormat(try await world.file(of: again))?.width == 320)
            // Of private chats the owner alone is told.
            let secret = try await bob.says("only for you", to: world.phone.number)
            try await bob.does(.revoke(secret), in: world.phone.number)
            let told = try await world.phone.message { $0.text?.contains("only for you") == true && $0.device != 0 }
            #expect(told.text?.contains("has deleted a message in a chat") == true)
            #expect(
                try await bob.messages().contains { $0.text?.contains("has deleted a message in a chat") == true }
                    == false
            )
        }
    }

    @Test func aSecondEditShowsWhatWasThereBeforeIt() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".antidelete on", in: group.jid)
            let id = try await bob.says("one", to: group.jid)
            try await bob.does(.edit(id, text: "two"), in: group.jid)
            _ = try await bob.message { $0.text?.hasSuffix("has changed a message:\none") == true }
            // Written down like the first.
            try await world.server.pipeline.keeping.flush()
            try await bob.does(.edit(id, text: "three"), in: group.jid)
            _ = try await bob.message { $0.text?.hasSuffix("has changed a message:\ntwo") == true }
            try await bob.does(.revoke(id), in: group.jid)
            _ = try await bob.message { $0.text?.hasSuffix("has deleted a message:\nthree") == true }
        }
    }
}
