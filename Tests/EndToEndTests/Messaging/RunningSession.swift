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
    static func start(_ credentials: Credentials, in world: SandboxWorld, store: MemoryStore? = nil) async throws
        -> RunningSession
    {
        let account = try #require(credentials.account)
        let store = store ?? MemoryStore(credentials: credentials)
        let log = EventLog()
        let session = Session(
            credentials: try #require(await store.credentials()),
            store: store,
            environment: world.environment,
            eventLoop: world.group.next(),
            listener: { log.append($0) }
        )
        let running = RunningSession(
            session: session,
            store: store,
            jid: account.jid.withoutDevice,
            lid: try #require(account.lid).withoutDevice,
            log: log
        )
        await session.start()
        try await running.caughtUp()
        return running
    }

    var events: [SessionEvent] { log.events }

    func caughtUp() async throws {
        do {
            try await eventually {
                self.events.contains { if case .connection(.caughtUp) = $0 { true } else { false } }
            }
        } catch {
            throw UnexpectedEnd(seen: events.map { "\($0)".prefix(80).description })
        }
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

    func stopped() async throws -> ClientStop {
        try await eventually {
            self.events.contains { if case .connection(.stopped) = $0 { true } else { false } }
        }
        return try #require(
            events.compactMap { if case .connection(.stopped(let reason)) = $0 { reason } else { nil } }.first
        )
    }

    func send(_ text: String, to chat: JID) async throws -> SentMessage {
        var message = WAMessage()
        message.conversation = text
        return try await session.send(message, to: chat)
    }
}

final class EventLog: Sendable {
    private let state = Mutex<[SessionEvent]>([])

    func append(_ event: SessionEvent) {
        state.withLock { $0.append(event) }
    }

    var events: [SessionEvent] { state.withLock { $0 } }
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

    /// A phone with one linked and running session.
    func person(_ number: String, name: String) async throws -> RunningSession {
        if number != Self.number { _ = try await sandbox.createPhone(NewPhone(number: number, name: name)) }
        return try await RunningSession.start(try await link(number), in: self)
    }
}
