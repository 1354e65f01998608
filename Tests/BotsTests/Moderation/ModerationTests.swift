import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

struct ModerationTests {
    @Test(
        arguments: [
            ("see https://example.org/x", ["example.org"]), ("www.Example.com", ["example.com"]),
            ("wa.me/123", ["wa.me"]),
            ("mail me@example.com", []), ("no.thing here", []), ("End.Of sentence", []),
            ("http://user@evil.xyz:80/a", ["evil.xyz"]),
            ("1.5 metres", []), ("chat.whatsapp.com/ABC", ["chat.whatsapp.com"]), ("https://sub.weird", ["sub.weird"]),
        ]
    )
    func links(_ text: String, _ hosts: [String]) {
        #expect(LinkFinder.hosts(in: text) == hosts)
    }

    @Test func words() {
        for bad in ["you DAMN fool", "d@mn", "daaamn!", "dámn", "d4mn it"] {
            #expect(WordFinder.find(["damn"], in: bad) == "damn", "\(bad)")
        }
        #expect(WordFinder.find(["damn"], in: "Amsterdamned") == nil)
        #expect(WordFinder.find(["bad thing"], in: "such a bad, thing") == "bad thing")
    }

    @Test func linksAndWordsAreTakenAway() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".antilink delete", in: group.jid).contains("delete"))
            #expect(try await world.phone.hears(".antilink allow example.org", in: group.jid).contains("example.org"))
            #expect(try await world.phone.hears(".antibadword add damn, heck", in: group.jid).contains("2 on the list"))
            #expect(try await world.phone.hears(".antibadword warn", in: group.jid).contains("warn"))
            let good = try await bob.says("see https://www.example.org", to: group.jid)
            let link = try await bob.says("see bad.com", to: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == link }
            _ = try await bob.message { $0.text?.contains("links are not allowed") == true }
            let word = try await bob.says("oh heck", to: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == word }
            _ = try await bob.message { $0.text?.contains("warning 1 of 3") == true }
            #expect(try await bob.messages().contains { $0.kind == "revoke" && $0.target == good } == false)
            // Administrators write what they like.
            let own = try await world.phone.says("see bad.com", to: group.jid)
            #expect(try await world.phone.hears(".antilink off", in: group.jid) == "Links are allowed.")
            #expect(try await bob.messages().contains { $0.kind == "revoke" && $0.target == own } == false)
            #expect(try await bob.hears(".antilink off", in: group.jid).contains("administrators of the group"))
        }
    }

    @Test func floodsAndSlowMode() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            #expect(try await world.phone.hears(".antispam kick 3 60", in: group.jid).contains("More than 3"))
            for number in 0..<5 { try await bob.says("spam \(number)", to: group.jid) }
            try await eventually { try await !group.has(bob) }
            #expect(try await world.phone.hears(".antispam off", in: group.jid).contains("not watched"))
            #expect(try await world.phone.hears(".slowmode 10m", in: group.jid).contains("10 min"))
            let first = try await carol.says("one", to: group.jid)
            let second = try await carol.says("two", to: group.jid)
            _ = try await carol.message { $0.kind == "revoke" && $0.target == second }
            #expect(try await carol.messages().contains { $0.kind == "revoke" && $0.target == first } == false)
            #expect(try await world.phone.hears(".slowmode off", in: group.jid) == "Slow mode is off.")
        }
    }

    @Test func whatIsDeletedIsShownAgain() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".antidelete on", in: group.jid).contains("shown again"))
            let id = try await bob.says("a secret", to: group.jid)
            try await bob.does(.revoke(id), in: group.jid)
            _ = try await bob.message {
                $0.text?.contains("has deleted a message") == true && $0.text?.contains("a secret") == true
            }
            let other = try await bob.says("before", to: group.jid)
            try await bob.does(.edit(other, text: "after"), in: group.jid)
            _ = try await bob.message {
                $0.text?.contains("has changed a message") == true && $0.text?.contains("before") == true
            }
            // Written down, it is found after a restart as well.
            let kept = try await bob.says("kept", to: group.jid)
            _ = try await bob.hears(".ping", in: group.jid)
            try await world.server.pipeline.keeping.flush()
            let live = try #require(try await world.store.live.find(world.bot.session))
            let found = try await world.server.pipeline.keeping.find(kept, in: group.jid, of: live)
            #expect(found?.content.plainText == "kept")
            // Nobody reads it in the database.
            let row = try await world.server.database.queryOne(
                "SELECT content FROM bot_kept_messages WHERE bot_id = \(world.bot.id) AND message_id = \(kept)"
            )
            let sealed: [UInt8] = try #require(try row?.decode("content"))
            #expect(!String(decoding: sealed, as: UTF8.self).contains("kept"))
            #expect(try await world.phone.hears(".antidelete off", in: group.jid).contains("stay deleted"))
        }
    }

    @Test func peopleAreGreeted() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob])
            #expect(
                try await world.phone.hears(".welcome set Hello {mention} in {group}, {members} of us", in: group.jid)
                    .contains("greeted")
            )
            #expect(try await world.phone.hears(".goodbye on", in: group.jid).contains("Goodbye"))
            try await world.sandbox.changeMembers(.add, [carol.number], of: group.id, by: world.phone.number)
            let hello = try await bob.message { $0.text?.hasPrefix("Hello @") == true }
            #expect(hello.text?.hasSuffix("in Friends, 3 of us") == true)
            #expect(hello.decoded.extendedTextMessage.contextInfo.mentionedJid.count == 1)
            try await world.sandbox.changeMembers(.leave, of: group.id, by: carol.number)
            _ = try await bob.message { $0.text?.hasPrefix("Goodbye @") == true }
            #expect(try await world.phone.hears(".welcome off", in: group.jid) == "Nobody is greeted.")
            #expect(try await world.phone.hears(".antibot warn", in: group.jid) == "Other bots: warn.")
            #expect(try await world.phone.hears(".hours 08:00 22:30", in: group.jid).contains("08:00"))
            #expect(try await world.phone.hears(".hours 8 9", in: group.jid).contains("two times"))
        }
    }

    @Test func aThousandWhoLeaveAtOnceAreFewMessages() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".goodbye on", in: group.jid)
            guard let jid = Person(number: bob.number)?.jid else { return }
            let chat = try await world.session().participatingGroups().first { $0.jid.description == group.jid }?.jid
            guard let chat else { return }
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            let all = (0..<1_024).compactMap { Person(number: "1777\(1_000_000 + $0)")?.jid }.map {
                GroupMember(jid: $0)
            }
            let event = GroupEvent(
                group: chat,
                author: jid,
                timestamp: Date(),
                kind: .members(.leave, all, reason: nil)
            )
            await world.server.pipeline.hear(.group(event), number: nil, of: running)
            for member in all {
                let single = GroupEvent(group: chat, timestamp: Date(), kind: .members(.leave, [member], reason: nil))
                await world.server.pipeline.hear(.group(single), number: nil, of: running)
            }
            let goodbye = try await bob.message { $0.text?.contains("and 1004 others") == true }
            #expect(goodbye.decoded.extendedTextMessage.contextInfo.mentionedJid.count == 20)
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            #expect(try await bob.messages().filter { $0.text?.hasPrefix("Goodbye") == true }.count == 5)
        }
    }
}
