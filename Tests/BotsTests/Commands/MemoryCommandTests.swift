import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

/// What chats and people ask a bot to keep in mind.
struct MemoryCommandTests {
    @Test func remindersComeAtTheirTime() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await bob.hears(".remind 10m Tea for {name}", in: group.jid).contains("remind you at"))
            #expect(try await bob.hears(".remindme list", in: group.jid).contains("1. "))
            #expect(try await bob.hears(".remind soon Tea", in: group.jid).contains("a time to come"))
            #expect(try await bob.hears(".remind 10m", in: group.jid).contains("what I shall remind"))
            #expect(try await bob.hears(".remind cancel 2", in: group.jid).contains("number"))
            // Somebody else's are not listed, and not cancelled.
            let carol = try await world.person("Carol")
            #expect(try await carol.hears(".remind", in: world.phone.number) == "You have no reminders.")
            try await world.server.database.execute(
                "UPDATE bot_scheduled_messages SET next_at = now() - interval '5 seconds' WHERE bot_id = \(world.bot.id)"
            )
            try await world.server.pipeline.doWhatIsDue()
            let reminder = try await bob.message { $0.text?.hasPrefix("⏰ @") == true }
            #expect(reminder.text?.hasSuffix("Tea for {name}") == true)
            #expect(reminder.decoded.extendedTextMessage.contextInfo.mentionedJid.count == 1)
            for number in 0..<10 {
                #expect(try await bob.hears(".remind \(number + 1)h x", in: group.jid).contains("remind you at"))
            }
            #expect(try await bob.hears(".remind 5h x", in: group.jid).contains("already"))
            #expect(try await bob.hears(".remind cancel 1", in: group.jid).contains("not remind"))
            #expect(try await bob.hears(".remind 5h x", in: group.jid).contains("remind you at"))
        }
    }

    @Test func messagesAreSentLater() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(
                try await world.phone.hears(".schedule tomorrow 8:00 Good morning", in: group.jid).contains("08:00")
            )
            #expect(try await world.phone.hears(".cron list", in: group.jid).contains("Good morning"))
            #expect(try await world.phone.hears(".schedule never x", in: group.jid).contains("a time to come"))
            #expect(try await world.phone.hears(".schedule 2h", in: group.jid).contains("after the time"))
            #expect(try await bob.hears(".sendlater 2h x", in: group.jid).contains("administrators"))
            try await world.server.database.execute(
                "UPDATE bot_scheduled_messages SET next_at = now() - interval '5 seconds' WHERE bot_id = \(world.bot.id)"
            )
            try await world.server.pipeline.doWhatIsDue()
            _ = try await bob.message { $0.text == "Good morning" }
            #expect(try await world.phone.hears(".cron list", in: group.jid) == "Nothing is planned here.")
        }
    }

    @Test func notesAreKeptForOneChat() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".savenote rules Be kind\nand short", in: group.jid).contains("Kept"))
            let long = try await world.phone.says("The address is 5 Quay", to: group.jid)
            #expect(try await world.phone.hears(".addnote Where", in: group.jid, quoting: long).contains("Kept"))
            #expect(try await bob.hears(".note RULES", in: group.jid) == "Be kind\nand short")
            #expect(try await bob.hears(".getnote where", in: group.jid) == "The address is 5 Quay")
            #expect(try await bob.hears(".notes", in: group.jid) == "rules\nwhere")
            #expect(try await bob.hears(".note rules", in: world.phone.number).contains("no note"))
            #expect(try await bob.hears(".savenote x y", in: group.jid).contains("administrators of the group"))
            #expect(try await bob.hears(".delnote rules", in: group.jid).contains("administrators of the group"))
            #expect(try await world.phone.hears(".savenote x", in: group.jid).contains("Write a text"))
            #expect(try await world.phone.hears(".delnote rules", in: group.jid) == "The note is gone.")
            #expect(try await world.phone.hears(".delnote rules", in: group.jid).contains("no note"))
        }
    }

    @Test func filtersAnswerInOneChat() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let (group, other) = (try await world.group(of: [bob]), try await world.group(of: [bob], named: "Others"))
            #expect(try await world.phone.hears(".filter tea | Tea is at 5, {name}.", in: group.jid).contains("“tea”"))
            #expect(try await bob.hears("when is TEA?", in: group.jid) == "Tea is at 5, Bob.")
            let elsewhere = try await bob.says("when is tea?", to: other.jid)
            #expect(try await bob.hears(".ping", in: other.jid).hasPrefix("Pong!"))
            #expect(try await bob.messages().contains { $0.target == elsewhere && !$0.own } == false)
            #expect(try await world.phone.hears(".filter Tea | At 6.", in: group.jid).contains("answered here"))
            #expect(try await bob.hears("tea?", in: group.jid) == "At 6.")
            #expect(try await world.phone.hears(".filters", in: group.jid) == "“Tea” → At 6.")
            #expect(try await world.phone.hears(".filter tea", in: group.jid).contains("Usage"))
            #expect(try await bob.hears(".filter x | y", in: group.jid).contains("administrators of the group"))
            #expect(try await world.phone.hears(".stop cake", in: group.jid).contains("not answered here"))
            #expect(try await world.phone.hears(".stop tea", in: group.jid) == "That is not answered any more.")
            #expect(try await world.phone.hears(".filter", in: group.jid) == "Nothing is answered here.")
        }
    }

    @Test func whoIsAwayIsExcused() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            #expect(try await bob.hears(".afk Lunch", in: group.jid) == "Bob is away: Lunch")
            let asked = try await carol.hears("@\(bob.number) where are you?", in: group.jid, mentions: [bob])
            #expect(asked.hasPrefix("Bob is away for") && asked.hasSuffix(": Lunch"))
            // Said once a minute.
            let again = try await carol.says("@\(bob.number)?", to: group.jid, mentions: [bob])
            #expect(try await carol.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            #expect(try await carol.messages().contains { $0.target == again && !$0.own } == false)
            // Kept over a restart, and forgotten when they write again.
            try await world.store.live.load(world.bot.session)
            #expect(try await bob.hears("I am back", in: group.jid).hasPrefix("Welcome back, Bob."))
            try await eventually { try await world.store.live.find(world.bot.session)?.away.isEmpty == true }
            #expect(
                try await bob.hears(".afk \(String(repeating: "x", count: 201))", in: world.phone.number).contains(
                    "at most 200"
                )
            )
        }
    }

    @Test func theAITalksWhereItIsAskedTo() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await bob.hears(".chatbot on", in: bot).contains("administrators"))
            #expect(try await world.phone.hears(".chatbot on", in: bob.number) == "I talk here.")
            let marker = "What is \(UUID())?"
            #expect(try await bob.hears(marker, in: bot) == "The answer is four.")
            #expect(try await bob.hears("And then?", in: bot) == "The answer is four.")
            // What was said before is part of the next question.
            let last = world.server.tools.web.requests.last { $0.contains("And then?") }
            #expect(last?.contains(marker) == true)
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".aichat on", in: group.jid) == "I talk here.")
            let quiet = try await bob.says("Good morning all", to: group.jid)
            let named = try await bob.hears("@\(bot) and you?", in: group.jid, mentions: [world.phone])
            #expect(named == "The answer is four.")
            #expect(try await bob.messages().contains { $0.target == quiet && !$0.own } == false)
            #expect(try await world.phone.hears(".chatbot off", in: bob.number) == "I answer commands alone.")
            let unheard = try await bob.says("Hello?", to: bot)
            #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!"))
            #expect(try await bob.messages().contains { $0.target == unheard && !$0.own } == false)
        }
    }

    @Test func messagesAreTakenAwayAndStatusesKept() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let rude = try await bob.says("rude words", to: group.jid)
            try await world.phone.says(".del", to: group.jid, quoting: rude)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == rude }
            #expect(try await world.phone.hears(".delete", in: group.jid).contains("Answer the message"))
            #expect(try await bob.hears(".del", in: group.jid, quoting: rude).contains("administrators of the group"))
            let status = try await bob.says("At the beach", to: world.phone.number)
            _ = try await world.phone.message { $0.id == status }
            // A message is no status, whatever it says.
            #expect(
                try await world.phone.hears(".savestatus", in: bob.number, quoting: status).contains("Answer a status")
            )
            var content = WAMessage()
            content.extendedTextMessage.text = ".savestatus"
            content.extendedTextMessage.contextInfo.stanzaID = "STATUS"
            content.extendedTextMessage.contextInfo.participant = "\(bob.number)@s.whatsapp.net"
            content.extendedTextMessage.contextInfo.remoteJid = "status@broadcast"
            content.extendedTextMessage.contextInfo.quotedMessage.conversation = "At the beach"
            try await world.phone.does(.message(content), in: bob.number)
            _ = try await world.phone.message { $0.text == "At the beach" && $0.device != 0 }
            #expect(try await bob.hears(".save", in: world.phone.number, quoting: status).contains("administrators"))
            #expect(try await world.phone.hears(".save", in: bob.number).contains("Answer a status"))
        }
    }
}

struct MomentTextTests {
    private let now = Date(timeIntervalSince1970: 1_795_269_600)  // 2026-11-21, 14:00 UTC.

    @Test(
        arguments: [
            ("10m Tea", 600.0, "Tea"), ("2h30m | Tea", 9_000, "Tea"), ("15:30 Call Ada", 5_400, "Call Ada"),
            ("13:00 x", 82_800, "x"), ("tomorrow 8:00 Run\nfast", 64_800, "Run\nfast"), ("today 14:05 x", 300, "x"),
            ("2026-11-22 14:00 x", 86_400, "x"),
        ]
    )
    func timesAreRead(_ text: String, _ seconds: TimeInterval, _ rest: String) throws {
        let found = try #require(MomentText.read(text, at: now, in: .gmt))
        #expect(found.date == now.addingTimeInterval(seconds))
        #expect(found.rest == rest)
    }

    @Test(
        arguments: [
            "", "soon", "Tea 10m", "25:00 x", "12:60 x", "today 13:00 x", "2026-11-21 13:00 x", "2026-02-30 8:00 x",
            "2030-01-01 8:00 x", "tomorrow", "tomorrow x", "-5m x", "99999999h x", "2026-1a-01 8:00 x",
        ]
    )
    func anythingElseIsNone(_ text: String) {
        #expect(MomentText.read(text, at: now, in: .gmt) == nil)
    }

    @Test func theZoneCounts() throws {
        let jakarta = try #require(TimeZone(identifier: "Asia/Jakarta"))
        // It is 21:00 there.
        #expect(MomentText.read("22:00 x", at: now, in: jakarta)?.date == now.addingTimeInterval(3_600))
    }
}
