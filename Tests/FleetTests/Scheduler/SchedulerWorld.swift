import Database
import Foundation
import HTTPClient
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// Schedulers between a sandbox and a database.
struct SchedulerWorld: Sendable {
    let sandbox: SandboxServer
    let test: TestDatabase
    let environment: SessionEnvironment

    static let number = "15550001111"

    var database: Database { test.database }

    static func run(_ body: (SchedulerWorld) async throws -> Void) async throws {
        try await withLosableDatabase(
            configuration: PoolConfiguration(size: 6, acquireTimeLimit: .seconds(20), statementTimeLimit: .seconds(30))
        ) { test in
            let server = SandboxServer(
                configuration: SandboxConfiguration(port: 0),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: StoreWorld.silence
            )
            try await server.start()
            let http = HTTPClient()
            do {
                try await server.createPhone(NewPhone(number: number, name: "Ada"))
                let environment = SessionEnvironment(
                    service: try .sandbox(webSocketURL: server.webSocketURL, noiseRootKey: server.noiseRootKey),
                    profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: StoreWorld.silence)),
                    http: http,
                    computePool: .singleton,
                    logger: StoreWorld.silence
                )
                try await body(SchedulerWorld(sandbox: server, test: test, environment: environment))
            } catch {
                await http.shutdown()
                await server.shutdown()
                throw error
            }
            await http.shutdown()
            await server.shutdown()
        }
    }

    /// Runs a scheduler meanwhile, and stops it as the program would.
    func whileScheduling(
        listeners: [any SessionListener] = [],
        observers: [any SessionObserver] = [],
        configuration: SchedulerConfiguration = .quick,
        worker: WorkerID = WorkerID(rawValue: 1),
        masterKeys: MasterKeyring? = nil,
        commitLimits: CommitWriter.Limits = CommitWriter.Limits(),
        sessionLimits: SessionLimits = SessionLimits(),
        logger: Logger = StoreWorld.silence,
        _ body: (SessionScheduler) async throws -> Void
    ) async throws {
        let vault = SessionVault(
            database: database,
            commits: database,
            masterKeys: try masterKeys ?? MasterKeyring(.test()),
            worker: worker,
            limits: commitLimits,
            logger: StoreWorld.silence
        )
        var environment = environment
        environment.limits = sessionLimits
        let scheduler = SessionScheduler(
            configuration: configuration,
            vault: vault,
            database: database,
            environment: environment,
            eventLoops: MultiThreadedEventLoopGroup.singleton,
            listeners: listeners,
            observers: observers,
            logger: logger
        )
        let services = ServiceGroup(services: [vault.writer, scheduler], logger: StoreWorld.silence)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                try await body(scheduler)
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    /// Makes a session, starts it, and scans its code with the phone.
    func link(_ scheduler: SessionScheduler, _ name: String = "one", with number: String = Self.number) async throws
        -> SessionID
    {
        let id = try await scheduler.create(name)
        let notices = try await scheduler.notices(of: id)
        try await scheduler.start(id)
        var text: String?
        for await notice in notices {
            guard case .qr(let qr, _, _) = notice.kind else { continue }
            text = qr
            break
        }
        try await sandbox.scan(try #require(text), with: number)
        try await scheduler.wait(for: .working, of: id)
        return id
    }
}

extension SchedulerConfiguration {
    static var quick: SchedulerConfiguration {
        var configuration = SchedulerConfiguration()
        configuration.firstPause = .milliseconds(50)
        configuration.renewal = .milliseconds(500)
        configuration.lookAfter = .milliseconds(500)
        return configuration
    }
}

extension SessionScheduler {
    nonisolated func wait(for status: SessionStatus, of id: SessionID) async throws {
        do {
            try await eventually { (try? await self.state(of: id).status) == status }
        } catch {
            throw UnexpectedEnd(seen: [(try? "\(await state(of: id))") ?? "gone"])
        }
    }
}
