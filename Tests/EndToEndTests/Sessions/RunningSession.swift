import HTTPClient
import NIOCore
import NIOPosix
import SignalProtocol
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// A session against a sandbox, with everything that it has told.
final class RunningSession: Sendable {
    let session: Session
    let store: MemoryStore
    let jid: JID
    let lid: JID
    private let log: EventLog

    private init(session: Session, store: MemoryStore, jid: JID, lid: JID, log: EventLog) {
        self.session = session
        self.store = store
        self.jid = jid
        self.lid = lid
        self.log = log
    }

    /// Starts a session and waits until it has taken its backlog.
    ///
    /// Where `isAwaited` is false it returns at once.
    static func start(
        _ credentials: Credentials,
        in world: SandboxWorld,
        store: MemoryStore? = nil,
        limits: SessionLimits = SessionLimits(),
        isAwaited: Bool = true
    ) async throws -> RunningSession {
        let account = try #require(credentials.account)
        let store = store ?? MemoryStore(credentials: credentials)
        let log = EventLog()
        var environment = world.environment
        environment.limits = limits
        let session = Session(
            credentials: try #require(await store.credentials()),
            store: store,
            environment: environment,
            eventLoop: world.group.next(),
            listener: { event, _ in
                log.append(event)
                return .heard
            }
        )
        let running = RunningSession(
            session: session,
            store: store,
            jid: account.jid.withoutDevice,
            lid: try #require(account.lid).withoutDevice,
            log: log
        )
        await session.start()
        if isAwaited { try await running.caughtUp() }
        return running
    }

    var events: [SessionEvent] { log.events }

    func caughtUp() async throws {
        _ = try await first { if case .connection(.caughtUp) = $0 { () } else { nil } }
    }

    /// Waits for the next event that `pick` takes, after those that earlier calls have passed.
    func first<Value: Sendable>(_ pick: @Sendable (SessionEvent) -> Value?) async throws -> Value {
        do {
            try await eventually { log.peek(pick) }
        } catch {
            throw UnexpectedEnd(seen: events.map { "\($0)".prefix(80).description })
        }
        guard let value = log.take(pick) else { throw UnexpectedEnd(seen: []) }
        return value
    }

    /// Texts in the order of their arrival.
    var texts: [String] {
        messages.map { $0.message.conversation.isEmpty ? $0.message.extendedTextMessage.text : $0.message.conversation }
    }

    var messages: [ReceivedMessage] {
        events.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    var receipts: [MessageReceipt] {
        events.compactMap { if case .receipt(let receipt) = $0 { receipt } else { nil } }
    }

    var notes: [String] {
        events.compactMap { if case .note(let note) = $0 { note.text } else { nil } }
    }

    var unreadable: [UnreadableMessage] {
        events.compactMap { if case .unreadable(let message) = $0 { message } else { nil } }
    }

    /// The number of the linked device.
    var device: UInt16 {
        get async { await session.account?.jid.device ?? 0 }
    }

    /// Starts once more with what is stored.
    func again(in world: SandboxWorld) async throws -> RunningSession {
        try await RunningSession.start(try #require(try await store.credentials()), in: world, store: store)
    }

    func stopped() async throws -> ClientStop {
        try await first { if case .connection(.stopped(let reason)) = $0 { reason } else { nil } }
    }

    func send(_ text: String, to chat: JID) async throws -> SentMessage {
        var message = WAMessage()
        message.conversation = text
        return try await session.send(message, to: chat)
    }
}

final class EventLog: Sendable {
    private let state = Mutex<(events: [SessionEvent], passed: Int)>(([], 0))

    func append(_ event: SessionEvent) {
        state.withLock { $0.events.append(event) }
    }

    var events: [SessionEvent] { state.withLock { $0.events } }

    func peek<Value>(_ pick: (SessionEvent) -> Value?) -> Bool {
        state.withLock { state in state.events.dropFirst(state.passed).contains { pick($0) != nil } }
    }

    func take<Value: Sendable>(_ pick: @Sendable (SessionEvent) -> Value?) -> Value? {
        state.withLock { state in
            while state.passed < state.events.count {
                defer { state.passed += 1 }
                if let value = pick(state.events[state.passed]) { return value }
            }
            return nil
        }
    }
}

extension SandboxWorld {
    var environment: SessionEnvironment {
        SessionEnvironment(
            service: service,
            profile: profile,
            http: HTTPClient(),
            computePool: .singleton,
            logger: logger
        )
    }

    /// Ada and Bob, each with one session.
    static func withTwo(_ body: (SandboxWorld, RunningSession, RunningSession) async throws -> Void) async throws {
        try await run { world in
            let ada = try await world.person(number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            try await body(world, ada, bob)
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    /// A phone with one linked and running session.
    func person(_ number: String, name: String) async throws -> RunningSession {
        if number != Self.number { _ = try await sandbox.createPhone(NewPhone(number: number, name: name)) }
        return try await RunningSession.start(try await link(number), in: self)
    }
}
