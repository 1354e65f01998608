import Foundation
import NIOCore
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

/// What a message with its answer costs in commits and rows, which is most of what it costs at all.
@Suite(.timeLimit(.minutes(2)))
struct CommitCostTests {
    @Test func aMessageWithItsAnswerTakesThreeCommits() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let store = CountingStore(MemoryStore(credentials: credentials))
            let session = Session(
                credentials: credentials,
                store: store,
                environment: world.environment,
                eventLoop: world.group.next(),
                listener: Self.listener(store)
            )
            store.session.withLock { $0 = session }
            await session.start()
            try await world.sandbox.createPhone(NewPhone(number: "15550002222", name: "Ben"))
            // The first ones begin Signal sessions, and learn names and devices.
            for number in 0..<3 { try await exchange(number, world, store) }
            let before = store.totals
            let rounds = 10
            for number in 3..<(3 + rounds) { try await exchange(number, world, store) }
            let after = store.totals
            // The message; the answer; and in one, that the service has it, its receipt and the receipt's event.
            #expect(after.commits - before.commits <= 3 * rounds + 2, "\(before) \(after)")
            // The message, its ratchet and its event; the answer and the ratchets of both phones; two statuses, which become
            // one, and the receipt's event.
            #expect(after.rows - before.rows <= 9 * rounds + 9, "\(before) \(after)")
            // All that they need is in memory.
            #expect(after.reads == before.reads, "\(before) \(after)")
            await session.stop()
        }
    }

    private static func listener(_ store: CountingStore) -> SessionAudience {
        { event, number in
            if case .message(let received) = event, !received.isFromMe, let session = store.session.withLock({ $0 }) {
                // Answers without holding up the event loop, as the scheduler's listeners do.
                Task {
                    var answer = WAMessage()
                    answer.conversation = "echo:" + received.message.conversation
                    _ = try? await session.send(answer, to: received.chat)
                    if let number { session.heard(number) }
                }
                return .pending
            }
            if case .receipt(let receipt) = event { store.noteReceipts(receipt.ids.count) }
            return .heard
        }
    }

    /// One message and its answer, up to the receipt for it.
    private func exchange(_ number: Int, _ world: SandboxWorld, _ store: CountingStore) async throws {
        let receipts = store.receipts
        try await world.sandbox.act(.text("text \(number)"), at: "15550002222", in: SandboxWorld.number)
        try await eventually { store.receipts > receipts && store.isQuiet }
    }
}

/// Counts what is committed, and how often something is read.
private final class CountingStore: SessionStore {
    struct Totals {
        var commits = 0
        var rows = 0
        var reads = 0
    }

    let session = Mutex<Session?>(nil)
    private let store: MemoryStore
    private let state = Mutex((totals: Totals(), underWay: 0, receipts: 0))

    init(_ store: MemoryStore) {
        self.store = store
    }

    var totals: Totals { state.withLock { $0.totals } }
    var receipts: Int { state.withLock { $0.receipts } }
    var isQuiet: Bool { state.withLock { $0.underWay == 0 } }

    func noteReceipts(_ count: Int) {
        state.withLock { $0.receipts += count }
    }

    private func noteRead() {
        state.withLock { $0.totals.reads += 1 }
    }

    func credentials() async throws(StoreError) -> Credentials? { try await store.credentials() }

    func load(_ keys: [RecordKey]) async throws(StoreError) -> [RecordKey: [UInt8]] {
        noteRead()
        return try await store.load(keys)
    }

    func list(
        _ kind: RecordKind,
        prefix: String,
        after name: String?,
        limit: Int
    ) async throws(StoreError) -> [(name: String, value: [UInt8])] {
        noteRead()
        return try await store.list(kind, prefix: prefix, after: name, limit: limit)
    }

    func message(chat: String, id: String, sender: String?) async throws(StoreError) -> StoredMessage? {
        noteRead()
        return try await store.message(chat: chat, id: id, sender: sender)
    }

    func pendingMessages(since time: Date) async throws(StoreError) -> [StoredMessage] {
        noteRead()
        return try await store.pendingMessages(since: time)
    }

    func pushName(of names: [String]) async throws(StoreError) -> String? {
        noteRead()
        return try await store.pushName(of: names)
    }

    func newestMessage(in chats: [String]) async throws(StoreError) -> Date? {
        noteRead()
        return try await store.newestMessage(in: chats)
    }

    func commit(_ batch: StoreBatch, whenDone: @escaping @Sendable (Result<CommitReceipt, StoreError>) -> Void) {
        state.withLock { state in
            state.totals.commits += 1
            state.totals.rows +=
                batch.records.count + batch.messages.count + batch.statuses.count
                + batch.contacts.count + batch.chats.count + (batch.credentials == nil ? 0 : 1)
            state.underWay += 1
        }
        store.commit(batch) { result in
            self.state.withLock { $0.underWay -= 1 }
            whenDone(result)
        }
    }
}
