package import Database
internal import Foundation
package import Logging
package import Mail
internal import ServiceLifecycle
internal import Synchronization

/// Mails on their way: kept in the database with what caused them, and sent by whoever runs this.
///
/// A mail that cannot be sent is tried again, each time later, for about two days. Its text lies in the database until it is sent.
package final class MailOutbox: Service {
    private let database: Database
    private let transport: any MailTransport
    private let logger: Logger
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    private static let tries = 12

    package init(database: Database, transport: any MailTransport, logger: Logger) {
        self.database = database
        self.transport = transport
        self.logger = logger
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Puts a mail down, with the change that it tells of where `runner` is a transaction.
    package func add(_ message: MailMessage, on runner: any StatementRunner) async throws {
        try await runner.execute(
            """
            INSERT INTO mail_outbox (recipient, subject, body)
            VALUES (\(message.recipient), \(message.subject), \(message.body))
            """
        )
    }

    /// Says that there is something new; to be called when the transaction is through.
    package func hurry() {
        waker.yield()
    }

    /// Sends until it is stopped.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        // What is due later, and what another process left.
                        try? await Task.sleep(for: .seconds(20))
                        self.hurry()
                    }
                }
                await sendDue()
                for await _ in wake { await sendDue() }
                group.cancelAll()
            }
        }
    }

    /// Sends everything that is due.
    package func sendDue() async {
        do {
            while let mail = try await claim() {
                do throws(MailError) {
                    try await transport.send(mail.message)
                    try? await remove(mail.id)
                } catch {
                    try await failed(mail, error)
                }
            }
        } catch {
            // When this is stopped, the next one who runs goes on.
            guard !Task.isCancelled else { return }
            logger.warning("Mails could not be read", metadata: ["error": "\(error)"])
        }
    }

    private struct Claimed {
        let id: Int64
        let tries: Int
        let message: MailMessage
    }

    /// Takes one that is due; should this process die, it is due again two minutes later.
    private func claim() async throws -> Claimed? {
        let row = try await database.queryOne(
            """
            UPDATE mail_outbox SET tries = tries + 1, next_try_at = now() + interval '2 minutes'
            WHERE id = (
                SELECT id FROM mail_outbox WHERE next_try_at <= now() ORDER BY next_try_at
                FOR UPDATE SKIP LOCKED LIMIT 1
            )
            RETURNING id, tries, recipient, subject, body
            """
        )
        guard let row else { return nil }
        return Claimed(
            id: try row.decode("id"),
            tries: try row.decode("tries"),
            message: MailMessage(
                to: try row.decode("recipient"),
                subject: try row.decode("subject"),
                body: try row.decode("body")
            )
        )
    }

    private func remove(_ id: Int64) async throws {
        try await database.execute("DELETE FROM mail_outbox WHERE id = \(id)")
    }

    private func failed(_ mail: Claimed, _ error: MailError) async throws {
        let isFinal: Bool
        if case .refused = error { isFinal = true } else { isFinal = mail.tries >= Self.tries }
        guard !isFinal else {
            logger.error("A mail was given up", metadata: ["mail.id": "\(mail.id)", "error": "\(error)"])
            return try await remove(mail.id)
        }
        logger.warning("A mail was not sent", metadata: ["mail.id": "\(mail.id)", "error": "\(error)"])
        let wait = Double(30 << min(mail.tries, 10))
        try await database.execute(
            "UPDATE mail_outbox SET next_try_at = now() + make_interval(secs => \(wait)) WHERE id = \(mail.id)"
        )
    }
}
