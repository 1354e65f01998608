import Bots
import Database
import Fleet
import Foundation
import HTTPClient
import SignalProtocol
import Synchronization
import WhatsApp
import WhatsAppProtobufs
import WhatsAppWire

/// A bot on every session of a measured engine, all in one pipeline.
struct BotFleet {
    let ear: FleetEar
    let inlet = PipelineInlet()
    let sample = SampledMessage()
    private let database: Database
    private static let server = "main"

    /// Gives every session a bot that is approved.
    init(database: Database) async throws {
        self.database = database
        let account = UUID()
        try await database.execute(
            """
            INSERT INTO accounts (id, email, name, role, created_at)
            VALUES (\(account), 'owner@example.org', 'Owner', 'user', now())
            """
        )
        try await database.execute(
            """
            INSERT INTO bots (id, server, account_id, session_id, name, approval, approval_at, approval_cause, approved_at,
                duration_months, expires_at, desired_at, desired_cause, run_at, link, link_at, created_at, updated_at)
            SELECT gen_random_uuid(), \(Self.server), \(account), id, 'Bot', 'approved', now(), 'owner', now(),
                12, now() + interval '360 days', now(), 'owner', now(), 'linked', now(), now(), now()
            FROM sessions
            """
        )
        ear = FleetEar(database: database, server: Self.server)
        try await ear.load()
    }

    /// The pipeline of all bots, which it knows already; says what knowing them takes.
    func pipeline(_ scheduler: SessionScheduler, _ vault: SessionVault) async throws -> BotPipeline {
        let pipeline = BotPipeline(services: try services(scheduler, vault), logger: MeasuredEngine.silence)
        let rows = try await database.query("SELECT id FROM sessions")
        let sessions = try rows.map { SessionID(rawValue: try $0.decode("id")) }
        let before = residentMemory()
        for session in sessions { try await pipeline.services.store.live.load(session) }
        let each = Double(residentMemory() - before) / 1_024 / Double(max(1, sessions.count))
        report("resident memory of a bot that is known: \(each.digits(2)) KiB")
        inlet.attach(pipeline)
        return pipeline
    }

    /// Says what a message that is no command takes, with the commands that there are and with a thousand more.
    func reportOverhead(_ pipeline: BotPipeline, _ scheduler: SessionScheduler, _ vault: SessionVault) async throws {
        let more = try services(scheduler, vault, commands: (0..<1_000).map(IdleCommand.init))
        let larger = BotPipeline(services: more, logger: MeasuredEngine.silence)
        for (name, pipeline) in [("all commands", pipeline), ("and 1,000 more", larger)] {
            let times = await overhead(pipeline)
            report("a message that is no command, \(name): \(times.digits(2)) µs of processor time")
        }
    }

    private func services(
        _ scheduler: SessionScheduler,
        _ vault: SessionVault,
        commands: [any Command] = []
    ) throws -> CommandServices {
        let hosting = Hosting(
            server: Self.server,
            database: database,
            scheduler: scheduler,
            vault: vault,
            ear: ear,
            logger: MeasuredEngine.silence
        )
        let registry = try CommandRegistry(CommandRegistry.builtIn().commands + commands)
        return CommandServices(hosting: hosting, registry: registry, http: HTTPClient())
    }

    private func overhead(_ pipeline: BotPipeline, messages: Int = 200_000) async -> Double {
        guard let (message, session) = sample.plain else { return .nan }
        await pipeline.hear(.message(message), number: nil, of: session)
        let before = processorTime()
        for _ in 0..<messages { await pipeline.hear(.message(message), number: nil, of: session) }
        return (processorTime() - before).seconds * 1e6 / Double(messages)
    }
}

/// Keeps the first message that it hears.
final class SampledMessage: SessionListener {
    let name = "sample"
    private let first = Mutex<(ReceivedMessage, RunningSession)?>(nil)

    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        guard case .message(let message) = event else { return }
        first.withLock { if $0 == nil { $0 = (message, session) } }
    }

    /// The same with a text that is no command.
    var plain: (ReceivedMessage, RunningSession)? {
        first.withLock { $0 }.map { message, session in
            var message = message
            message.message = WAMessage()
            message.message.conversation = "shall we meet at the harbour tomorrow, or on the day after?"
            return (message, session)
        }
    }
}

/// A command that only makes the registry larger.
struct IdleCommand: Command {
    let declaration: CommandDeclaration

    init(_ number: Int) {
        declaration = CommandDeclaration("idle\(number)", .general, Phrase(same: "Does nothing."))
    }

    func run(_ context: CommandContext) async throws {}
}
