import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(1)))
struct HistoryTests {
    @Test func aNewDeviceTakesThePhonesHistory() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.generateHistory(chats: 3, messages: 8, at: SandboxWorld.number)
            let session = try await world.person(SandboxWorld.number, name: "Ada")
            try await eventually { session.history.filter { $0.isComplete }.count == 3 }
            #expect(session.history.map(\.kind) == [.initial, .pushNames, .recent])
            #expect(session.history.last?.progress == 100)
            #expect(session.store.messages.count == 24)
            #expect(session.store.messages.allSatisfy { $0.isHistory && $0.kind == "text" })
            #expect(session.store.messages.filter { $0.isFromMe }.allSatisfy { $0.sender == session.lid.description })
            #expect(session.messages.isEmpty, "history is not news")
            #expect(session.store.chats.count == 3)
            let phone = JID(user: "15560000001", server: .user)
            #expect(try await session.session.lid(of: phone)?.description == "200000000000001@lid")
            #expect(try await session.store.list(.messageSecret, prefix: "", after: nil, limit: 100).count == 24)
            let confirmed = try await world.sandbox.recentStanzas()
                .filter { $0.hasPrefix("received") && $0.contains("hist_sync") }
            #expect(confirmed.count == 3)
            await session.session.stop()
        }
    }

    @Test func olderMessagesComeWhenTheyAreAskedFor() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.generateHistory(chats: 1, messages: 30, at: SandboxWorld.number)
            let session = try await world.person(SandboxWorld.number, name: "Ada")
            try await eventually { session.history.filter { $0.isComplete }.count == 3 }
            #expect(session.store.messages.count == 30)
            let chat = try #require(session.store.messages.first.flatMap { JID($0.chat) })
            let known = try #require(session.store.messages.first { $0.id == "HIST0-9" })
            try await session.session.requestHistory(
                chat: chat,
                before: (id: known.id, isFromMe: known.isFromMe, timestamp: known.timestamp),
                count: 5
            )
            try await eventually { session.history.last?.kind == .onDemand }
            #expect(session.history.last?.messages == 5 && session.history.last?.isComplete == true)
            #expect(session.store.messages.count == 30, "what is there already stays as it is")
            await session.session.stop()
        }
    }
}

extension RunningSession {
    var history: [HistoryProgress] {
        events.compactMap { if case .history(let progress) = $0 { progress } else { nil } }
    }
}
