import Accounts
import Database
import Fleet
import Foundation
import HTTPClient
import Logging
import Mail
import NIOCore
import NIOPosix
import Outreach
import ServiceLifecycle
import SignalProtocol
import WhatsApp

@testable import Web

/// A running web server, and how to talk to it.
struct TestSite: Sendable {
    let port: Int
    let configuration: WebConfiguration
    let generator: SessionGenerator
    /// Begins graceful shutdown.
    let stop: @Sendable () async -> Void
    /// Returns when the server has ended.
    let ended: @Sendable () async -> Void

    /// One request on a connection of its own.
    func request(
        _ method: String,
        _ path: String,
        _ fields: [String: String] = [:],
        body: [UInt8]? = nil
    ) async throws -> WebReply {
        let connection = try await RawConnection(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if fields["Host"] == nil { head += "Host: 127.0.0.1:\(port)\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        try await connection.write(head + "\r\n")
        if let body { try await connection.write(body) }
        let reply = try await WebReply.read(from: connection, isHead: method == "HEAD")
        await connection.close()
        return reply
    }

    func get(_ path: String, _ fields: [String: String] = [:]) async throws -> WebReply {
        try await request("GET", path, fields)
    }

    func post(_ path: String, json: String, _ fields: [String: String] = [:]) async throws -> WebReply {
        let fields = ["Content-Type": "application/json"].merging(fields) { $1 }
        return try await request("POST", path, fields, body: Array(json.utf8))
    }

    func post(_ path: String, form: [String: String], cookie: String? = nil) async throws -> WebReply {
        var fields = ["Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:\(port)"]
        fields["Cookie"] = cookie
        let body = form.map { "\($0.key.formEncoded)=\($0.value.formEncoded)" }.joined(separator: "&")
        return try await request("POST", path, fields, body: Array(body.utf8))
    }
}

/// The folder with templates and the rest: the repository itself.
let sharePath = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent()
    .appendingPathComponent("../../..")
    .standardizedFileURL.path

let silence = Logger(label: "tests.web", factory: { _ in SwiftLogNoOpLogHandler() })

/// A generator whose database is away: enough for all that begins no attempt.
func generatorWithoutDatabase(_ configuration: GeneratorConfiguration = .init()) throws -> SessionGenerator {
    let server = try ConnectionString(parsing: "host='/nonexistent' user=nobody dbname=none connect_timeout=1")
    let database = Database(server: server, configuration: PoolConfiguration(size: 1), logger: silence)
    return try makeGenerator(
        configuration,
        database: database,
        service: WhatsAppService.sandbox(
            webSocketURL: "ws://127.0.0.1:9/ws/chat",
            noiseRootKey: [UInt8](repeating: 7, count: 32)
        )
    )
}

/// Accounts whose database is away: enough for all pages that ask for none.
func accountsWithoutDatabase() throws -> AccountsService {
    let server = try ConnectionString(parsing: "host='/nonexistent' user=nobody dbname=none connect_timeout=1")
    let database = Database(server: server, configuration: PoolConfiguration(size: 1), logger: silence)
    return try makeAccounts(database)
}

/// The mails of all tests; each looks for its own by their recipient.
let testMails = MailFolder(path: FileManager.default.temporaryDirectory.path + "/wharf-test-mails-\(getpid())")

func makeAccounts(
    _ database: Database,
    _ change: (inout AccountsConfiguration) -> Void = { _ in }
) throws -> AccountsService {
    var configuration = AccountsConfiguration()
    configuration.settings.needsVerifiedEmail = false
    change(&configuration)
    return AccountsService(
        configuration: configuration,
        database: database,
        hasher: try PasswordHasher(
            parameters: Argon2Parameters(memory: 64, passes: 1, lanes: 1),
            threads: 1,
            queueLimit: 64
        ),
        keys: AccountKeys(secret: [UInt8](repeating: 9, count: 32)),
        providerClient: ProviderClient(http: HTTPClient()),
        outbox: MailOutbox(database: database, transport: testMails, logger: silence),
        compose: try MailTexts(share: ShareFolder(path: sharePath)).composer,
        logger: silence
    )
}

func makeGenerator(
    _ configuration: GeneratorConfiguration,
    database: Database,
    service: WhatsAppService
) throws -> SessionGenerator {
    try SessionGenerator(
        configuration: configuration,
        network: LinkingNetwork(
            service: service,
            profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: silence)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            computePool: .singleton
        ),
        database: database,
        addressKey: SecretBytes([UInt8](repeating: 1, count: 32)),
        logger: silence
    )
}

/// Runs a server on a free port for the time of `body`.
func withSite(
    accounts: AccountsService? = nil,
    generator: SessionGenerator? = nil,
    limits: GeneratorConfiguration = .init(),
    readiness: [ReadinessCheck] = [],
    phones: (any SimulatedPhones)? = nil,
    bots: BotParts? = nil,
    links: ShortLinks? = nil,
    scheduler: SessionScheduler? = nil,
    logger: Logger = silence,
    configuration: WebConfiguration = .test(),
    _ body: @Sendable (TestSite) async throws -> Void
) async throws {
    var configuration = configuration
    configuration.isSandbox = phones != nil
    let generator = try generator ?? generatorWithoutDatabase(limits)
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = try WebServer(
        configuration: configuration,
        share: ShareFolder(path: sharePath),
        parts: WebServer.Parts(
            accounts: accounts ?? accountsWithoutDatabase(),
            generator: generator,
            scheduler: scheduler,
            generatorConfiguration: limits,
            readiness: readiness,
            metrics: { "wharf_test_metric 1\n" },
            phones: phones,
            bots: bots,
            links: links
        ),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: logger,
        onListening: { address in
            found.yield(address.port ?? 0)
            found.finish()
        }
    )
    let group = ServiceGroup(services: [generator, server], logger: silence)
    let (endings, ending) = AsyncStream.makeStream(of: Never.self)
    try await withThrowingTaskGroup { tasks in
        tasks.addTask {
            defer { ending.finish() }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else { throw ConnectionEnded() }
        let site = TestSite(
            port: port,
            configuration: configuration,
            generator: generator,
            stop: { await group.triggerGracefulShutdown() },
            ended: { for await _ in endings {} }
        )
        do {
            try await body(site)
        } catch {
            tasks.cancelAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

extension WebConfiguration {
    /// Any free port, and what the test changes.
    static func test(_ change: (inout WebConfiguration) -> Void = { _ in }) -> WebConfiguration {
        var configuration = WebConfiguration()
        configuration.port = 0
        configuration.version = "1.2.3-test"
        configuration.callsPerMinute = 10_000
        configuration.writesPerMinute = 10_000
        change(&configuration)
        return configuration
    }
}
