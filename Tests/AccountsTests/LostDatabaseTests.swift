import Foundation
import Mail
import ServiceLifecycle
import Synchronization
import Testing
import WharfTestSupport

@testable import Accounts

/// What runs in the background while the database is away.
@Suite(.timeLimit(.minutes(3)))
struct LostDatabaseTests {
    @Test func mailsGoOutOnceItIsBack() async throws {
        try await withLosableDatabase { test in
            let box = MailBox()
            let log = RecordedLog()
            let outbox = MailOutbox(
                database: test.database,
                transport: box,
                logger: log.logger
            )
            try await outbox.add(
                MailMessage(to: "ada@example.com", subject: "Hello", body: "Ada"),
                on: test.database
            )
            try await test.lose()
            try await whileRunning(outbox) {
                try await eventually { !log.lines.isEmpty }
                #expect(box.recipients.isEmpty)
                try await test.bringBack()
                try await eventually {
                    outbox.hurry()
                    return box.recipients == ["ada@example.com"]
                }
            }
        }
    }

    @Test func theUpkeepOutlivesIt() async throws {
        try await withLosableDatabase { test in
            let world = try AccountsWorld(test.database)
            try await test.lose()
            try await whileRunning(world.service) {
                // What cannot be done now is done the next time.
                await world.service.removeExpired()
                try await test.bringBack()
                _ = try await world.register()
                try await test.lose()
                await world.service.removeExpired()
                try await test.bringBack()
                try await eventually { (try? await world.logIn()) != nil }
            }
        }
    }

    /// Runs a service meanwhile; that it ends before it is asked to is a failure.
    private func whileRunning(_ service: any Service, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: [service], logger: AccountsWorld.silence)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

private final class MailBox: MailTransport {
    private let sent = Mutex<[String]>([])

    var recipients: [String] { sent.withLock { $0 } }

    func send(_ message: MailMessage) async throws(MailError) {
        sent.withLock { $0.append(message.recipient) }
    }
}
