import Compression
import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct HistoryReaderTests {
    private static let own = JID(user: "15550009999", server: .user)
    private static let ownLID = JID(user: "999999999999999", server: .lid)

    private func reader(_ sync: WAHistorySync, settings: Bool = true, limit: Int = 1 << 24) throws -> HistoryReader {
        let packed = try Compression.deflate(try sync.serializedBytes() as [UInt8], format: .zlib)
        return try reader(.bytes(packed), settings: settings, limit: limit)
    }

    private func reader(_ source: HistoryReader.Source, settings: Bool = true, limit: Int = 1 << 24) throws
        -> HistoryReader
    {
        let translator = HistoryTranslator(own: Self.own, ownLID: Self.ownLID, takesChatSettings: settings)
        return try HistoryReader(source, translator: translator, limit: limit)
    }

    private func message(_ id: String, from sender: JID?, in chat: JID, _ text: String) -> WAHistorySyncMsg {
        var entry = WAHistorySyncMsg()
        entry.message.key.id = id
        entry.message.key.remoteJid = chat.description
        entry.message.key.fromMe = sender == nil
        if let sender, sender != chat { entry.message.participant = sender.description }
        entry.message.messageTimestamp = 1_700_000_000
        entry.message.message.conversation = text
        return entry
    }

    @Test func aHistoryBecomesMessagesContactsChatsAndMappings() async throws {
        let lid = JID(user: "111111111111111", server: .lid)
        let phone = JID(user: "15550001111", server: .user)
        let group = JID(user: "120363000", server: .group)
        var sync = WAHistorySync()
        var direct = WAConversation()
        direct.id = lid.description
        direct.pnJid = phone.description
        direct.unreadCount = 2
        direct.archived = true
        direct.muteEndTime = 1_800_000_000
        direct.conversationTimestamp = 1_700_000_001
        direct.tcToken = Data([1, 2, 3])
        direct.tcTokenTimestamp = 5
        direct.messages = [message("A", from: lid, in: lid, "hello"), message("B", from: nil, in: lid, "hi")]
        direct.messages[0].message.pushName = "Ada"
        direct.messages[0].message.messageSecret = Data(repeating: 7, count: 32)
        direct.messages[1].message.status = .read
        var club = WAConversation()
        club.id = group.description
        club.name = "Club"
        club.messages = [message("C", from: JID(user: "2", server: .lid, device: 3), in: group, "yo")]
        sync.conversations = [direct, club]
        var mapping = WAPhoneNumberToLIDMapping()
        mapping.lidJid = "333@lid"
        mapping.pnJid = "444@s.whatsapp.net"
        sync.phoneNumberToLidMappings = [mapping]
        sync.nctSalt = Data([9])
        sync.globalSettings.chatDbLidMigrationTimestamp = 1

        let reader = try reader(sync)
        let piece = try #require(try await reader.next())
        #expect(try await reader.next() == nil)
        #expect(piece.messages.map(\.id) == ["A", "B", "C"])
        #expect(piece.messages.allSatisfy { $0.isHistory })
        #expect(piece.messages.map(\.sender) == [lid.description, Self.ownLID.description, "2@lid"])
        #expect(piece.messages.map(\.status) == [.none, .read, .none])
        #expect(piece.messages[0].kind == "text")
        #expect(piece.secrets == [.init(chat: lid, author: lid, id: "A", secret: [UInt8](repeating: 7, count: 32))])
        #expect(piece.contacts.first?.pushName == "Ada")
        #expect(piece.chats.map(\.jid) == [lid.description, group.description])
        #expect(piece.chats[0].isArchived == true && piece.chats[0].unreadCount == 2)
        #expect(piece.chats[0].mutedUntil == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(piece.chats[1].name == "Club" && piece.chats[1].mutedUntil == .distantPast)
        #expect(piece.mappings.contains(.init(lid: lid, phone: phone)) && piece.mappings.count == 2)
        #expect(piece.tokens == [.init(user: lid, token: [1, 2, 3], timestamp: 5, issuedAt: 0)])
        #expect(piece.contactTokenSalt == [9] && piece.isLIDMigrated && piece.unreadable == 0)
    }

    @Test func laterPartsLeaveTheSettingsOfChatsAlone() async throws {
        var sync = WAHistorySync()
        var chat = WAConversation()
        chat.id = "1@s.whatsapp.net"
        chat.archived = true
        sync.conversations = [chat]
        let piece = try await reader(sync, settings: false).next()
        #expect(piece?.chats.first?.isArchived == nil && piece?.chats.first?.mutedUntil == nil)
    }

    @Test func piecesStaySmallAndLoseNothing() async throws {
        let chat = JID(user: "15550001111", server: .user)
        var sync = WAHistorySync()
        var conversation = WAConversation()
        conversation.id = chat.description
        let text = String(repeating: "long ", count: 2000)
        conversation.messages = (0..<3000).map { message("M\($0)", from: chat, in: chat, $0 % 3 == 0 ? text : "x") }
        sync.conversations = [conversation]
        let reader = try reader(sync, limit: 1 << 26)
        var ids: [String] = []
        var pieces = 0
        while let piece = try await reader.next() {
            pieces += 1
            #expect(piece.messages.count <= HistoryPiece.itemLimit)
            #expect(piece.bytes <= HistoryPiece.byteLimit + 20_000)
            ids += piece.messages.map(\.id)
        }
        #expect(ids == (0..<3000).map { "M\($0)" })
        #expect(pieces >= 10)
    }

    @Test func aBombIsRefusedAtTheLimit() async throws {
        var sync = WAHistorySync()
        sync.threadIDUserSecret = Data(repeating: 0, count: 5 << 20)
        let reader = try reader(sync, limit: 1 << 20)
        await #expect(throws: CompressionError.tooLarge(limit: 1 << 20)) { _ = try await reader.next() }
    }

    @Test func aFileIsReadLikeBytes() async throws {
        var sync = WAHistorySync()
        var name = WAPushname()
        name.id = "1@s.whatsapp.net"
        name.pushname = "Ada"
        sync.pushnames = [name, WAPushname()]
        let url = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(Compression.deflate(try sync.serializedBytes() as [UInt8], format: .zlib)).write(to: url)
        let piece = try await reader(.file(url)).next()
        #expect(piece?.contacts.map(\.pushName) == ["Ada"])
        #expect(piece?.unreadable == 1)
        try Data([1, 2, 3]).write(to: url)
        let damaged = try reader(.file(url))
        await #expect(throws: CompressionError.malformed) { _ = try await damaged.next() }
    }

    @Test func aHistoryThatIsCutOffEndsInAnError() async throws {
        var sync = WAHistorySync()
        sync.companionMetaNonce = "nonce"
        let packed = try Compression.deflate(try sync.serializedBytes() as [UInt8], format: .zlib)
        let cut = try reader(.bytes(Array(packed.dropLast(3))))
        await #expect(throws: CompressionError.truncated) { _ = try await cut.next() }
        let longer = try reader(.bytes(packed + [0]))
        await #expect(throws: CompressionError.malformed) { _ = try await longer.next() }
    }
}
