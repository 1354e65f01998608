import Compression
import Foundation
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(3)))
struct HistoryTests {
    @Test func aNewDeviceTakesThePhonesHistory() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.generateHistory(chats: 3, messages: 8, at: SandboxWorld.number)
            let session = try await world.person(SandboxWorld.number, name: "Ada")
            try await session.hasHistory()
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
            try await eventually {
                try await world.sandbox.recentStanzas()
                    .filter { $0.hasPrefix("received") && $0.contains("hist_sync") }.count == 3
            }
            await session.session.stop()
        }
    }

    @Test func olderMessagesComeWhenTheyAreAskedFor() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.generateHistory(chats: 1, messages: 30, at: SandboxWorld.number)
            let session = try await world.person(SandboxWorld.number, name: "Ada")
            try await session.hasHistory()
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
            // Not again at once, and whoever asks is told when.
            let refusal = await #expect(throws: SendError.self) {
                try await session.session.requestHistory(
                    chat: chat,
                    before: (id: known.id, isFromMe: known.isFromMe, timestamp: known.timestamp)
                )
            }
            guard case .tooSoon(let wait) = refusal else {
                Issue.record("It was not refused for that: \(String(describing: refusal)).")
                return await session.session.stop()
            }
            #expect(wait > .zero && wait <= .seconds(60))
            await session.session.stop()
        }
    }
}

extension HistoryTests {
    /// A piece whose taking ended with the process.
    @Test func whatWasNotFinishedIsTakenAfterTheNextLogin() async throws {
        try await SandboxWorld.run { world in
            let first = try await world.person(SandboxWorld.number, name: "Ada")
            try await first.hasHistory()
            try await eventually {
                try await first.store.list(.setting, prefix: "history|", after: nil, limit: 10).isEmpty
            }
            await first.session.stop()

            var sync = WAHistorySync()
            var name = WAPushname()
            name.id = "15559990000@s.whatsapp.net"
            name.pushname = "Late"
            sync.pushnames = [name]
            var notification = WAHistorySyncNotification()
            notification.syncType = .pushName
            notification.initialHistBootstrapInlinePayload = Data(
                try Compression.deflate(try sync.serializedBytes() as [UInt8], format: .zlib)
            )
            var batch = StoreBatch()
            batch.put(.setting, "history|1700000000000|3EB0", try notification.serializedBytes())
            batch.put(.setting, "history|1700000000001|3EB1", [0xff])
            _ = try await first.store.commit(batch)

            let credentials = try #require(try await first.store.credentials())
            let again = try await RunningSession.start(credentials, in: world, store: first.store)
            try await eventually { again.store.contacts[name.id]?.pushName == "Late" }
            try await eventually {
                try await again.store.list(.setting, prefix: "history|", after: nil, limit: 10).isEmpty
            }
            await again.session.stop()
        }
    }
}

extension HistoryTests {
    /// What is stored need not lie on the media host any longer.
    @Test func aPieceIsDeletedOnceItIsStored() async throws {
        try await MediaWorld.run { media in
            try await media.ada.hasHistory()
            var sync = WAHistorySync()
            var name = WAPushname()
            name.id = "15559990000@s.whatsapp.net"
            name.pushname = "Late"
            sync.pushnames = [name]
            let packed = try Compression.deflate(try sync.serializedBytes() as [UInt8], format: .zlib)
            let reference = try await media.upload(packed, kind: .history)
            var notification = WAHistorySyncNotification()
            notification.syncType = .pushName
            notification.mediaKey = Data(try #require(reference.mediaKey))
            notification.directPath = try #require(reference.directPath)
            notification.fileSha256 = Data(try #require(reference.hash))
            notification.fileEncSha256 = Data(try #require(reference.encryptedHash))
            var message = WAMessage()
            message.protocolMessage.type = .historySyncNotification
            message.protocolMessage.historySyncNotification = notification
            _ = try await media.world.sandbox.sendPeerMessage(
                message,
                from: SandboxWorld.number,
                toDevice: await media.ada.device
            )
            try await eventually { media.ada.store.contacts[name.id]?.pushName == "Late" }
            try await eventually {
                do {
                    _ = try await media.session.download(reference, limit: 1_000)
                    return false
                } catch MediaError.gone {
                    return true
                }
            }
        }
    }
}

extension RunningSession {
    var history: [HistoryProgress] {
        events.compactMap { if case .history(let progress) = $0 { progress } else { nil } }
    }

    /// Waits until the three pieces that follow the linking are in the store.
    func hasHistory() async throws {
        do {
            try await eventually { self.history.filter { $0.isComplete }.count == 3 }
        } catch {
            throw UnexpectedEnd(seen: events.map { "\($0)".prefix(120).description })
        }
    }
}
