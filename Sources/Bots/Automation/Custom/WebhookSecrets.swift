import Database
import Fleet

/// What the calls of webhook commands are signed with: made with the command, sealed with its session's key.
struct WebhookSecrets: Sendable {
    let database: Database
    let vault: SessionVault

    private var rows: AutomationRepository { AutomationRepository(database: database) }

    /// The secret of a command, made where there is none yet; nil for one that cannot be opened.
    func secret(of command: String, of bot: BotID, session: SessionID) async throws -> String? {
        guard let sealed = try await rows.secret(of: command, of: bot) else {
            return try await renew(command, of: bot, session: session)
        }
        return try await vault.seal(of: session).open(sealed, name: Self.name(command))
    }

    /// A new secret in the place of an older one; nil for a command that there is not.
    func renew(_ command: String, of bot: BotID, session: SessionID) async throws -> String? {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let sealed = try await vault.seal(of: session).seal(secret, name: Self.name(command))
        return try await rows.setSecret(sealed, of: command, of: bot) ? secret : nil
    }

    private static func name(_ command: String) -> String { "webhook \(command)" }
}
