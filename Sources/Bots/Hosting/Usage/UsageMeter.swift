import Database
import Fleet
import Foundation

/// What the sessions of this process did since the last look, and which bots are over a limit of their plan.
struct UsageMeter {
    /// A bot that is over a limit.
    struct Excess {
        let bot: BotID
        let limit: PlanLimit
        let until: Date
    }

    private let pause: Duration
    private var state = UsageState()
    private var memory = ProcessMemory()
    private var shares: [BotID: Double] = [:]
    private var memories: [BotID: Int] = [:]
    /// Traffic of the last minutes, which fades.
    private var traffic: [BotID: Int] = [:]

    init(pause: Duration) {
        self.pause = pause
    }

    mutating func take(
        _ figures: [SessionID: RunFigures],
        bots: [SessionID: BotID],
        at now: Duration
    ) -> [BotID: UsageSample] {
        state.keep(only: figures.keys)
        var samples: [BotID: UsageSample] = [:]
        shares = [:]
        for (session, figure) in figures {
            guard let bot = bots[session] else { continue }
            let sample = state.take(figure, of: session, at: now)
            samples[bot] = sample
            shares[bot] = state.processorPercent(of: session)
            traffic[bot] = (traffic[bot] ?? 0) / 2 + sample.bytes
        }
        traffic = traffic.filter { samples[$0.key] != nil }
        memories = memory.shares(of: traffic, resident: ProcessMemory.resident())
        for (bot, bytes) in memories { samples[bot]?.memory = bytes }
        return samples
    }

    /// Those of the bots that run here that are over a limit and not held back yet.
    func excesses(in hosting: Hosting, at now: Date) async throws -> [Excess] {
        guard !memories.isEmpty else { return [] }
        var running = SQLColumn<UUID>()
        for bot in memories.keys { running.append(bot.rawValue) }
        let rows = try await hosting.database.query(
            """
            SELECT bots.id,
                (SELECT sum(own.storage_bytes)::bigint FROM bots AS own WHERE own.account_id = bots.account_id) AS used,
                plans.messages_per_day, plans.storage_bytes,
                plans.processor_percent, plans.memory_bytes,
                (SELECT sum(received + sent)::bigint
                    FROM bot_usage JOIN bots AS own ON own.id = bot_usage.bot_id
                    WHERE own.account_id = bots.account_id AND resolution = 3
                        AND at = \(UsageResolution.day.beginning(of: now))) AS messages
            FROM bots \(PlanRepository.limiting(at: now))
            WHERE bots.id = ANY (\(running)) AND bots.held_until IS NULL
            """
        )
        return try rows.compactMap { row in
            let bot: BotID = try row.decode("id")
            let short = now.addingTimeInterval(pause / .seconds(1))
            if let limit: Int = try row.decodeIfPresent("messages_per_day"),
                let messages: Int = try row.decodeIfPresent("messages"), messages >= limit
            {
                let tomorrow = UsageResolution.day.beginning(of: now).addingTimeInterval(86_400)
                return Excess(bot: bot, limit: .messages, until: tomorrow)
            }
            if let limit: Int = try row.decodeIfPresent("storage_bytes"),
                let used: Int = try row.decodeIfPresent("used"),
                used > limit
            {
                return Excess(bot: bot, limit: .storage, until: short)
            }
            if let limit: Int = try row.decodeIfPresent("processor_percent"), let share = shares[bot],
                share > Double(limit)
            {
                return Excess(bot: bot, limit: .processor, until: short)
            }
            if let limit: Int = try row.decodeIfPresent("memory_bytes"), let used = memories[bot], used > limit {
                return Excess(bot: bot, limit: .memory, until: short)
            }
            return nil
        }
    }
}
