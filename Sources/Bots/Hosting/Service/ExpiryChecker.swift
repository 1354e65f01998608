import Database
import Foundation

/// Ends approvals whose time is over, and tells owners days before.
///
/// Any number of processes may check; one does it at a time, and whatever came due while none ran is done by the next.
struct ExpiryChecker: Sendable {
    let hosting: Hosting

    private static let batch = 200
    private static let day: TimeInterval = 86_400

    /// The bots whose time was over.
    func expire(at now: Date) async throws -> [Bot] {
        var all: [Bot] = []
        while true {
            let expired = try await expireSome(at: now)
            all += expired
            guard expired.count == Self.batch else { return all }
        }
    }

    private func expireSome(at now: Date) async throws -> [Bot] {
        let hosting = hosting
        return try await hosting.database.withTransaction { transaction in
            guard try await Self.isAlone(hosting.server, in: transaction) else { return [] }
            let rows = try await transaction.query(
                """
                \(BotRepository.columns)
                WHERE bots.server = \(hosting.server) AND bots.approval = 'approved' AND bots.expires_at <= \(now)
                ORDER BY bots.expires_at LIMIT \(Self.batch) FOR UPDATE OF bots SKIP LOCKED
                """
            )
            var expired: [Bot] = []
            for row in rows {
                var bot = try BotRepository.bot(row)
                guard bot.expire(at: now) else { continue }
                try await hosting.bots.save(bot, at: now, in: transaction)
                try await BotHistory.write(.expired, of: bot, by: nil, at: now, in: transaction)
                try await BotStatistics.count(.expired, of: bot, at: now, in: transaction)
                try await hosting.notices.tell(
                    .expired,
                    of: bot,
                    to: bot.account,
                    occasion: Self.period(of: bot),
                    at: now,
                    in: transaction
                )
                expired.append(bot)
            }
            return expired
        }
    }

    /// Tells owners so many days ahead, once each; after a pause only the nearest.
    func announce(at now: Date, days: [Int]) async throws {
        guard let longest = days.max() else { return }
        let hosting = hosting
        let end = now.addingTimeInterval(Double(longest) * Self.day)
        try await hosting.database.withTransaction { transaction in
            guard try await Self.isAlone(hosting.server, in: transaction) else { return }
            try await transaction.execute(
                """
                INSERT INTO bot_notices (account_id, bot_id, server, kind, bot_name, detail, created_at, occasion)
                SELECT account_id, id, server, 'expires_soon', name, days::text, \(now),
                    'expires_soon:' || id || ':' || days || ':' || floor(extract(epoch FROM expires_at))
                FROM (
                    SELECT account_id, id, server, name, expires_at,
                        (SELECT min(day) FROM unnest(\(days)) AS day
                            WHERE expires_at <= \(now) + make_interval(hours => (24 * day)::integer)) AS days
                    FROM bots
                    WHERE server = \(hosting.server) AND approval = 'approved' AND account_id IS NOT NULL
                        AND expires_at > \(now) AND expires_at <= \(end)
                ) AS due
                ON CONFLICT (occasion) DO NOTHING
                """
            )
        }
    }

    private static func period(of bot: Bot) -> String {
        "\(Int(bot.expiresAt?.timeIntervalSince1970 ?? 0))"
    }

    /// Whether nobody else checks the same server at the moment; good until the transaction ends.
    private static func isAlone(_ server: String, in transaction: Transaction) async throws -> Bool {
        let row = try await transaction.queryOne(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(\("wharf.expiry.\(server)"), 0)) AS taken"
        )
        return try row?.decode("taken") ?? false
    }
}
