import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

struct OwnerCommandTests {
    @Test func generalCommandsAnswer() async throws {
        try await BotWorld.run {
            $0.owners = ["15559990000"]
        } _: { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await bob.hears(".alive", in: bot) == "Helper is here for you, Bob.")
            #expect(try await bob.hears(".info", in: bot).contains("Mode: public"))
            #expect(try await bob.hears(".uptime", in: bot).hasPrefix("Up for"))
            #expect(try await bob.hears(".stats", in: bot).contains("received"))
            try await bob.says(".owner", to: bot)
            let owner = try await bob.message { $0.kind == "contact" }
            #expect(owner.decoded.contactMessage.vcard.contains("15559990000"))
            #expect(try await world.phone.hears(".session", in: bob.number).contains("WORKING"))
        }
    }

    @Test func theOwnerIsToldOfReports() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let owner = try await world.person("Olga")
            try await world.store.changeConduct(of: world.bot.id) { $0.owners = [owner.number] }
            #expect(try await bob.hears(".report It is slow", in: world.phone.number).contains("has been told"))
            _ = try await owner.message { $0.text?.contains("It is slow") == true }
            #expect(try await bob.hears(".report", in: world.phone.number).contains("missing"))
            // Somebody whose number is the owner's is obeyed.
            #expect(try await owner.hears(".session", in: world.phone.number).contains("WORKING"))
        }
    }

    @Test func broadcastsReachTheGroups() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let (first, second) = (try await world.group(of: [bob]), try await world.group(of: [bob], named: "Others"))
            #expect(try await world.phone.hears(".broadcast Hello all", in: bob.number).contains("Sent to 2 of 2"))
            for group in [first, second] {
                _ = try await bob.message { $0.text == "Hello all" && $0.chat == group.jid }
            }
            #expect(try await world.phone.hears(".broadcast Again", in: bob.number).contains("again in"))
            #expect(try await bob.hears(".broadcast Me too", in: world.phone.number).contains("owner"))
            // The hour is the bot's, whichever owner asks, and wherever.
            try await world.store.changeConduct(of: world.bot.id) { $0.owners = [bob.number] }
            #expect(try await bob.hears(".broadcast Me too", in: world.phone.number).contains("again in"))
            #expect(try await world.phone.hears(".broadcast Again", in: first.jid).contains("again in"))
            #expect(try await bob.messages().contains { $0.text == "Again" || $0.text == "Me too" && !$0.own } == false)
            // An hour later it may be any message that is answered.
            try await world.server.database.execute(
                "UPDATE bot_deeds SET at = at - interval '61 minutes' WHERE bot_id = \(world.bot.id)"
            )
            let quoted = try await bob.says("Doors open at eight", to: world.phone.number)
            let answer = try await bob.hears(".broadcast", in: world.phone.number, quoting: quoted)
            #expect(answer.contains("Sent to 2 of 2"))
            _ = try await bob.message { $0.text == "Doors open at eight" && $0.chat == second.jid }
        }
    }

    @Test func theAccountIsChanged() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await world.phone.hears(".setabout At work", in: bob.number).contains("changed"))
            #expect(try await world.phone.hears(".setmyname Robo", in: bob.number).contains("Robo"))
            try await eventually { try await world.session().account?.pushName == "Robo" }
            #expect(try await world.phone.hears(".setpp", in: bob.number).contains("an image"))
            let session = try await world.session()
            let account = await session.account
            let own = try #require(account).jid.withoutDevice
            #expect(try await world.session().picture(of: own, isPreview: false) == .none)
            let png = try await world.server.tools.make("testsrc=size=300x200", ["-frames:v", "1"], "me.png")
            let changed = try await world.phone.sends(png, as: .image, "image/png", ".setpp", to: bob.number)
            #expect(changed.text == "The picture is changed.")
            guard case .found(let picture) = try await world.session().picture(of: own, isPreview: false) else {
                Issue.record("There is no picture.")
                return
            }
            let bytes = await session.content(of: picture) ?? []
            let kept = try #require(ImageFormat(bytes))
            #expect(kept.kind == .jpeg && kept.width == 640 && kept.height == 640)
            // Whose picture it is stands in what is quoted from them.
            let plain = try await bob.asks(".quote So it is", in: world.phone.number)
            let faced = try await world.phone.asks(".quote So it is", in: bob.number)
            let sizes = [try await world.file(of: plain).count, try await world.file(of: faced).count]
            #expect(sizes[1] > sizes[0] + 300)
            #expect(try await world.phone.hears(".block", in: bob.number).contains("blocked"))
            #expect(try await world.session().blocklist().entries.count == 1)
            #expect(try await world.phone.hears(".unblock", in: bob.number).contains("not blocked"))
            let group = try await world.group(of: [world.phone, bob], by: bob)
            #expect(try await world.phone.hears(".leave", in: group.jid) == "Goodbye.")
            try await eventually { try await !group.has(world.phone) }
            let code = try await group.view().inviteCode
            #expect(
                try await world.phone.hears(".join https://chat.whatsapp.com/\(code)", in: bob.number).contains(
                    "in the group"
                )
            )
            #expect(try await group.has(world.phone))
            #expect(try await world.phone.hears(".join x", in: bob.number).contains("no invite link"))
            #expect(try await world.phone.hears(".silence on", in: group.jid).contains("silent"))
            let unheard = try await bob.says(".ping", to: group.jid)
            #expect(try await world.phone.hears(".silence off", in: group.jid).contains("again"))
            #expect(try await bob.messages().contains { $0.target == unheard && !$0.own } == false)
        }
    }

    @Test func theBotIsRestarted() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let before = try await world.session()
            #expect(try await world.phone.hears(".restart", in: bob.number).contains("back"))
            try await eventually { (try? await world.session()).map { $0 !== before } ?? false }
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
        }
    }

    @Test func statusesAreSeenLikedKeptAndPosted() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await world.phone.hears(".autoview on", in: bob.number).contains("looked at"))
            #expect(try await world.phone.hears(".autolike x", in: bob.number).contains("one emoji"))
            #expect(try await world.phone.hears(".autolike 💚", in: bob.number) == "Statuses get 💚.")
            #expect(try await world.phone.hears(".autolike off", in: bob.number) == "Statuses get no reaction.")
            #expect(try await world.phone.hears(".autosave on", in: bob.number).contains("kept"))
            #expect(try await bob.hears(".autoview on", in: world.phone.number).contains("owner"))
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            guard let sender = Person(number: bob.number) else { return }
            var content = WAMessage()
            content.extendedTextMessage.text = "At the beach"
            let status = ReceivedMessage(
                id: "STATUS1",
                chat: .status,
                sender: sender.jid,
                isFromMe: false,
                timestamp: Date(),
                message: content
            )
            await world.server.pipeline.hear(.message(status), number: nil, of: running)
            _ = try await world.phone.message { $0.text == "At the beach" }
            #expect(try await world.phone.hears(".poststatus Good morning", in: bob.number).contains("posted"))
            #expect(try await world.phone.hears(".autosave off", in: bob.number) == "Statuses are not kept.")
            #expect(try await world.phone.hears(".autoview off", in: bob.number) == "Statuses are not looked at.")
        }
    }

    @Test func callsAreRefused() async throws {
        try await BotWorld.run {
            $0.rejectsCalls = true
            $0.callAnswer = "Please write."
        } _: { world in
            let bob = try await world.person("Bob")
            let call = try await world.sandbox.startCall(from: bob.number, to: world.phone.number)
            _ = try await bob.message { $0.text == "Please write." }
            try await eventually { try await world.sandbox.call(call.id)?.state == .rejected }
        }
    }
}
