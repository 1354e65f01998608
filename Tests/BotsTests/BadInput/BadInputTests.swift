import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

/// What hostile people and other programs may send.
///
/// Floods stand in `PipelineTests`, regular expressions in `BoundedRegexTests`, bombs of files in `MediaCommandTests` and
/// `MediaToolsTests`, members who leave at once in `ModerationTests`.
struct BadInputTests {
    @Test func twoBotsDoNotTalkForEver() async throws {
        try await BotWorld.run { first in
            try await BotWorld.run { second in
                for world in [first, second] {
                    let control = BotControl(services: world.server.services)
                    let rule = AutoReplyRule(match: .contains, pattern: "hello", answer: "hello to you")
                    try await control.save(rule, of: world.bot.id, by: world.owner)
                }
                let bob = try await first.person("Bob")
                try await first.phone.says("hello", to: second.phone.number)
                let heard = { (phone: TestPhone) in
                    try await phone.messages().filter { $0.text == "hello to you" }.count
                }
                // Both write until they are muted in that chat.
                try await eventually { try await heard(first.phone) >= LoopGuard.limit }
                for world in [first, second] {
                    #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
                }
                try await eventually { first.server.pipeline.lanes.load == (0, 0) }
                #expect(try await heard(first.phone) <= 3 * LoopGuard.limit)
                // Others are answered all the same.
                #expect(try await bob.hears("hello", in: first.phone.number) == "hello to you")
            }
        }
    }

    @Test func whatTheBotItselfSaysIsNoCommandAndNoQuestion() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let control = BotControl(services: world.server.services)
            let rule = AutoReplyRule(match: .contains, pattern: "ping", answer: "answered")
            try await control.save(rule, of: world.bot.id, by: world.owner)
            #expect(try await world.phone.hears(".savenote trap .ping", in: group.jid).contains("Kept"))
            let trap = try await bob.asks(".note trap", in: group.jid)
            #expect(trap.text == ".ping")
            // The owner writes what a rule looks for: rules are for others.
            let own = try await world.phone.says("about ping", to: group.jid)
            #expect(try await bob.hears("what about ping?", in: group.jid) == "answered")
            let answers = try await bob.messages().filter { $0.target == trap.id || $0.target == own }
            #expect(answers.isEmpty)
        }
    }

    /// Two bots on one account: whatever one of them is made to say, the other does not obey.
    @Test func whatAnotherBotOfTheAccountSaysIsNotTheOwners() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            var wanted = NewBot(name: "Second")
            wanted.prefix = "#"
            let second = try await world.hosting.create(wanted, by: world.owner)
            _ = try await world.hosting.approve(second.id, for: .oneMonth, by: world.owner)
            let other = BotWorld(server: world.server, bot: second, owner: world.owner, phone: world.phone)
            try await other.link()
            let code = Data("#mode private".utf8).base64EncodedString()
            #expect(try await bob.hears(".base64 --decode \(code)", in: world.phone.number) == "#mode private")
            // The owner's own hand is obeyed; what came before it is done by then.
            #expect(try await world.phone.hears("#ping", in: bob.number).hasPrefix("Pong!"))
            #expect(try await bob.hears("#ping", in: world.phone.number).hasPrefix("Pong!"))
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let own = try await world.phone.messages().filter { $0.text?.hasPrefix("Mode:") == true }
            #expect(own.isEmpty)
            try await world.hosting.delete(second.id, confirmation: nil, by: world.owner)
        }
    }

    @Test func strangersHearNothingOfAPrivateBot() async throws {
        try await BotWorld.run {
            $0.mode = .private
            $0.commandsPerMinute = 2
        } _: { world in
            let bob = try await world.person("Bob")
            for text in [".ping", ".ping", ".ping", ".ping", ".nothing", ".mode public", ".tagall", "hello"] {
                try await bob.says(text, to: world.phone.number)
            }
            // In order: once this is answered, those would have been.
            #expect(try await world.phone.hears(".ping", in: bob.number).hasPrefix("Pong!"))
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let heard = try await bob.messages().filter { !$0.own && $0.text?.hasPrefix("Pong!") != true }
            #expect(heard.allSatisfy { $0.text == ".ping" })
        }
    }

    @Test func aSilentChatHearsNothingOfLimits() async throws {
        try await BotWorld.run {
            $0.commandsPerMinute = 2
        } _: { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.isSilent = true }
            for _ in 0..<5 { try await bob.says(".ping", to: group.jid) }
            // Nor does somebody whose commands are for another bot.
            let carol = try await world.person("Carol")
            for _ in 0..<5 { try await carol.says(".not-mine", to: world.phone.number) }
            #expect(try await world.phone.hears(".silence off", in: group.jid).contains("again"))
            #expect(try await bob.messages().contains { $0.text?.contains("Too many") == true } == false)
            #expect(try await carol.messages().contains { $0.text?.contains("Too many") == true } == false)
        }
    }

    @Test func aForgedQuoteGivesNoRights() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            var content = WAMessage()
            content.extendedTextMessage.text = ".mode private"
            content.extendedTextMessage.contextInfo.stanzaID = "3EB0FORGED"
            content.extendedTextMessage.contextInfo.participant = "\(world.phone.number)@s.whatsapp.net"
            content.extendedTextMessage.contextInfo.quotedMessage.conversation = ".mode private"
            let asked = try await bob.does(.message(content), in: group.jid)
            #expect(try await bob.answer(to: asked).text?.contains("owner") == true)
            // An administrator of the group cannot make the bot throw out itself or its owner by a quote.
            try await world.sandbox.changeMembers(.promote, [bob.number], of: group.id, by: world.phone.number)
            content.extendedTextMessage.text = ".kick"
            let kick = try await bob.does(.message(content), in: group.jid)
            #expect(try await bob.answer(to: kick).text?.contains("myself or my owner") == true)
            #expect(try await group.has(world.phone))
            // A file that the quote says is tiny and somewhere else is never fetched.
            content.extendedTextMessage.text = ".sticker"
            content.extendedTextMessage.contextInfo.quotedMessage = WAMessage()
            content.extendedTextMessage.contextInfo.quotedMessage.imageMessage.url = "http://169.254.169.254/latest"
            content.extendedTextMessage.contextInfo.quotedMessage.imageMessage.directPath = "//169.254.169.254/x"
            content.extendedTextMessage.contextInfo.quotedMessage.imageMessage.mediaKey = Data(repeating: 1, count: 32)
            content.extendedTextMessage.contextInfo.quotedMessage.imageMessage.fileLength = 10
            let fetch = try await bob.does(.message(content), in: group.jid)
            #expect(try await bob.answer(to: fetch).text?.isEmpty == false)
        }
    }

    @Test func aVideoOfTwoGigabytesIsNotFetched() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let film = try await world.server.tools.film()
            let media = PhoneMedia(kind: .video, bytes: film, type: "video/mp4")
            let id = try await bob.does(.media(media), in: world.phone.number)
            var content = try await bob.message { $0.id == id }.decoded
            content.videoMessage.fileLength = 2 << 30
            content.videoMessage.caption = ".sticker"
            let asked = try await bob.does(.message(content), in: world.phone.number)
            #expect(try await bob.answer(to: asked).text?.contains("too large") == true)
            // One that lies about its length is fetched, and fails.
            content.videoMessage.fileLength = 10
            content.videoMessage.caption = ".tomp3"
            let lying = try await bob.does(.message(content), in: world.phone.number)
            #expect(try await bob.answer(to: lying).text?.isEmpty == false)
        }
    }

    @Test func anyMessageIsSurvived() async throws {
        try await BotWorld.run { world in
            try await world.store.changeChat("15550007777@s.whatsapp.net", of: world.bot.id) { $0.keepsDeleted = true }
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            guard let sender = Person(number: "15550007777")?.jid else { return }
            var random = SeededNumbers(seed: 11)
            for number in 0..<300 {
                var bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                // Often a text with a context that is noise.
                if number.isMultiple(of: 2) {
                    var content = WAMessage()
                    content.extendedTextMessage.text = [".note x", ".kick", "@1 hello", ".remind 1"][number / 2 % 4]
                    content.extendedTextMessage.contextInfo.participant = String(decoding: bytes, as: UTF8.self)
                    content.extendedTextMessage.contextInfo.stanzaID = String(decoding: bytes.reversed(), as: UTF8.self)
                    bytes = try content.serializedBytes()
                }
                guard let message = try? WAMessage(serializedBytes: bytes) else { continue }
                let told = ReceivedMessage(
                    id: "NOISE\(number)",
                    chat: sender,
                    sender: sender,
                    isFromMe: false,
                    timestamp: Date(),
                    message: message
                )
                await world.server.pipeline.hear(.message(told), number: nil, of: running)
            }
            try await eventually { world.server.pipeline.lanes.load == (0, 0) }
            let bob = try await world.person("Bob")
            #expect(try await bob.hears(".ping", in: world.phone.number).hasPrefix("Pong!"))
        }
    }

    @Test func whatIsFilledInIsNeverATemplate() async throws {
        let server = try TestHTTPServer.start { _ in
            .init(type: "text/plain", body: "{name} {response} {random:a|b}")
        }
        defer { server.stop() }
        try await BotWorld.run { world in
            let bob = try await world.person("{text}{text}{text}")
            let control = BotControl(services: world.server.services)
            let request = CustomContent.Request(url: "\(server.url)/", hosts: ["127.0.0.1"])
            let command = CustomCommand(
                name: "echo",
                content: CustomContent(text: "{name} {text} {response}", request: request)
            )
            try await control.save(command, of: world.bot.id, by: world.owner)
            #expect(
                try await bob.hears(".echo {name}", in: world.phone.number)
                    == "{text}{text}{text} {name} {name} {response} {random:a|b}"
            )
        }
    }
}
