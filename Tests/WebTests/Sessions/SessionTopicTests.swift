import Database
import Fleet
import Foundation
import HTTPClient
import NIOPosix
import ServiceLifecycle
import SignalProtocol
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Web

/// A session as a browser follows it, from the code to its messages.
@Suite(.timeLimit(.minutes(3)))
struct SessionTopicTests {
    private static let number = "15550001111"

    @Test func aBrowserSeesCodeStatusLogAndCounters() async throws {
        try await withSessions { site, scheduler, sandbox in
            let id = try await scheduler.create("one")
            let browser = try await BrowserClient(site)
            try await browser.send(#"{"subscribe":"session:\#(id)"}"#)
            #expect(try await browser.event("status")["status"] as? String == "STOPPED")

            try await scheduler.start(id)
            let qr = try await browser.event("qr")
            let text = try #require(qr["text"] as? String)
            #expect((qr["svg"] as? String)?.hasPrefix("<svg") == true)
            // Whoever comes later sees the same code at once.
            let second = try await BrowserClient(site)
            try await second.send(#"{"subscribe":"session:\#(id)"}"#)
            #expect(try await second.event("status")["status"] as? String == "SCAN_QR_CODE")
            #expect(try await second.event("qr")["text"] as? String == text)

            try await sandbox.scan(text, with: Self.number)
            #expect(try await browser.event("log")["text"] as? String == "A phone has linked the session.")
            var status: [String: Any] = [:]
            while status["status"] as? String != "WORKING" { status = try await browser.event("status") }
            #expect((status["jid"] as? String)?.hasPrefix(Self.number) == true)
            #expect(status["wanted"] as? Bool == true)

            #expect((status["limits"] as? [String: Any])?["reachOutLocked"] as? Bool == false)
            try await sandbox.setReachOutLock(true, until: 4_000_000_000, of: Self.number)
            try await sandbox.setNewChats(used: 30, total: 30, of: Self.number)
            var limits: [String: Any] = [:]
            while limits["newChatsTotal"] == nil || limits["reachOutLockedUntil"] == nil {
                limits = try #require(try await browser.event("status")["limits"] as? [String: Any])
            }
            #expect(limits["reachOutLocked"] as? Bool == true)
            #expect(limits["reachOutLockedUntil"] as? String == "2096-10-02T07:06:40Z")
            #expect(limits["newChatsCapped"] as? Bool == true)
            #expect(limits["newChatsUsed"] as? Int == 30 && limits["newChatsTotal"] as? Int == 30)

            try await sandbox.createPhone(NewPhone(number: "15550002222", name: "Bob"))
            try await sandbox.act(.text("hello"), at: "15550002222", in: Self.number)
            var counters: [String: Any] = [:]
            while counters["received"] as? Int ?? 0 < 1 { counters = try await browser.event("counters") }
            #expect(counters["health"] as? Int == 100)

            try await sandbox.unlink(of: Self.number)
            while status["status"] as? String != "FAILED" { status = try await browser.event("status") }
            #expect(status["reason"] as? String == "logged_out")

            // A session that is gone is no topic any more.
            try await scheduler.delete(id)
            let third = try await BrowserClient(site)
            try await third.send(#"{"subscribe":"session:\#(id)"}"#)
            #expect(try await third.errorCode() == "session.unknown")
        }
    }

    /// Runs a site with a scheduler on a database and a sandbox of their own.
    private func withSessions(
        _ body: @escaping @Sendable (TestSite, SessionScheduler, SandboxServer) async throws -> Void
    ) async throws {
        let sandbox = SandboxServer(
            configuration: SandboxConfiguration(port: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: silence
        )
        try await sandbox.start()
        let http = HTTPClient()
        do {
            _ = try await sandbox.createPhone(NewPhone(number: Self.number, name: "Ada"))
            try await withTestDatabase { database in
                let key = try #require(MasterKey(SecretBytes([UInt8](repeating: 7, count: MasterKey.length))))
                let vault = SessionVault(
                    database: database,
                    commits: database,
                    masterKeys: MasterKeyring(key),
                    worker: .random(),
                    logger: silence
                )
                let scheduler = SessionScheduler(
                    vault: vault,
                    database: database,
                    environment: SessionEnvironment(
                        service: try .sandbox(
                            webSocketURL: sandbox.webSocketURL,
                            noiseRootKey: sandbox.noiseRootKey
                        ),
                        profile: ClientProfile(versions: ClientVersionSource(pinned: .builtIn, logger: silence)),
                        http: http,
                        computePool: .singleton,
                        logger: silence
                    ),
                    eventLoops: MultiThreadedEventLoopGroup.singleton,
                    logger: silence
                )
                let services = ServiceGroup(services: [vault.writer, scheduler], logger: silence)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await services.run() }
                    do {
                        try await withSite(scheduler: scheduler) { (site) async throws in
                            try await body(site, scheduler, sandbox)
                        }
                    } catch {
                        await services.triggerGracefulShutdown()
                        throw error
                    }
                    await services.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
        } catch {
            await http.shutdown()
            await sandbox.shutdown()
            throw error
        }
        await http.shutdown()
        await sandbox.shutdown()
    }
}
