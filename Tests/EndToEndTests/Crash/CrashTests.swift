import Foundation
import NIOCore
import SwiftProtobuf
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// A session that dies again and again under traffic, each time at another commit.
///
/// `WHARF_CRASHES` says how often, `WHARF_CRASH_SEED` repeats a run; `scripts/crash-test` sets them.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct CrashTests {
    @Test func nothingIsLostDoubledOrUnreadable() async throws {
        let environment = ProcessInfo.processInfo.environment
        let crashes = environment["WHARF_CRASHES"].flatMap { Int($0) } ?? 10
        let seed = environment["WHARF_CRASH_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        var random = CrashRandom(seed: seed)
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let store = MemoryStore(credentials: credentials)
            let ben = try await world.person("15550002222", name: "Ben")
            let run = CrashRun(world: world, store: store, traffic: try await CrashTraffic.begin(in: world, by: ben))
            for number in 0..<crashes {
                try await run.crash(
                    number,
                    after: Int.random(in: 0...12, using: &random),
                    isLastDurable: Bool.random(using: &random)
                )
                // The journal of what is not heard has a bound, and no life so far was long enough to hear all.
                if number % 25 == 24 { try await run.catchUp() }
            }
            let survivor = try await run.finish()
            let sent = run.sent
            #expect(!sent.isEmpty)
            let kept = store.messages.filter { !$0.isFromMe }
            #expect(kept.contains { $0.kind == "image" } && kept.contains { $0.chat.hasSuffix("@g.us") })
            #expect(Set(kept.map(\.id)) == Set(sent.keys), "seed \(seed)")
            #expect(kept.count == sent.count, "seed \(seed)")
            #expect(run.unreadable == 0, "seed \(seed)")
            let echoes = ben.texts.filter { $0.hasPrefix("echo:") }
            #expect(Set(echoes).count == echoes.count, "no echo twice; seed \(seed)")
            #expect(await ben.session.counters.decryptFailures == 0, "seed \(seed)")
            #expect(survivor.texts.last == "the end", "seed \(seed)")
            #expect(try await run.traffic.strangerAnswers().allSatisfy { $0 <= 1 }, "seed \(seed)")
            try await run.traffic.preKeysAreBack()
            let image = try #require(kept.last { $0.kind == "image" })
            let content = MessageContent(try WAMessage(serializedBytes: image.content))
            if case .media(let media) = content.body {
                let reference = MediaReference(media.file, kind: .image)
                #expect(try await survivor.session.download(reference, limit: 4_000).count == 2_000, "seed \(seed)")
            } else {
                Issue.record("a picture is no picture any more; seed \(seed)")
            }
            // What is durable is told, a moment after it became so.
            func untold() -> Int { Set(sent.keys).subtracting(run.told).subtracting(survivor.messages.map(\.id)).count }
            try? await eventually(within: .seconds(30)) { untold() == 0 }
            #expect(untold() == 0, "of \(sent.count); seed \(seed)")
            // Nor does anything stand as if it were still on its way.
            func pending() -> Int { store.messages.count { $0.isFromMe && $0.status == .pending } }
            try? await eventually(within: .seconds(30)) { pending() == 0 }
            #expect(pending() == 0, "seed \(seed)")
            await survivor.session.stop()
            await ben.session.stop()
        }
    }
}

/// The peer writes all the time; the session answers for as long as it lives.
private final class CrashRun: Sendable {
    private let world: SandboxWorld
    private let store: MemoryStore
    let traffic: CrashTraffic
    private let state = Mutex(State())

    private struct State {
        var told: Set<String> = []
        var unreadable = 0
    }

    init(world: SandboxWorld, store: MemoryStore, traffic: CrashTraffic) {
        self.world = world
        self.store = store
        self.traffic = traffic
    }

    /// What the service took for the session: texts by identifier.
    var sent: [String: String] { traffic.sent }
    var unreadable: Int { state.withLock { $0.unreadable } }
    /// Identifiers of what any life has told.
    var told: Set<String> { state.withLock { $0.told } }

    private func told(_ message: ReceivedMessage) {
        state.withLock { _ = $0.told.insert(message.id) }
    }

    /// One life of the session, up to its crash.
    func crash(_ number: Int, after commits: Int, isLastDurable: Bool) async throws {
        let crashing = CrashingStore(store, commits: commits, isLastDurable: isLastDurable)
        guard let credentials = try await store.credentials() else { return }
        let (events, sink) = AsyncStream<(SessionEvent, EventNumber?)>.makeStream()
        let session = Session(
            credentials: credentials,
            store: crashing,
            environment: world.environment,
            eventLoop: world.group.next(),
            // Heard when the answer is on its way, and not before.
            listener: { event, number in
                sink.yield((event, number))
                return number == nil ? .heard : .pending
            }
        )
        await session.start()
        if number % 3 == 1 { try await traffic.strangerWrites() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Traffic until the end of this life, and some messages into the void after it.
                while !crashing.isDead { try await self.traffic.write() }
                for _ in 0..<2 { try await self.traffic.write() }
            }
            group.addTask {
                for await (event, number) in events {
                    switch event {
                    case .message(let message) where !message.isFromMe:
                        self.told(message)
                        var echo = WAMessage()
                        echo.conversation = "echo:" + (message.message.plainText ?? "")
                        // It may die meanwhile; then the message is told again, and this answer is known by its id.
                        _ = try? await session.send(echo, to: message.chat, id: "ECHO" + message.id)
                    case .unreadable: self.state.withLock { $0.unreadable += 1 }
                    case .connection(.stopped): return sink.finish()
                    default: break
                    }
                    if let number { session.heard(number) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A life that goes on until everything has been heard.
    func catchUp() async throws {
        guard let credentials = try await store.credentials() else { throw UnexpectedEnd(seen: []) }
        let survivor = try await RunningSession.start(credentials, in: world, store: store)
        try await eventually(within: .seconds(60)) {
            Set(self.sent.keys).subtracting(self.told).isSubset(of: survivor.messages.map(\.id))
        }
        let unreadable = survivor.events.count { if case .unreadable = $0 { true } else { false } }
        state.withLock { state in
            state.told.formUnion(survivor.messages.map(\.id))
            state.unreadable += unreadable
        }
        await survivor.session.stop()
    }

    /// The last life: everything that waits is taken.
    func finish() async throws -> RunningSession {
        guard let credentials = try await store.credentials() else { throw UnexpectedEnd(seen: []) }
        let survivor = try await RunningSession.start(credentials, in: world, store: store)
        try await traffic.write("the end", to: survivor.jid)
        try await eventually(within: .seconds(60)) { survivor.texts.last == "the end" }
        let unreadable = survivor.events.count { if case .unreadable = $0 { true } else { false } }
        state.withLock { $0.unreadable += unreadable }
        return survivor
    }
}

/// Random numbers that a seed repeats.
private struct CrashRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
