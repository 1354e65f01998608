import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// A group that stops gracefully on SIGTERM and SIGINT, and less so when that takes longer than `limit`.
    init(services: [any Service], until limit: Duration, logger: Logger) {
        var configuration = ServiceGroupConfiguration(
            services: [LastResort(logger: logger)] + services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = limit
        self.init(configuration: configuration)
    }
}

/// Ends the process when something does not stop although it was cancelled.
///
/// Whoever sent the signal was promised an end within ten seconds.
private struct LastResort: Service {
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            try? await gracefulShutdown()
        } onGracefulShutdown: { [logger] in
            // A thread, because whatever hangs may hold all of the pool's.
            let thread = Thread {
                Thread.sleep(forTimeInterval: 9.5)
                logger.critical("The stop took too long and was cut short")
                exit(ExitStatus.failure.rawValue)
            }
            thread.start()
        }
    }
}
