import Accounts
import Database
import Fleet
import Foundation
import HTTPClient
import Logging
import NIOPosix
import ServiceLifecycle
import SignalProtocol
import Synchronization
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let moment = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { moment.withLock { $0 } }

    var source: TimeSource { TimeSource(date: { self.now }, uptime: TimeSource.system.uptime) }

    func advance(days: Double) {
        moment.withLock { $0 += days * 86_400 }
    }
}

/// Bots on a database, with sessions against a sandbox where a test wants them to run.
struct HostingWorld: Sendable {
    static let number = "15550001111"
    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let database: Database
    let clock: TestClock
    let hosting: Hosting
    let service: HostingService
    let sandbox: SandboxServer
    let mail: MailBox
    private let vault: SessionVault

    static func run(server: String = "main", _ body: (HostingWorld) async throws -> Void) async throws {
        try await runLosable(server: server) { world, _ in try await body(world) }
    }

    /// The same, with a database that may be lost in between.
    static func runLosable(
        server: String = "main",
        _ body: (HostingWorld, TestDatabase) async throws -> Void
    ) async throws {
        try await withLosableDatabase(
            configuration: PoolConfiguration(size: 6, acquireTimeLimit: .seconds(20), statementTimeLimit: .seconds(30))
        ) { test in
            try await run(on: test.database, server: server) { try await body($0, test) }
        }
    }

    static func run(on database: Database, server: String, _ body: (HostingWorld) async throws -> Void) async throws {
        let sandbox = SandboxServer(
            configuration: SandboxConfiguration(port: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: silence
        )
        try await sandbox.start()
        let http = HTTPClient()
        do {
            try await sandbox.createPhone(NewPhone(number: number, name: "Ada"))
            try await body(HostingWorld(database, server, sandbox, http))
        } catch {
            await http.shutdown()
            await sandbox.shutdown()
            throw error
        }
        await http.shutdown()
        await sandbox.shutdown()
    }

    private init(_ database: Database, _ server: String, _ sandbox: SandboxServer, _ http: HTTPClient) throws {
        self.database = database
        self.sandbox = sandbox
        clock = TestClock()
        mail = MailBox()
        guard let key = MasterKey(SecretBytes([UInt8](repeating: 7, count: MasterKey.length))) else {
            throw HostingError.notAllowed
        }
        vault = SessionVault(
            database: database,
            commits: database,
            masterKeys: MasterKeyring(key),
            worker: .random(),
            server: server,
            logger: Self.silence
        )
        let ear = FleetEar(database: database, server: server, time: clock.source)
        let environment = SessionEnvironment(
            service: try .sandbox(webSocketURL: sandbox.webSocketURL, noiseRootKey: sandbox.noiseRootKey),
            profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: Self.silence)),
            http: http,
            computePool: .singleton,
            logger: Self.silence
        )
        let scheduler = SessionScheduler(
            vault: vault,
            database: database,
            environment: environment,
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            observers: [ear],
            gate: BotGate(database: database, time: clock.source),
            logger: Self.silence
        )
        hosting = Hosting(
            server: server,
            database: database,
            scheduler: scheduler,
            vault: vault,
            ear: ear,
            time: clock.source,
            logger: Self.silence
        )
        service = HostingService(hosting: hosting, mail: mail, logger: Self.silence)
    }

    /// Runs sessions meanwhile, and stops them as the program would.
    func whileRunning(_ body: () async throws -> Void) async throws {
        try await hosting.ear.load()
        let services = ServiceGroup(services: [vault.writer, hosting.scheduler], logger: Self.silence)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                try await body()
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    // MARK: People and bots

    func person(_ name: String, isAdministrator: Bool = false) async throws -> BotCaller {
        let id = AccountID()
        try await database.execute(
            """
            INSERT INTO accounts (id, email, name, role, created_at)
            VALUES (\(id), \("\(name)@example.org"), \(name), \(isAdministrator ? "admin" : "user"), \(clock.now))
            """
        )
        return BotCaller(account: id, name: name, isAdministrator: isAdministrator)
    }

    func join(_ member: BotCaller, teamOf owner: BotCaller) async throws {
        try await database.execute(
            """
            INSERT INTO team_members (member_id, owner_id, joined_at)
            VALUES (\(member.account), \(owner.account), \(clock.now))
            """
        )
    }

    func offer(_ bot: Bot, to other: BotCaller, by caller: BotCaller) async throws {
        guard let email = EmailAddress("\(other.name)@example.org") else { throw HostingError.invalidRecipient }
        try await hosting.offer(bot.id, to: email, of: other.account, by: caller)
    }

    /// Links the bot with the phone and waits until the row says so.
    func link(_ bot: Bot, by caller: BotCaller) async throws {
        let notices = try await hosting.notices(of: bot.id, for: caller)
        _ = try await hosting.link(bot.id, phone: nil, by: caller)
        for await notice in notices {
            guard case .qr(let text, _, _) = notice.kind else { continue }
            try await sandbox.scan(text, with: Self.number)
            break
        }
        try await eventually { await self.hosting.session(of: bot)?.jid != nil }
    }

    func wait(for status: SessionStatus, of bot: Bot) async throws {
        try await eventually { await self.hosting.session(of: bot)?.status == status }
    }

    func count(_ table: SQL) async throws -> Int {
        try await database.queryOne("SELECT count(*) AS count FROM \(table)")?.decode("count") ?? 0
    }
}

/// Mails that would have been sent.
final class MailBox: HostingMail {
    private let sent = Mutex<[BotNotice]>([])

    var notices: [BotNotice] { sent.withLock { $0 } }

    func send(_ notice: BotNotice) async throws {
        sent.withLock { $0.append(notice) }
    }
}
