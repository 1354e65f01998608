internal import Foundation
internal import Logging
internal import ServiceLifecycle

/// Removes what is over: sessions, links, attempts. Every ten minutes, and once at the start.
extension AccountsService: Service {
    package func run() async throws {
        do {
            try await renewSeals()
        } catch {
            logger.warning("Second factors wait for the new master key", metadata: ["error": "\(error)"])
        }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await removeExpired()
                try? await Task.sleep(for: .seconds(600))
            }
        }
    }

    func removeExpired() async {
        let now = now()
        do {
            try await loginSessions.removeExpired(at: now)
            try await apiLogins.removeExpired(at: now)
            try await secondFactors.removeExpired(at: now)
            try await links.removeExpired(at: now)
            try await teams.removeExpired(at: now)
            try await identityRepository.removeExpired(at: now)
            try await keyedCalls.removeExpired(at: now)
            try await limits.removeOld()
        } catch {
            // Stopping is no failure.
            guard !Task.isCancelled else { return }
            logger.warning("What is over could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
