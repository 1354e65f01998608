import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProtobufs

@testable import WhatsApp

struct HistoryScannerTests {
    private static func history() -> WAHistorySync {
        var sync = WAHistorySync()
        sync.syncType = .recent
        sync.progress = 40
        for number in 0..<3 {
            var conversation = WAConversation()
            conversation.id = "\(number)@s.whatsapp.net"
            conversation.unreadCount = UInt32(number)
            for message in 0..<number * 4 {
                var entry = WAHistorySyncMsg()
                entry.message.key.id = "\(number).\(message)"
                entry.message.message.conversation = String(repeating: "x", count: message * 100)
                conversation.messages.append(entry)
            }
            sync.conversations.append(conversation)
        }
        var name = WAPushname()
        name.id = "1@s.whatsapp.net"
        name.pushname = "Ada"
        sync.pushnames = [name]
        return sync
    }

    private func items(_ bytes: [UInt8], step: Int, limit: Int = HistoryScanner.limit) throws -> [HistoryScanner.Item] {
        var scanner = HistoryScanner(limit: limit)
        var items: [HistoryScanner.Item] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            scanner.feed(bytes[start..<min(start + step, bytes.count)])
            while let item = try scanner.next() { items.append(item) }
        }
        try scanner.finish()
        return items
    }

    @Test(arguments: [1, 2, 7, 64, 100_000])
    func everythingComesOutHoweverTheBytesAreCut(step: Int) throws {
        let sync = Self.history()
        let items = try items(sync.serializedBytes(), step: step)
        var rebuilt: [WAConversation] = []
        var messages: [WAHistorySyncMsg] = []
        for item in items {
            switch item {
            case .message(let bytes, let conversation):
                #expect(conversation == "\(rebuilt.count)@s.whatsapp.net")
                messages.append(try WAHistorySyncMsg(serializedBytes: bytes))
            case .conversation(let bytes):
                var conversation = try WAConversation(serializedBytes: bytes)
                conversation.messages = messages
                messages = []
                rebuilt.append(conversation)
            case .field(let number, let bytes):
                #expect(number == 7)
                #expect(try WAPushname(serializedBytes: bytes) == sync.pushnames.first)
            case .number(let number, let value):
                #expect((number, value) == (1, 3) || (number, value) == (6, 40))
            }
        }
        #expect(rebuilt == sync.conversations)
    }

    /// A writer may put fields in any order: the identifier after the messages.
    @Test func messagesBeforeTheIdentifierFindTheirConversation() throws {
        var entry = WAHistorySyncMsg()
        entry.message.key.id = "A"
        let message: [UInt8] = try entry.serializedBytes()
        let inner = [0x12, UInt8(message.count)] + message + [0x0a, 3] + Array("a@b".utf8)
        let items = try items([0x12, UInt8(inner.count)] + inner, step: 1)
        #expect(items.first == .message(message, conversation: "a@b"))
        #expect(items.count == 2)
    }

    @Test func whatIsCutOffIsNoticed() throws {
        let bytes: [UInt8] = try Self.history().serializedBytes()
        #expect(throws: HistoryError.truncated) { try self.items(Array(bytes.dropLast()), step: 50) }
    }

    @Test func whatIsLargerThanTheLimitIsRefusedBeforeItIsThere() {
        #expect(throws: HistoryError.tooLarge(limit: 100)) {
            try self.items([0x1a, 0xff, 0xff, 0x03, 0], step: 1, limit: 100)
        }
        #expect(throws: HistoryError.tooLarge(limit: 100)) {
            try self.items([0x12, 0xff, 0xff, 0x03, 0x12, 0xff, 0xff, 0x02], step: 1, limit: 100)
        }
    }

    @Test(
        arguments: [
            [0x07], [0x00], [0x1b], [0x12, 2, 0x0a, 5, 0, 0, 0, 0, 0], [0x12, 1, 0x80, 0x01],
            [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0x12, 3, 0x0a, 1, 0xff],
        ] as [[UInt8]]
    )
    func impossibleBytesAreMalformed(bytes: [UInt8]) {
        #expect(throws: HistoryError.malformed) { try self.items(bytes, step: 1) }
    }

    @Test func anyBytesEndInItemsOrAnError() throws {
        let good: [UInt8] = try Self.history().serializedBytes()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            do {
                #expect(try self.items(bytes, step: 97).count > 0)
            } catch is HistoryError {
                continue
            }
        }
    }
}
