import ArgumentParser
import Foundation
import HTTPClient
import Logging
import NIOCore
import NIOPosix
import SignalProtocol
import Synchronization
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// Two linked devices that write to each other through the sandbox, with what each end costs.
///
/// Each session has an event loop of its own, so that the thread's processor time is the session's. Nothing is written
/// to a database: `store` and `engine` measure that.
struct SessionBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Processor time of a session for each message sent and received, without a database."
    )

    @Option(help: "Messages a run.")
    var messages = 4000

    @Option(help: "Runs of which the median counts.")
    var runs = 5

    func run() async throws {
        Circumstances.current().report()
        let scene = try await Scene()
        let sender = try await scene.person("15550001111")
        let receiver = try await scene.person("15550002222")
        try await send(100, from: sender, to: receiver)
        try await send(1, from: receiver, to: sender)
        report("median of \(runs) runs of \(messages) texts; processor time of the session's own thread")
        var sending: [Double] = []
        var receiving: [Double] = []
        var echoing: [Double] = []
        for _ in 0..<runs {
            let before = try await (sender.time(), receiver.time())
            try await send(messages, from: sender, to: receiver)
            let after = try await (sender.time(), receiver.time())
            sending.append((after.0 - before.0) / Double(messages))
            receiving.append((after.1 - before.1) / Double(messages))
        }
        for _ in 0..<runs {
            let count = messages / 4
            let before = try await receiver.time()
            receiver.isEchoing.withLock { $0 = true }
            try await send(count, from: sender, to: receiver, awaitingEchoes: true)
            receiver.isEchoing.withLock { $0 = false }
            echoing.append((try await receiver.time() - before) / Double(count))
        }
        line("send", Sample(sending))
        line("receive", Sample(receiving))
        line("receive and answer", Sample(echoing))
        await scene.end()
    }

    private func line(_ name: String, _ sample: Sample) {
        report(name.padded(to: 24) + "\((sample.median * 1e6).digits(0)) µs a message")
    }

    /// At most 64 under way at once.
    private func send(
        _ count: Int,
        from sender: BenchmarkedSession,
        to receiver: BenchmarkedSession,
        awaitingEchoes: Bool = false
    ) async throws {
        let before = receiver.received.withLock { $0 }
        let echoes = sender.received.withLock { $0 }
        let chat = receiver.jid
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 64 { try await group.next() }
                group.addTask {
                    var message = WAMessage()
                    message.conversation = "message number \(number) of a benchmark"
                    _ = try await sender.session.send(message, to: chat)
                }
            }
            try await group.waitForAll()
        }
        while receiver.received.withLock({ $0 }) < before + count { try await Task.sleep(for: .milliseconds(1)) }
        while awaitingEchoes, sender.received.withLock({ $0 }) < echoes + count {
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

/// A session with a thread of its own.
final class BenchmarkedSession: Sendable {
    let session: Session
    let loop: any EventLoop
    let jid: JID
    let received: Mutex<Int>
    let receipts: Mutex<Int>
    let isEchoing: Mutex<Bool>

    init(session: Session, loop: any EventLoop, jid: JID, counters: Counters) {
        self.session = session
        self.loop = loop
        self.jid = jid
        received = Mutex(0)
        receipts = Mutex(0)
        isEchoing = Mutex(false)
        counters.target.withLock { $0 = self }
    }

    /// Where a listener that exists before its session finds it.
    final class Counters: Sendable {
        let target = Mutex<BenchmarkedSession?>(nil)
    }

    func took(_ event: SessionEvent) {
        if case .receipt = event { receipts.withLock { $0 += 1 } }
        guard case .message(let message) = event, !message.isFromMe else { return }
        received.withLock { $0 += 1 }
        guard isEchoing.withLock({ $0 }) else { return }
        var answer = WAMessage()
        answer.conversation = "echo:" + message.message.conversation
        Task { [session, answer] in _ = try? await session.send(answer, to: message.chat) }
    }

    /// Seconds of processor time that the session's thread has used.
    func time() async throws -> Double {
        try await loop.submit {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }
        .get()
    }
}

/// A sandbox in this process.
final class Scene: Sendable {
    let sandbox: SandboxServer
    let environment: SessionEnvironment
    private let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }

    init() async throws {
        sandbox = SandboxServer(
            configuration: SandboxConfiguration(port: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            logger: logger
        )
        try await sandbox.start()
        environment = SessionEnvironment(
            service: try .sandbox(webSocketURL: sandbox.webSocketURL, noiseRootKey: sandbox.noiseRootKey),
            profile: ClientProfile(
                versions: ClientVersionSource(pinned: .builtIn, logger: logger),
                deviceName: "Benchmark"
            ),
            http: HTTPClient(),
            computePool: .singleton,
            logger: logger
        )
    }

    /// A new phone with a linked session that has taken its backlog.
    func person(_ number: String) async throws -> BenchmarkedSession {
        _ = try await sandbox.createPhone(NewPhone(number: number, name: "Phone \(number)"))
        let credentials = try await link(number)
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let counters = BenchmarkedSession.Counters()
        let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
        let session = Session(
            credentials: credentials,
            store: MemoryStore(credentials: credentials),
            environment: environment,
            eventLoop: loop,
            listener: { event, _ in
                if case .connection(.caughtUp) = event { readiness.yield() }
                counters.target.withLock { $0 }?.took(event)
                return .heard
            }
        )
        guard let account = credentials.account else { throw ValidationError("The sandbox linked nothing.") }
        let person = BenchmarkedSession(
            session: session,
            loop: loop,
            jid: account.jid.withoutDevice,
            counters: counters
        )
        await session.start()
        for await _ in ready { break }
        return person
    }

    private func link(_ number: String) async throws -> Credentials {
        let linking = LinkingConnection(
            service: environment.service,
            profile: environment.profile,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            computePool: .singleton,
            logger: logger
        )
        defer { linking.close() }
        linking.start()
        for await event in linking.events {
            switch event {
            case .qr(let text, _): _ = try await sandbox.scan(text, with: number)
            case .linked(let credentials): return credentials
            default: break
            }
        }
        throw ValidationError("The sandbox linked nothing.")
    }

    func end() async {
        await sandbox.shutdown()
    }
}
