import Foundation
import NIOCore
import Synchronization
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// More arrives than can be worked on.
@Suite(.timeLimit(.minutes(4)))
struct BackPressureTests {
    /// One who asks for a message again needs an answer of the service, which comes behind all that has come meanwhile.
    @Test func whatWaitsForTheServiceDoesNotKeepItsAnswerFromBeingRead() async throws {
        try await SandboxWorld.run { world in
            let bob = try await world.person("15550002222", name: "Bob")
            var limits = SessionLimits()
            limits.inbox = 16
            let credentials = try await world.link()
            let ada = try await RunningSession.start(credentials, in: world, limits: limits)
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            _ = try await bob.send("aye", to: ada.jid)
            try await eventually { ada.texts == ["aye"] }
            try await world.sandbox.tapMessages()
            // Everything is on its way for so long that the answer comes after all notifications.
            let slowness = SandboxFault.delay(milliseconds: 300, .stanzas)
            try await world.sandbox.inject(slowness, scope: FaultScope(number: ada.jid.user))
            let registration = await bob.session.credentials.registrationID ^ 1
            let receipt = BinaryNode(
                "receipt",
                [
                    "id": .text(sent.id), "from": .jid(bob.lid.with(device: await bob.device)), "type": "retry",
                    "t": "1",
                ],
                children: [
                    BinaryNode("retry", ["v": "1", "id": .text(sent.id), "t": "1", "count": "1"]),
                    BinaryNode(
                        "registration",
                        bytes: withUnsafeBytes(of: registration.bigEndian) { Array($0) }
                    ),
                ]
            )
            let device = await ada.device
            try await world.sandbox.deliver(receipt, toDevice: device, of: ada.jid.user)
            for number in 0..<40 {
                let notice = BinaryNode(
                    "notification",
                    ["from": .jid(.server), "type": "psa", "id": .text("psa\(number)"), "t": "1"]
                )
                try await world.sandbox.deliver(notice, toDevice: device, of: ada.jid.user)
            }
            try await eventually {
                try await world.sandbox.tappedMessages().contains {
                    $0.attributes.text("id") == sent.id && $0.child("enc")?.attributes.text("type") == "pkmsg"
                }
            }
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    /// Large texts while nothing can be stored: they wait at the service, and not in this process.
    @Test func whatCannotBeStoredYetIsNotReadEither() async throws {
        try await SandboxWorld.run { world in
            let bob = try await world.person("15550002222", name: "Bob")
            let credentials = try await world.link()
            var limits = SessionLimits()
            limits.inboxBytes = 100_000
            limits.batchBytes = 50_000
            limits.commitBytes = 100_000
            let store = SlowStore(MemoryStore(credentials: credentials))
            var environment = world.environment
            environment.limits = limits
            let events = EventLog()
            let session = Session(
                credentials: credentials,
                store: store,
                environment: environment,
                eventLoop: world.group.next(),
                listener: { event, _ in
                    events.append(event)
                    return .heard
                }
            )
            await session.start()
            try await eventually { events.peek { if case .connection(.caughtUp) = $0 { () } else { nil } } }
            let ada = try #require(credentials.account?.jid.withoutDevice)
            _ = try await bob.send("small", to: ada)
            try await eventually { events.texts.count == 1 }

            store.hold()
            let text = String(repeating: "x", count: 20_000)
            for number in 0..<60 { _ = try await bob.send("\(number) " + text, to: ada) }
            // Two large batches and one more that had been begun are all that it takes on.
            try await eventually { store.heldBytes >= limits.commitBytes }
            #expect(await session.outbox.underWayBytes < limits.commitBytes + 2 * limits.batchBytes)
            #expect(await session.unreadBytes < 2 * limits.inboxBytes + 100_000)
            #expect(store.heldBytes < limits.commitBytes + 2 * limits.batchBytes)
            store.release()
            try await eventually { events.texts.count == 61 }
            #expect(events.texts.dropFirst().map { $0.prefix { $0 != " " } } == (0..<60).map { "\($0)" })
            #expect(store.largestBatch < 2 * limits.batchBytes)
            await session.stop()
            await bob.session.stop()
        }
    }
}

extension Session {
    fileprivate var unreadBytes: Int { inboxes.bytes }
}

extension EventLog {
    fileprivate var texts: [String] {
        events.compactMap { if case .message(let message) = $0 { message.message.conversation } else { nil } }
    }
}

/// A store whose commits wait while it is held.
private final class SlowStore: SessionStore {
    private struct State {
        var isHeld = false
        var waiting: [(batch: StoreBatch, whenDone: @Sendable (Result<CommitReceipt, StoreError>) -> Void)] = []
        var largest = 0
    }

    private let store: MemoryStore
    private let state = Mutex(State())

    init(_ store: MemoryStore) {
        self.store = store
    }

    var heldBytes: Int { state.withLock { $0.waiting.reduce(0) { $0 + Self.bytes($1.batch) } } }
    var largestBatch: Int { state.withLock { $0.largest } }

    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isHeld = false
            return state.waiting
        }
        for entry in waiting { store.commit(entry.batch, whenDone: entry.whenDone) }
    }

    func credentials() async throws(StoreError) -> Credentials? { try await store.credentials() }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]] { try await store.load(keys) }

    func list(
        _ kind: RecordKind,
        prefix: String,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        try await store.list(kind, prefix: prefix, after: name, limit: limit)
    }

    func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage? {
        try await store.message(chat: chat, id: id, sender: sender)
    }

    func newestMessage(in chats: [String]) async throws(StoreError) -> Date? {
        try await store.newestMessage(in: chats)
    }

    func pushName(of names: [String]) async throws(StoreError) -> String? {
        try await store.pushName(of: names)
    }

    func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage] {
        try await store.pendingMessages(since: time)
    }

    func commit(
        _ batch: StoreBatch,
        whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void
    ) {
        let isHeld = state.withLock { state in
            state.largest = max(state.largest, Self.bytes(batch))
            if state.isHeld { state.waiting.append((batch, whenDone)) }
            return state.isHeld
        }
        if !isHeld { store.commit(batch, whenDone: whenDone) }
    }

    private static func bytes(_ batch: StoreBatch) -> Int {
        batch.messages.reduce(0) { $0 + $1.content.count }
    }
}
