import Database
import Fleet
import Foundation
import NIOPosix
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Web

/// The sandbox's phones behind the page's buttons: one phone, made when it is first needed.
struct TestPhones: SimulatedPhones {
    let sandbox: SandboxServer
    static let number = "15550001111"

    func scan(qr: String) async throws {
        try await refusable { try await sandbox.scan(qr, with: Self.number) }
    }

    func provide(phone: String) async throws {
        // Fails for a phone that is there already, and for a sandbox that a test has stopped.
        _ = try? await sandbox.createPhone(NewPhone(number: phone))
    }

    func enter(code: String, phone: String) async throws {
        try await refusable { try await sandbox.enterCode(code, at: phone) }
    }

    private func refusable(_ work: () async throws -> LinkOutcome) async throws {
        do {
            _ = try await work()
        } catch let error as SandboxError {
            throw SimulatedPhoneError.refused("\(error)")
        }
    }
}

/// Runs a server with a generator on a database and a sandbox of its own.
func withGeneratorSite(
    limits: GeneratorConfiguration = .generous,
    hasPasskey: Bool = false,
    configuration: WebConfiguration = .test(),
    _ body: @Sendable (TestSite, SandboxServer) async throws -> Void
) async throws {
    let sandbox = SandboxServer(
        configuration: SandboxConfiguration(port: 0),
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: silence
    )
    try await sandbox.start()
    _ = try await sandbox.createPhone(NewPhone(number: TestPhones.number, hasPasskey: hasPasskey))
    let service = try WhatsAppService.sandbox(
        webSocketURL: sandbox.webSocketURL,
        noiseRootKey: sandbox.noiseRootKey
    )
    do {
        try await withTestDatabase { database in
            let generator = try makeGenerator(limits, database: database, service: service)
            try await withSite(
                generator: generator,
                limits: limits,
                phones: TestPhones(sandbox: sandbox),
                configuration: configuration
            ) { (site) async throws in
                try await body(site, sandbox)
            }
        }
    } catch {
        await sandbox.shutdown()
        throw error
    }
    await sandbox.shutdown()
}

extension GeneratorConfiguration {
    /// Limits that no test meets by chance.
    static var generous: GeneratorConfiguration {
        var configuration = GeneratorConfiguration()
        configuration.attemptsPerHour = 1000
        configuration.attemptsAtOnce = 100
        return configuration
    }
}

extension TestSite {
    /// Begins an attempt and returns its id.
    func begin(_ json: String = #"{"method":"qr"}"#) async throws -> String {
        let reply = try await post("/api/session/generate", json: json)
        guard reply.status == 201, let id = try reply.json()["id"] as? String else {
            throw UnexpectedReply(status: reply.status, text: reply.text)
        }
        return id
    }

    /// Subscribes a new socket to an attempt.
    func follow(_ id: String) async throws -> BrowserClient {
        let client = try await BrowserClient(self)
        try await client.send(#"{"subscribe":"generator:\#(id)","after":0}"#)
        return client
    }
}

struct UnexpectedReply: Error {
    let status: Int
    let text: String
}
