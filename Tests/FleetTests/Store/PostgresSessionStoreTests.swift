import Database
import Foundation
import SignalProtocol
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppWire

@testable import Fleet

struct PostgresSessionStoreTests {
    @Test func whatWasCommittedIsReadBack() async throws {
        try await StoreWorld.run { world in
            let session = try await world.makeSession()
            let store = try await world.open(session)
            let key = RecordKey(.signalSession, "15550001111.0")
            _ = try await store.commit(.of { $0.put(.signalSession, key.name, [1, 2, 3]) })
            #expect(try await store.load([key, RecordKey(.identity, key.name)]) == [key: [1, 2, 3]])

            _ = try await store.commit(.of { $0.put(.signalSession, key.name, [4]) })
            let again = try await world.open(session)
            #expect(try await again.load([key]) == [key: [4]])

            _ = try await again.commit(.of { $0.delete(.signalSession, key.name) })
            #expect(try await again.load([key]).isEmpty)
        }
    }

    @Test func expiredRecordsAreGone() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(
                .of {
                    $0.put(.sentMessage, "old", [1], expires: Date(timeIntervalSinceNow: -1))
                    $0.put(.sentMessage, "new", [2], expires: Date(timeIntervalSinceNow: 60))
                }
            )
            let old = RecordKey(.sentMessage, "old")
            let new = RecordKey(.sentMessage, "new")
            #expect(try await store.load([old, new]) == [new: [2]])
            #expect(try await store.list(.sentMessage, prefix: "", after: nil, limit: 10).map(\.name) == ["new"])
        }
    }

    @Test func listsByPrefixInPages() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let other = try await world.makeStore("two")
            _ = try await other.commit(.of { $0.put(.appStateMAC, "a|0", [9]) })
            _ = try await store.commit(
                .of { batch in
                    for index in 0..<5 { batch.put(.appStateMAC, "a|\(index)", [UInt8(index)]) }
                    batch.put(.appStateMAC, "b|1", [7])
                    batch.put(.appStateKey, "a|1", [8])
                }
            )
            let first = try await store.list(.appStateMAC, prefix: "a|", after: nil, limit: 3)
            #expect(first.map(\.name) == ["a|0", "a|1", "a|2"])
            let rest = try await store.list(.appStateMAC, prefix: "a|", after: "a|2", limit: 3)
            #expect(rest.map(\.value) == [[3], [4]])

            _ = try await store.commit(
                .of {
                    $0.deletedPrefixes = [RecordKey(.appStateMAC, "a|")]
                    $0.put(.appStateMAC, "a|new", [1])
                }
            )
            #expect(try await store.list(.appStateMAC, prefix: "a|", after: nil, limit: 9).map(\.name) == ["a|new"])
            #expect(try await store.load(.appStateMAC, "b|1") == [7])
            #expect(try await other.load(.appStateMAC, "a|0") == [9])
        }
    }

    @Test func recordsGoByTheEndOfTheirNames() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let other = try await world.makeStore("two")
            _ = try await other.commit(.of { $0.put(.senderKey, "g|1_1.5", [9]) })
            _ = try await store.commit(
                .of { batch in
                    for name in ["g|1_1.5", "h|1_1.5", "g|11_1.5", "g|1_1.55"] { batch.put(.senderKey, name, [1]) }
                }
            )
            _ = try await store.commit(.of { $0.deletedEndings = [RecordKey(.senderKey, "|1_1.5")] })
            let left = try await store.list(.senderKey, prefix: "", after: nil, limit: 9).map(\.name)
            #expect(left == ["g|11_1.5", "g|1_1.55"] || left == ["g|1_1.55", "g|11_1.5"])
            #expect(try await other.load(.senderKey, "g|1_1.5") == [9])
        }
    }

    /// What could not be read gives way to what it stood for, once.
    @Test(arguments: [false, true]) func aPlaceholderGivesWay(together: Bool) async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            var placeholder = StoredMessage.test("A", text: "")
            placeholder.kind = StoredMessage.placeholderKind
            let real = StoredMessage.test("A", text: "hello")
            if together {
                let receipt = try await store.commit(.of { [placeholder] in $0.messages = [placeholder, real] })
                #expect(receipt.duplicates == [0])
            } else {
                _ = try await store.commit(.of { [placeholder] in $0.messages = [placeholder] })
                #expect(try await store.message(chat: real.chat, id: "A")?.isPlaceholder == true)
                #expect(try await store.commit(.of { $0.messages = [real] }).duplicates.isEmpty)
            }
            #expect(try await store.message(chat: real.chat, id: "A") == real)
            let again = try await store.commit(.of { [placeholder] in $0.messages = [placeholder] })
            #expect(again.duplicates == [0])
            #expect(try await store.commit(.of { $0.messages = [real] }).duplicates == [0])
            #expect(try await store.message(chat: real.chat, id: "A") == real)
        }
    }

    @Test func knownMessagesStayAndAreReported() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let first = StoredMessage.test("A", text: "first")
            let fresh = try await store.commit(.of { $0.messages = [first] })
            #expect(fresh.duplicates.isEmpty)
            let receipt = try await store.commit(
                .of { $0.messages = [.test("B"), .test("A", text: "second"), .test("B", text: "third"), .test("C")] }
            )
            #expect(receipt.duplicates == [1, 2])
            let kept = try await store.message(chat: first.chat, id: "A")
            #expect(kept == first)
            let none = try await store.message(chat: first.chat, id: "D")
            #expect(none == nil)
            // Another author's message may have the same id.
            let other = StoredMessage.test("A", sender: "15550002222@s.whatsapp.net")
            let another = try await store.commit(.of { $0.messages = [other] })
            #expect(another.duplicates.isEmpty)
        }
    }

    /// With nobody who writes yet; the next step needs what the last one has handed over.
    @Test func aMessageOnItsWayIsFoundAtOnce() async throws {
        try await withTestDatabase { database in
            let world = try await StoreWorld(database)
            let store = try await world.makeStore()
            let message = StoredMessage.test("A", status: .pending)
            store.commit(.of { $0.messages = [message, .test("A", sender: "15550003333@s.whatsapp.net")] }) { _ in }
            let change = MessageStatusChange(chat: message.chat, id: "A", status: .sent)
            store.commit(.of { $0.statuses = [change] }) { _ in }
            var expected = message
            expected.status = .sent
            let found = try await store.message(chat: message.chat, id: "A", sender: message.sender)
            #expect(found == expected)
            #expect(try await store.message(chat: message.chat, id: "B") == nil)
            try await world.whileWriting {
                await store.settle()
                let kept = try await store.message(chat: message.chat, id: "A", sender: message.sender)
                #expect(kept == expected)
            }
        }
    }

    /// There is always something on its way: whoever waits, waits for what came before alone.
    @Test func aBusySessionIsNotWaitedForToBecomeQuiet() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let isOver = Atomic(false)
            let count = Atomic(0)
            @Sendable func keepWriting() {
                guard !isOver.load(ordering: .relaxed) else { return }
                let number = count.add(1, ordering: .relaxed).newValue
                store.commit(.of { $0.put(.setting, "busy", [UInt8(truncatingIfNeeded: number)]) }) { _ in
                    keepWriting()
                }
            }
            for _ in 0..<8 { keepWriting() }
            for _ in 0..<5 { await store.settle() }
            #expect(try await store.list(.setting, prefix: "busy", after: nil, limit: 1).count == 1)
            isOver.store(true, ordering: .relaxed)
            await store.settle()
        }
    }

    @Test func statusesRiseAndFailuresAreSet() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let chat = StoredMessage.test("A").chat
            _ = try await store.commit(.of { $0.messages = [.test("A", status: .pending)] })
            func change(_ statuses: MessageStatus...) async throws -> MessageStatus? {
                _ = try await store.commit(
                    .of { batch in
                        batch.statuses = statuses.map { MessageStatusChange(chat: chat, id: "A", status: $0) }
                    }
                )
                return try await store.message(chat: chat, id: "A")?.status
            }
            #expect(try await change(.read) == .read)
            #expect(try await change(.delivered) == .read)
            #expect(try await change(.failed) == .failed)
            #expect(try await change(.sent, .failed, .delivered) == .delivered)
            #expect(try await change(.played, .failed) == .failed)
        }
    }

    @Test func whatIsOnItsWayIsFoundInItsOrder() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let other = try await world.makeStore("two")
            func own(_ id: String, at seconds: TimeInterval, _ status: MessageStatus = .pending) -> StoredMessage {
                var message = StoredMessage.test(id, status: status)
                message.isFromMe = true
                message.timestamp = Date(timeIntervalSince1970: 1_800_000_000 + seconds)
                return message
            }
            var history = own("H", at: 3)
            history.isHistory = true
            _ = try await other.commit(.of { $0.messages = [own("Z", at: 1)] })
            _ = try await store.commit(
                .of {
                    $0.messages = [
                        own("B", at: 2), own("A", at: 1), own("S", at: 2, .sent), history, .test("T", status: .pending),
                        own("OLD", at: -5),
                    ]
                }
            )
            let since = Date(timeIntervalSince1970: 1_800_000_000)
            let found = try await store.pendingMessages(since: since)
            #expect(found == [own("A", at: 1), own("B", at: 2)])
            let change = MessageStatusChange(chat: found[0].chat, id: "A", status: .failed, error: -1)
            let refused = MessageStatusChange(chat: found[0].chat, id: "B", status: .failed, error: 463)
            _ = try await store.commit(.of { $0.statuses = [change, refused] })
            #expect(try await store.message(chat: change.chat, id: "A")?.failure == .interrupted)
            #expect(try await store.message(chat: change.chat, id: "B")?.failure == .refused(code: 463))
            #expect(try await store.pendingMessages(since: since).isEmpty)
        }
    }

    @Test func contactsAndChatsAreMergedAsInMemory() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let memory = MemoryStore()
            var random = SystemRandomNumberGenerator()
            let jids = ["1@s.whatsapp.net", "2@s.whatsapp.net", "3@g.us"]
            for _ in 0..<40 {
                let batch = StoreBatch.of { batch in
                    for _ in 0..<Int.random(in: 1...4, using: &random) {
                        var contact = ContactChange(jid: jids.randomElement(using: &random) ?? "")
                        contact.isRemoved = Int.random(in: 0..<4, using: &random) == 0
                        if Bool.random(using: &random) { contact.fullName = "full \(Int.random(in: 0...99))" }
                        if Bool.random(using: &random) { contact.pushName = "push \(Int.random(in: 0...99))" }
                        batch.contacts.append(contact)
                        var chat = ChatChange(jid: jids.randomElement(using: &random) ?? "")
                        chat.isDeleted = Int.random(in: 0..<4, using: &random) == 0
                        if Bool.random(using: &random) { chat.unreadCount = Int.random(in: 0...9) }
                        if Bool.random(using: &random) { chat.isPinned = Bool.random() }
                        if Bool.random(using: &random) { chat.mutedUntil = .distantFuture }
                        batch.chats.append(chat)
                    }
                }
                async let memorised = memory.commit(batch)
                async let stored = store.commit(batch)
                _ = try await (memorised, stored)
            }
            let contacts = try await world.database.query("SELECT jid, full_name, push_name FROM contacts")
            #expect(contacts.count == memory.contacts.count)
            for row in contacts {
                let known = memory.contacts[try row.decode("jid")]
                #expect(try row.decodeIfPresent("full_name") == known?.fullName)
                #expect(try row.decodeIfPresent("push_name") == known?.pushName)
                let names = ["nobody@lid", try row.decode("jid")]
                #expect(try await store.pushName(of: names) == known?.pushName)
            }
            let chats = try await world.database.query("SELECT jid, unread_count, is_pinned, muted_until FROM chats")
            #expect(Set(try chats.map { try $0.decode("jid", as: String.self) }) == Set(memory.chats.keys))
            for row in chats {
                let known = memory.chats[try row.decode("jid")]
                #expect(try row.decodeIfPresent("unread_count") == known?.unreadCount)
                #expect(try row.decodeIfPresent("is_pinned") == known?.isPinned)
                #expect(try row.decodeIfPresent("muted_until") == known?.mutedUntil)
            }
        }
    }

    @Test func nothingSecretLiesInTheOpen() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(
                .of {
                    $0.put(.signalSession, "a", Array("a very secret ratchet".utf8))
                    $0.messages = [.test("A", text: "a very secret text")]
                }
            )
            let value: [UInt8] = try #require(
                try await world.database.queryOne("SELECT value FROM session_records")
            ).decode("value")
            let content: [UInt8] = try #require(
                try await world.database.queryOne("SELECT content FROM messages")
            ).decode("content")
            #expect(!String(decoding: value + content, as: UTF8.self).contains("secret"))
        }
    }

    @Test func aRowMovedToAnotherPlaceDoesNotOpen() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            _ = try await store.commit(.of { $0.put(.identity, "a", [1]) })
            try await world.database.execute("UPDATE session_records SET name = 'b'")
            await #expect(throws: StoreError.corrupt(.identity)) { try await store.load(.identity, "b") }
        }
    }

    @Test func textsThatPostgresRefusesHarmNobody() async throws {
        try await StoreWorld.run { world in
            let store = try await world.makeStore()
            let chat = "evil\0chat"
            let id = String(repeating: "x", count: 100_000)
            var contact = ContactChange(jid: "a\0b")
            contact.pushName = "n\0ul" + String(repeating: "é", count: 10_000)
            let message = Self.wildMessage(id, chat: chat)
            var batch = StoreBatch()
            batch.put(.setting, "s\0", [5])
            batch.messages = [message]
            batch.contacts = [contact]
            batch.deletedPrefixes = [RecordKey(.setting, "\0")]
            _ = try await store.commit(batch)
            #expect(try await store.load(.setting, "s\0") == [5])
            let kept = try await store.message(chat: chat, id: id)
            #expect(kept?.content == message.content)
            let again = try await store.commit(.of { $0.messages = [message] })
            #expect(again.duplicates == [0])
        }
    }

    private static func wildMessage(_ id: String, chat: String) -> StoredMessage {
        var message = StoredMessage.test(id, chat: chat)
        message.pushName = "\0"
        message.timestamp = Date(timeIntervalSince1970: 1e18)
        return message
    }
}
