import Foundation
import Logging

extension SessionScheduler {
    /// How often messages are looked for that are too old to be kept.
    private static let retentionPause = Duration.seconds(600)

    /// Removes messages that have come to their end, beside everything else: after a long time there may be millions.
    func sweepLoop() async {
        var nextRetention = time.uptime()
        while !Task.isCancelled {
            let now = time.uptime()
            do {
                try await vault.sweep.removeEnded(at: time.date())
                if let retention = configuration.messageRetention, now >= nextRetention {
                    let limit = time.date().addingTimeInterval(-(retention / .seconds(1)))
                    let isThrough = try await vault.sweep.removeWritten(before: limit)
                    if isThrough { nextRetention = now + Self.retentionPause }
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("Messages that have ended stay for now", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: configuration.messageSweep)
        }
    }
}
