import Database
import Foundation

/// What bots did and cost, in minutes, hours and days.
struct UsageRepository: Sendable {
    let database: Database

    /// Adds what was measured since the last time.
    func add(_ samples: [BotID: UsageSample], at now: Date) async throws {
        guard !samples.isEmpty else { return }
        var bots = SQLColumn<UUID>()
        var numbers = (0..<6).map { _ in SQLColumn<Int64>() }
        // In one order everywhere, so that two writers never wait for each other.
        for (bot, sample) in samples.sorted(by: { $0.key.description < $1.key.description }) {
            bots.append(bot.rawValue)
            let milliseconds = sample.processorTime / .milliseconds(1)
            let values = [
                sample.received, sample.sent, Int(milliseconds.rounded()), sample.bytesIn, sample.bytesOut,
                sample.memory,
            ]
            for (index, value) in values.enumerated() { numbers[index].append(Int64(value)) }
        }
        let statements = UsageResolution.allCases.map { resolution -> SQL in
            """
            INSERT INTO bot_usage (
                bot_id, resolution, at, received, sent, processor_ms, bytes_in, bytes_out, memory_bytes
            )
            SELECT bots.id, \(resolution.rawValue), \(resolution.beginning(of: now)), sample.received, sample.sent,
                sample.processor_ms, sample.bytes_in, sample.bytes_out, sample.memory
            FROM unnest(
                \(bots), \(numbers[0]), \(numbers[1]), \(numbers[2]), \(numbers[3]), \(numbers[4]), \(numbers[5])
            ) AS sample (bot, received, sent, processor_ms, bytes_in, bytes_out, memory)
            JOIN bots ON bots.id = sample.bot
            ON CONFLICT (bot_id, resolution, at) DO UPDATE SET
                received = bot_usage.received + EXCLUDED.received,
                sent = bot_usage.sent + EXCLUDED.sent,
                processor_ms = bot_usage.processor_ms + EXCLUDED.processor_ms,
                bytes_in = bot_usage.bytes_in + EXCLUDED.bytes_in,
                bytes_out = bot_usage.bytes_out + EXCLUDED.bytes_out,
                memory_bytes = GREATEST(bot_usage.memory_bytes, EXCLUDED.memory_bytes)
            """
        }
        for case .failed(let error) in try await database.pipeline(statements) { throw error }
    }

    /// Every point of the span up to now, zeros included, of the bots together.
    func points(of bots: [BotID], span: UsageSpan, at now: Date) async throws -> [UsagePoint] {
        let resolution = span.resolution
        let last = resolution.beginning(of: now)
        let first = last.addingTimeInterval(-Double(resolution.seconds * (span.count - 1)))
        var wanted = SQLColumn<UUID>()
        for bot in bots { wanted.append(bot.rawValue) }
        let rows = try await database.query(
            """
            SELECT at, sum(received)::bigint AS received, sum(sent)::bigint AS sent,
                sum(processor_ms)::bigint AS processor_ms, sum(bytes_in)::bigint AS bytes_in,
                sum(bytes_out)::bigint AS bytes_out, sum(memory_bytes)::bigint AS memory_bytes
            FROM bot_usage
            WHERE bot_id = ANY (\(wanted)) AND resolution = \(resolution.rawValue) AND at >= \(first) AND at <= \(last)
            GROUP BY at
            """
        )
        var points = (0..<span.count).map { index in
            UsagePoint(at: first.addingTimeInterval(Double(index * resolution.seconds)), sample: UsageSample())
        }
        for row in rows {
            let at: Date = try row.decode("at")
            let index = Int((at.timeIntervalSince(first) / Double(resolution.seconds)).rounded())
            guard points.indices.contains(index) else { continue }
            points[index].sample = try Self.sample(row)
        }
        return points
    }

    /// What each bot sent and received on the day, in UTC.
    func messagesToday(_ bots: [BotID], at now: Date) async throws -> [BotID: Int] {
        var wanted = SQLColumn<UUID>()
        for bot in bots { wanted.append(bot.rawValue) }
        let rows = try await database.query(
            """
            SELECT bot_id, received + sent AS messages FROM bot_usage
            WHERE bot_id = ANY (\(wanted)) AND resolution = 3 AND at = \(UsageResolution.day.beginning(of: now))
            """
        )
        var messages: [BotID: Int] = [:]
        for row in rows { messages[try row.decode("bot_id")] = try row.decode("messages") }
        return messages
    }

    /// Removes what is older than it is kept.
    func sweep(at now: Date) async throws {
        for resolution in UsageResolution.allCases {
            try await database.execute(
                """
                DELETE FROM bot_usage
                WHERE resolution = \(resolution.rawValue) AND at < \(now.addingTimeInterval(-resolution.retention))
                """
            )
        }
    }

    private static func sample(_ row: Row) throws -> UsageSample {
        var sample = UsageSample()
        sample.received = try row.decode("received")
        sample.sent = try row.decode("sent")
        sample.processorTime = .milliseconds(try row.decode("processor_ms", as: Int64.self))
        sample.bytesIn = try row.decode("bytes_in")
        sample.bytesOut = try row.decode("bytes_out")
        sample.memory = try row.decode("memory_bytes")
        return sample
    }
}
