import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import Bots

/// What commands say on a server that lacks what they need.
struct MissingToolTests {
    @Test func whatAServerLacksIsSaid() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            var services = world.server.services
            services.tools = BotTools()
            let pipeline = BotPipeline(services: services, logger: BotServer.silence)
            let running = RunningSessionBuilder.make(world.bot.session, try await world.session())
            let metadata = try await world.session().participatingGroups().first { $0.jid.description == group.jid }
            let (chat, member) = (
                try #require(metadata?.jid), try #require(metadata?.members.first { !$0.role.isAdmin })
            )
            let questions: [(text: String, answer: String)] = [
                (".ask What?", "No AI provider"), (".describe", "No AI provider"), (".tldr", "No AI provider"),
                (".transcribe", "No AI provider"), (".play a song", "no program for downloads"),
                (".dl https://example.org/a.mp4", "no program for downloads"),
                (".screenshot https://example.org", "not set up"), (".sticker", "no tools for media"),
                (".attp x", "no tools for media"), (".short https://example.org", "cannot make short links"),
            ]
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await pipeline.lanes.run() }
                for (number, question) in questions.enumerated() {
                    var content = WAMessage()
                    content.conversation = question.text
                    let id = "MISSING\(number)\(bob.number)"
                    let message = ReceivedMessage(
                        id: id,
                        chat: chat,
                        sender: member.jid,
                        senderAlternate: member.alternate,
                        isFromMe: false,
                        timestamp: Date(),
                        message: content
                    )
                    await pipeline.hear(.message(message), number: nil, of: running)
                    let answer = try await bob.answer(to: id).text ?? ""
                    #expect(answer.contains(question.answer), "\(question.text): \(answer)")
                }
                tasks.cancelAll()
            }
        }
    }

    @Test func summariesAreOfWhatIsKept() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            #expect(try await bob.hears(".tldr", in: group.jid).contains("only where antidelete is on"))
            _ = try await world.phone.hears(".antidelete on", in: group.jid)
            let marker = "We meet at \(UUID())"
            try await bob.says(marker, to: group.jid)
            _ = try await bob.hears(".ping", in: group.jid)
            try await world.server.pipeline.keeping.flush()
            #expect(try await carol.hears(".tldr", in: group.jid) == "The answer is four.")
            #expect(world.server.tools.web.requests.contains { $0.contains(marker) })
        }
    }
}
