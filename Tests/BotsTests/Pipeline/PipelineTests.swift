import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

struct PipelineTests {
    @Test func aPhoneAsksAndSeesTheAnswer() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!"))
            #expect(try await bob.hears(".P", in: bot).hasPrefix("Pong!"))
            let menu = try await bob.hears(".menu", in: bot)
            #expect(menu.contains("*General*"))
            #expect(menu.contains("ping"))
            #expect(try await bob.hears(".help ping", in: bot).contains("Also: p, speed"))
            #expect(try await bob.hears(".menu group", in: bot).contains("antilink"))
            #expect(try await bob.hears(".menu weather-of-mars", in: bot).contains("There is no command"))
            let group = try await world.group(of: [bob])
            #expect(try await bob.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            // The bot's own phone commands it as well.
            #expect(try await world.phone.hears(".ping", in: bob.number).hasPrefix("Pong!"))
            try await eventually { try await world.log().contains { $0.hasPrefix("ping by") && $0.contains("done") } }
            let control = BotControl(services: world.server.services)
            // A command is counted once its answer is on its way.
            try await eventually {
                try await world.server.pipeline.flush()
                let statistics = try await control.statistics(of: world.bot.id, span: .day, for: world.owner)
                let runs = statistics.commands.first { $0.name == "ping" }?.runs ?? 0
                return runs >= 4 && !statistics.users.isEmpty
            }
        }
    }

    @Test func whatFailsHangsOrIsDeafHarmsOnlyItself() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await bob.hears(".test-throw", in: bot).contains("Something went wrong"))
            #expect(try await bob.hears(".test-hang", in: bot).contains("took too long"))
            #expect(try await bob.hears(".test-stubborn", in: bot).contains("took too long"))
            let working = try await bob.says(".test-work", to: bot)
            #expect(try await bob.answer(to: working).text?.contains("took too long") == true)
            _ = try await bob.message { $0.kind == "reaction" && $0.target == working && $0.text == "❌" }
            #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!"))
            try await eventually {
                try await world.log().contains { $0.contains("test-hang") && $0.contains("timed_out") }
            }
        }
    }

    @Test func tooManyCommandsAreWarnedOnceAndThenIgnored() async throws {
        try await BotWorld.run {
            $0.commandsPerMinute = 3
        } _: { world in
            let bob = try await world.person("Bob")
            let carol = try await world.person("Carol")
            let bot = world.phone.number
            for _ in 0..<3 { #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!")) }
            #expect(try await bob.hears(".ping", in: bot).contains("Too many commands"))
            let last = try await bob.says(".ping", to: bot)
            #expect(try await carol.hears(".ping", in: bot).hasPrefix("Pong!"))
            #expect(try await bob.messages().contains { $0.target == last && !$0.own } == false)
        }
    }

    @Test func pausesAreKept() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await bob.hears(".test-cool", in: world.phone.number) == "cool")
            #expect(try await bob.hears(".test-cool", in: world.phone.number).contains("again in"))
        }
    }

    @Test func modesAndSwitches() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".mode groups", in: bob.number) == "Mode: groups.")
            let unheard = try await bob.says(".ping", to: bot)
            #expect(try await bob.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            #expect(try await bob.messages().contains { $0.target == unheard && !$0.own } == false)
            _ = try await world.phone.hears(".mode public", in: group.jid)
            #expect(try await world.phone.hears(".disable ping --here", in: group.jid).contains("off in this chat"))
            #expect(try await bob.hears(".ping", in: group.jid).contains("switched off"))
            #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!"))
            _ = try await world.phone.hears(".disable ping", in: group.jid)
            #expect(try await bob.hears(".ping", in: bot).contains("switched off"))
            _ = try await world.phone.hears(".enable ping", in: group.jid)
            #expect(try await bob.hears(".ping", in: bot).hasPrefix("Pong!"))
            #expect(try await world.phone.hears(".setprefix ! none", in: bob.number).contains("begin with"))
            #expect(try await bob.hears("!ping", in: bot).hasPrefix("Pong!"))
            #expect(try await world.phone.hears("!setprefix none", in: bob.number).contains("no prefix"))
            #expect(try await bob.hears("ping", in: bot).hasPrefix("Pong!"))
        }
    }

    @Test func permissions() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await bob.hears(".mode private", in: bot).contains("owner"))
            #expect(try await bob.hears(".tagall", in: bot).contains("groups only"))
            #expect(try await bob.hears(".session", in: bot).contains("administrators"))
            let group = try await world.group(of: [bob])
            #expect(try await bob.hears(".tagall", in: group.jid).contains("administrators of the group"))
            let others = try await world.group(of: [bob], by: bob)
            #expect(try await bob.hears(".close", in: others.jid).contains("I must be an administrator"))
            #expect(
                try await world.phone.hears(".sudo add @\(bob.number)", in: group.jid, mentions: [bob]).contains(
                    bob.number
                )
            )
            #expect(try await bob.hears(".session", in: bot).contains("WORKING"))
            #expect(
                try await world.phone.hears(".sudo remove @\(bob.number)", in: group.jid, mentions: [bob])
                    == "Nobody but the owner."
            )
        }
    }

    @Test func aMessageThatIsToldTwiceIsAnsweredOnce() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            let answer = try await bob.asks(".ping", in: bot)
            let deed = try await bob.asks(".test-once", in: bot)
            let session = try await world.session()
            let running = RunningSessionBuilder.make(world.bot.session, session)
            guard let phone = Person(number: bob.number)?.jid else { return }
            let lid = try #require(try await session.lid(of: phone))
            for (message, text) in [(answer, ".ping"), (deed, ".test-once")] {
                var content = WAMessage()
                content.conversation = text
                guard let id = message.target else { continue }
                let told = ReceivedMessage(
                    id: id,
                    chat: lid,
                    sender: lid,
                    senderAlternate: phone,
                    isFromMe: false,
                    timestamp: Date(),
                    message: content
                )
                await world.server.pipeline.hear(.message(told), number: nil, of: running)
            }
            _ = try await bob.asks(".uptime", in: bot)
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let all = try await bob.messages()
            #expect(all.filter { $0.target == answer.target && !$0.own }.count == 1)
            #expect(all.filter { $0.target == deed.target && !$0.own }.count == 1)
        }
    }

    @Test func tenThousandCommandsAtOnce() async throws {
        try await BotWorld.run {
            $0.commandsPerMinute = 10
        } _: { world in
            let bob = try await world.person("Bob")
            guard let sender = Person(number: bob.number) else { return }
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            var content = WAMessage()
            content.conversation = ".ping"
            for number in 0..<10_000 {
                let told = ReceivedMessage(
                    id: "FLOOD\(number)",
                    chat: sender.jid,
                    sender: sender.jid,
                    isFromMe: false,
                    timestamp: Date(),
                    message: content
                )
                await world.server.pipeline.hear(.message(told), number: nil, of: running)
            }
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let carol = try await world.person("Carol")
            #expect(try await carol.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
            let answers = try await bob.messages().filter { !$0.own }
            #expect(answers.count == 11)
        }
    }

    @Test func poisonedQuotesAreOnlyText() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            var content = WAMessage()
            content.extendedTextMessage.text = ".hidetag"
            content.extendedTextMessage.contextInfo.stanzaID = String(repeating: "x", count: 200)
            content.extendedTextMessage.contextInfo.participant = "not a jid"
            content.extendedTextMessage.contextInfo.mentionedJid =
                (0..<5_000).map { "1\($0)@evil" } + ["", "@", "x@@y"]
            var deep = WAMessage()
            deep.conversation = "deep"
            for _ in 0..<50 {
                var outer = WAMessage()
                outer.viewOnceMessage.message = deep
                deep = outer
            }
            content.extendedTextMessage.contextInfo.quotedMessage = deep
            try await bob.does(.message(content), in: world.phone.number)
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
        }
    }
}
