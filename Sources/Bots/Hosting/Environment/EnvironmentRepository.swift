import Database
import Fleet
import Foundation

/// The variables of bots.
struct EnvironmentRepository: Sendable {
    let database: Database

    /// By name; secrets without their values.
    func list(_ bot: BotID) async throws -> [BotVariable] {
        try await database.query(
            "SELECT name, value, updated_at FROM bot_environment WHERE bot_id = \(bot) ORDER BY name"
        ).map { row in
            let value: String? = try row.decodeIfPresent("value")
            return BotVariable(
                name: try row.decode("name"),
                value: value,
                isSecret: value == nil,
                updatedAt: try row.decode("updated_at")
            )
        }
    }

    /// Names and values, secrets included, for the bot itself.
    func revealed(_ bot: BotID, seal: SessionSeal) async throws -> [String: String] {
        let rows = try await database.query("SELECT name, value, sealed FROM bot_environment WHERE bot_id = \(bot)")
        var values: [String: String] = [:]
        for row in rows {
            let name: String = try row.decode("name")
            let sealed: [UInt8]? = try row.decodeIfPresent("sealed")
            values[name] = try row.decodeIfPresent("value") ?? sealed.flatMap { seal.open($0, name: name) }
        }
        return values
    }

    /// Makes the environment what is wanted; the bot's row is locked.
    func replace(
        _ bot: BotID,
        with wishes: [VariableWish],
        seal: SessionSeal,
        at now: Date,
        in transaction: Transaction
    ) async throws -> EnvironmentDiff {
        let rows = try await transaction.query("SELECT name, value, sealed FROM bot_environment WHERE bot_id = \(bot)")
        var before: [String: (value: String?, sealed: [UInt8]?)] = [:]
        for row in rows {
            before[try row.decode("name")] = (try row.decodeIfPresent("value"), try row.decodeIfPresent("sealed"))
        }
        var diff = EnvironmentDiff()
        var wanted: Set<String> = []
        for wish in wishes where wanted.insert(wish.name).inserted {
            let old = before[wish.name]
            guard let value = wish.value else {
                // A secret whose value was not typed again stays; one that never was there is nothing.
                if old?.sealed == nil { wanted.remove(wish.name) }
                continue
            }
            let held = old.flatMap { $0.value ?? $0.sealed.flatMap { seal.open($0, name: wish.name) } }
            guard held != value || (old?.sealed != nil) != wish.isSecret else { continue }
            let sealed = wish.isSecret ? seal.seal(value, name: wish.name) : nil
            try await transaction.execute(
                """
                INSERT INTO bot_environment (bot_id, name, value, sealed, updated_at)
                VALUES (\(bot), \(wish.name), \(wish.isSecret ? nil : value), \(sealed), \(now))
                ON CONFLICT (bot_id, name) DO UPDATE
                SET value = EXCLUDED.value, sealed = EXCLUDED.sealed, updated_at = EXCLUDED.updated_at
                """
            )
            if old == nil { diff.added.append(wish.name) } else { diff.changed.append(wish.name) }
        }
        diff.added.sort()
        diff.changed.sort()
        diff.removed = before.keys.filter { !wanted.contains($0) }.sorted()
        for name in diff.removed {
            try await transaction.execute("DELETE FROM bot_environment WHERE bot_id = \(bot) AND name = \(name)")
        }
        return diff
    }
}
