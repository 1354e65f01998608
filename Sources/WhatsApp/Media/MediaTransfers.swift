package import Foundation
package import HTTPClient
package import NIOPosix
internal import Synchronization
internal import WhatsAppCrypto

/// Uploads and downloads media over HTTP.
///
/// Files of any length take constant memory. Everything that waits for a disk or computes for long runs on the thread
/// pool. At most so many transfers run at once as each of the gates allows.
package struct MediaTransfers: Sendable {
    /// Gives the hosts; told the connection whose authorization was refused, it gets a new one.
    package typealias Connect = @Sendable (_ refused: MediaConnection?) async throws(MediaError) -> MediaConnection

    let http: HTTPClient
    let scheme: String
    let folder: URL
    let pool: NIOThreadPool
    let gates: [TransferGate]
    let clock: any Clock<Duration>

    /// How often all hosts are tried before a transfer is given up.
    static let uploadRounds = 3
    static let downloadRounds = 5
    /// Nothing has moved for so long.
    static let stallTimeout = Duration.seconds(30)

    static let headers = [
        HTTPHeader("Origin", "https://web.whatsapp.com"),
        HTTPHeader("Referer", "https://web.whatsapp.com/"),
    ]

    /// `scheme` is https but for the sandbox; `gates` are passed in order, the session's own before the process's.
    package init(
        http: HTTPClient,
        scheme: String,
        folder: URL = FileManager.default.temporaryDirectory,
        pool: NIOThreadPool = .singleton,
        gates: [TransferGate],
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.http = http
        self.scheme = scheme
        self.folder = folder
        self.pool = pool
        self.gates = gates
        self.clock = clock
    }

    /// Passes all gates.
    func admitted<Result: Sendable>(
        _ body: @Sendable () async throws(MediaError) -> Result
    ) async throws(MediaError) -> Result {
        try await admitted(gates[...], body)
    }

    private func admitted<Result: Sendable>(
        _ rest: ArraySlice<TransferGate>,
        _ body: @Sendable () async throws(MediaError) -> Result
    ) async throws(MediaError) -> Result {
        guard let gate = rest.first else { return try await body() }
        return try await gate.run { () async throws(MediaError) in try await admitted(rest.dropFirst(), body) }
    }

    /// Runs what blocks on the thread pool.
    ///
    /// The work asks from time to time whether the task was cancelled.
    func blocking<Result: Sendable>(
        _ work: @escaping @Sendable (_ isCancelled: () -> Bool) throws -> Result
    ) async throws(MediaError) -> Result {
        let flag = CancellationFlag()
        do {
            return try await withTaskCancellationHandler {
                try await pool.runIfActive { try work { flag.isSet } }
            } onCancel: {
                flag.set()
            }
        } catch {
            throw MediaError(error)
        }
    }

    /// Grows with each round, and differs from one transfer to the next.
    func pause(after round: Int) async throws(MediaError) {
        let longest = Double(min(1 << round, 16))
        do {
            try await clock.sleep(for: .seconds(Double.random(in: longest / 2...longest)))
        } catch {
            throw .cancelled
        }
    }

    /// As long as the slowest line takes that is worth waiting for: 32 KiB a second.
    static func timeout(for length: UInt64) -> Duration {
        .seconds(60) + .seconds(Int64(min(length / 32_768, 172_800)))
    }
}

extension MediaError {
    /// The failure of a transfer as one of these.
    init(_ error: any Error) {
        switch error {
        case let error as MediaError: self = error
        case let error as HTTPClientError: self = error == .cancelled ? .cancelled : .network(error)
        case let error as MediaCryptoError: self = .corrupt(error)
        case is CancellationError: self = .cancelled
        default: self = .file(errno: EIO)
        }
    }
}

/// Says to a thread that nobody waits for it any more.
final class CancellationFlag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() {
        state.withLock { $0 = true }
    }
}
