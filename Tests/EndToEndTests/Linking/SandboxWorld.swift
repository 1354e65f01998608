import Logging
import NIOCore
import NIOPosix
import SignalProtocol
import Testing
import WhatsApp
import WhatsAppSandbox

/// A sandbox on a free port, and the client's side of it.
struct SandboxWorld: Sendable {
    let sandbox: SandboxServer
    let service: WhatsAppService
    let profile: ClientProfile
    let logger: Logger

    static let number = "15550001111"

    var group: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

    /// Runs with a fresh sandbox that has one phone, and shuts it down afterwards.
    static func run(
        _ configuration: SandboxConfiguration = SandboxConfiguration(port: 0),
        phone: NewPhone = NewPhone(number: number, name: "Ada"),
        _ body: (SandboxWorld) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let sandbox = SandboxServer(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        try await sandbox.start()
        do {
            try await sandbox.createPhone(phone)
            let world = SandboxWorld(
                sandbox: sandbox,
                service: try .sandbox(webSocketURL: sandbox.webSocketURL, noiseRootKey: sandbox.noiseRootKey),
                profile: ClientProfile(
                    versions: ClientVersionSource(pinned: .builtIn, logger: logger),
                    deviceName: "Wharf test"
                ),
                logger: logger
            )
            try await body(world)
        } catch {
            await sandbox.shutdown()
            throw error
        }
        await sandbox.shutdown()
    }

    func makeLinking() -> LinkingConnection {
        LinkingConnection(
            service: service,
            profile: profile,
            eventLoopGroup: group,
            computePool: .singleton,
            logger: logger
        )
    }

    /// Links a phone by QR code.
    func link(_ number: String = number) async throws -> Credentials {
        let linking = makeLinking()
        defer { linking.close() }
        var events = linking.events.makeAsyncIterator()
        linking.start()
        let qr = try await events.qr()
        try await sandbox.scan(qr, with: number)
        return try await events.credentials()
    }
}

struct UnexpectedEnd: Error {
    let seen: [String]
}

extension AsyncStream<LinkingEvent>.Iterator {
    /// Waits for the first event that `pick` takes; the stream's end, or a failure, is an error that tells what came.
    mutating func first<Value>(_ pick: (LinkingEvent) -> Value?) async throws -> Value {
        var seen: [String] = []
        while let event = await next(isolation: nil) {
            if let value = pick(event) { return value }
            seen.append("\(event)".prefix(60).description)
        }
        throw UnexpectedEnd(seen: seen)
    }

    mutating func qr() async throws -> String {
        try await first { if case .qr(let text, _) = $0 { text } else { nil } }
    }

    mutating func credentials() async throws -> Credentials {
        try await first { if case .linked(let credentials) = $0 { credentials } else { nil } }
    }

    mutating func failure() async throws -> LinkingFailure {
        try await first { if case .failed(let failure) = $0 { failure } else { nil } }
    }

    mutating func restart() async throws {
        try await first { if case .restarting = $0 { () } else { nil } }
    }

    mutating func code() async throws -> String {
        try await first { if case .pairingCode(let code, _) = $0 { code } else { nil } }
    }

    mutating func codeRefusal() async throws -> PairingCodeRefusal {
        try await first { if case .pairingCodeRefused(let refusal) = $0 { refusal } else { nil } }
    }

    mutating func passkeyOptions() async throws -> [UInt8] {
        try await first { if case .passkeyRequested(let options, _) = $0 { options } else { nil } }
    }

    mutating func ready() async throws {
        try await first { if case .ready = $0 { () } else { nil } }
    }
}
