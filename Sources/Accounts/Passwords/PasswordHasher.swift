internal import Foundation
internal import NIOPosix
internal import Synchronization

/// Hashes and checks passwords on a few threads of its own, below everybody else's priority.
///
/// Threads times memory cost is the most memory that it takes. Whoever comes when the queue is full is sent away.
package final class PasswordHasher: Sendable {
    package let parameters: Argon2Parameters
    private let pool: NIOThreadPool
    private let queueLimit: Int
    private let waiting = Mutex(0)
    /// A hash of nothing in particular: checked where there is no account, so that this takes the same time.
    private let decoy: String

    /// Starts `threads` threads; at most `queueLimit` passwords are worked on or wait.
    package init(parameters: Argon2Parameters, threads: Int, queueLimit: Int) throws {
        self.parameters = parameters
        self.queueLimit = queueLimit
        decoy = try Argon2.hash(SecretToken.random().text, salt: Self.salt(), parameters: parameters)
        pool = NIOThreadPool(numberOfThreads: max(1, threads))
        pool.start()
    }

    package func shutdown() async {
        // It fails when it was stopped before, which is as wished.
        try? await pool.shutdownGracefully()
    }

    package func hash(_ password: String) async throws -> String {
        let parameters = parameters
        return try await run { try Argon2.hash(password, salt: Self.salt(), parameters: parameters) }
    }

    /// Whether the password is the one behind the hash; without a hash it takes as long and is false.
    package func verify(_ password: String, against encoded: String?) async throws -> Bool {
        let candidate = encoded ?? decoy
        let matches = try await run { try Argon2.verify(password, against: candidate) }
        return matches && encoded != nil
    }

    /// Whether a hash was made with less work than is asked for now.
    package func isOutdated(_ encoded: String) -> Bool {
        guard let made = Argon2.parameters(of: encoded) else { return true }
        return made.memory < parameters.memory || made.passes < parameters.passes || made.lanes < parameters.lanes
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let hasPlace = waiting.withLock { waiting in
            guard waiting < queueLimit else { return false }
            waiting += 1
            return true
        }
        guard hasPlace else { throw AccountsError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await pool.runIfActive {
            // Of this thread alone on Linux. Pages are served first, however many want to log in.
            setpriority(.init(PRIO_PROCESS.rawValue), 0, 10)
            return try work()
        }
    }

    private static func salt() -> [UInt8] {
        SecretToken.randomBytes(16)
    }
}
