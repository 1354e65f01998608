import Database
import Foundation
import Logging
import NIOCore
import NIOPosix
import SignalProtocol
import Synchronization
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// A generator between a sandbox and a database of its own.
struct GeneratorWorld: Sendable {
    let sandbox: SandboxServer
    let database: Database
    let generator: SessionGenerator
    let network: LinkingNetwork
    let time: ShiftedTime
    let service: WhatsAppService
    let profile: ClientProfile

    static let number = "15550001111"
    static let addressKey = SecretBytes([UInt8](repeating: 7, count: 32))
    static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func run(
        configuration: GeneratorConfiguration = .roomy,
        sandbox: SandboxConfiguration = SandboxConfiguration(port: 0),
        phone: NewPhone = NewPhone(number: number, name: "Ada"),
        whenLinked: SessionGenerator.LinkedHandler? = nil,
        _ body: (GeneratorWorld) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let server = SandboxServer(
                configuration: sandbox,
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: silence
            )
            try await server.start()
            do {
                try await server.createPhone(phone)
                let service = try WhatsAppService.sandbox(
                    webSocketURL: server.webSocketURL,
                    noiseRootKey: server.noiseRootKey
                )
                let profile = ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: silence))
                let network = LinkingNetwork(
                    service: service,
                    profile: profile,
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    computePool: .singleton
                )
                let time = ShiftedTime()
                let generator = try SessionGenerator(
                    configuration: configuration,
                    network: network,
                    database: database,
                    addressKey: addressKey,
                    time: time.source,
                    logger: silence,
                    whenLinked: whenLinked
                )
                let world = GeneratorWorld(
                    sandbox: server,
                    database: database,
                    generator: generator,
                    network: network,
                    time: time,
                    service: service,
                    profile: profile
                )
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await generator.run() }
                    defer { group.cancelAll() }
                    try await body(world)
                }
            } catch {
                await server.shutdown()
                throw error
            }
            await server.shutdown()
        }
    }

    func begin(
        _ method: LinkingMethod = .qr,
        phone: PhoneNumber? = nil,
        dialect: SessionIDDialect = .tildeGzip,
        from address: String = "192.0.2.1"
    ) async throws -> Attempt {
        let request = AttemptRequest(method: method, phone: phone, dialect: dialect)
        return try await generator.begin(request, from: .test(address))
    }

    /// Begins and listens.
    func beginListening(_ method: LinkingMethod = .qr, phone: PhoneNumber? = nil) async throws
        -> (id: AttemptID, events: AsyncStream<GeneratorEvent>.Iterator)
    {
        let attempt = try await begin(method, phone: phone)
        return (attempt.id, try await generator.events(of: attempt.id).makeAsyncIterator())
    }

    /// Links by QR, for tests of what comes after.
    func link(dialect: SessionIDDialect = .tildeGzip) async throws -> (id: AttemptID, text: String) {
        let attempt = try await begin(dialect: dialect)
        var events = try await generator.events(of: attempt.id).makeAsyncIterator()
        try await sandbox.scan(events.qr(), with: Self.number)
        return (attempt.id, try await events.session())
    }

    /// Waits until the sandbox has no more than this many sockets; the test's time limit ends it.
    func connections(fallTo count: Int) async throws {
        while try await sandbox.connectionCount() > count { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// The machine's time, moved forward by hand.
final class ShiftedTime: Sendable {
    private let shift = Mutex(Duration.zero)

    func advance(by duration: Duration) {
        shift.withLock { $0 += duration }
    }

    var source: TimeSource {
        let shift: @Sendable () -> Duration = { [self] in self.shift.withLock { $0 } }
        return TimeSource(
            date: { TimeSource.system.date().addingTimeInterval(shift() / .seconds(1)) },
            uptime: { TimeSource.system.uptime() + shift() }
        )
    }
}

extension GeneratorConfiguration {
    /// Limits that tests of other things do not meet.
    static var roomy: GeneratorConfiguration {
        var configuration = GeneratorConfiguration()
        configuration.attemptsPerHour = 1_000
        configuration.attemptsAtOnce = 1_000
        configuration.loginChecksPerHour = 1_000
        configuration.validationsPerHour = 1_000
        return configuration
    }
}

extension ClientAddress {
    static func test(_ text: String = "192.0.2.1") throws -> ClientAddress {
        try #require(ClientAddress(parsing: text))
    }
}

extension PhoneNumber {
    static func test(_ text: String = GeneratorWorld.number) throws -> PhoneNumber {
        try PhoneNumber(parsing: text)
    }
}

struct UnexpectedEnd: Error {
    let seen: [String]
}

extension AsyncStream<GeneratorEvent>.Iterator {
    /// Waits for the first event that `pick` takes; the stream's end is an error that tells what came.
    mutating func first<Value>(_ pick: (GeneratorEvent.Kind) -> Value?) async throws -> Value {
        var seen: [String] = []
        while let event = await next(isolation: nil) {
            if let value = pick(event.kind) { return value }
            seen.append("\(event.kind)".prefix(60).description)
        }
        throw UnexpectedEnd(seen: seen)
    }

    mutating func qr() async throws -> String {
        try await first { if case .qr(let text, _, _) = $0 { text } else { nil } }
    }

    mutating func code() async throws -> String {
        try await first { if case .pairingCode(let code, _) = $0 { code } else { nil } }
    }

    mutating func session() async throws -> String {
        try await first { if case .sessionGenerated(let session, _) = $0 { session.reveal() } else { nil } }
    }

    mutating func problem() async throws -> GeneratorEvent.Problem {
        try await first { if case .error(let problem) = $0 { problem } else { nil } }
    }

    mutating func status(_ wanted: AttemptState) async throws -> String {
        try await first { if case .status(wanted, let text, _) = $0 { text } else { nil } }
    }

    mutating func passkey() async throws -> PasskeyPrompt {
        try await first { if case .passkey(let prompt, _) = $0 { prompt } else { nil } }
    }

    /// Everything until the stream ends.
    mutating func rest() async -> [GeneratorEvent.Kind] {
        var kinds: [GeneratorEvent.Kind] = []
        while let event = await next(isolation: nil) { kinds.append(event.kind) }
        return kinds
    }
}
