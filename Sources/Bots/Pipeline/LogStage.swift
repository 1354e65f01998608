import Foundation
import Logging
import Metrics
import WhatsAppWire

/// Last: what came of the command, for the bot's log, the statistics and the metrics.
struct LogStage: Sendable {
    let log: BotLog
    let statistics: CommandStatistics
    let logger: Logger

    func record(
        _ declaration: CommandDeclaration,
        _ outcome: ExecutionStage.Outcome,
        by person: Person,
        of bot: LiveBot,
        took duration: Duration,
        at now: Date
    ) {
        let (word, level) = Self.words(outcome)
        let milliseconds = Int(duration / .milliseconds(1))
        let who = (person.phone ?? person.jid).redacted
        log.write(level, "\(declaration.name) by \(who): \(word), \(milliseconds) ms", of: bot.id, at: now)
        statistics.count(declaration.name, isError: level == .error, duration, by: person.key, of: bot.id, at: now)
        Counter(
            label: "bots.commands.run",
            dimensions: [("category", declaration.category.rawValue), ("outcome", word)]
        )
        .increment()
        Metrics.Timer(label: "bots.commands.duration", dimensions: [("category", declaration.category.rawValue)])
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
        if case .failed(let error) = outcome {
            logger.warning(
                "A command failed",
                metadata: [
                    "bot.id": "\(bot.id)", "command": "\(declaration.name)",
                    "error": "\(type(of: error)).\(Self.name(error))",
                ]
            )
        }
    }

    /// The name of an error without its values, which may hold what people have written.
    private static func name(_ error: any Error) -> String {
        String("\(error)".prefix { $0.isLetter || $0.isNumber || $0 == "." }.prefix(64))
    }

    private static func words(_ outcome: ExecutionStage.Outcome) -> (String, BotLogLine.Level) {
        switch outcome {
        case .done: ("done", .info)
        case .refused: ("refused", .info)
        case .failed: ("failed", .error)
        case .timedOut: ("timed_out", .error)
        case .cancelled: ("cancelled", .info)
        }
    }
}
