package import Database
import Foundation
package import Logging
package import SignalProtocol
package import WhatsApp

/// Links phones for people who want a session ID, and keeps nothing of it.
///
/// Attempts are in memory alone and belong to this process. What is counted is in PostgreSQL, and without it nothing is
/// begun. Must run as a service: `run()` drives the attempts, ends those whose time is over, and wipes all when it stops.
package actor SessionGenerator {
    /// Called once for each phone that was linked, after the session ID is there.
    ///
    /// The place for what should happen with fresh credentials beyond showing them to the person.
    package typealias LinkedHandler = @Sendable (Credentials, ExportedSession) async -> Void

    struct Start: Sendable {
        let id: AttemptID
        let request: AttemptRequest
        let connection: LinkingConnection
    }

    struct Departure: Sendable {
        let id: AttemptID
        let subscriber: UInt64
    }

    let configuration: GeneratorConfiguration
    let limits: GeneratorLimitsRepository
    let network: LinkingNetwork
    let time: TimeSource
    let whenLinked: LinkedHandler?
    let metrics = GeneratorMetrics()
    let logger: Logger
    /// No longer than there are places for attempts, and for departures than there are streams.
    let starts = AsyncStream<Start>.makeStream()
    let departures = AsyncStream<Departure>.makeStream()

    var records: [AttemptID: AttemptRecord] = [:]
    var finished = FinishedAttempts(limit: 10_000, memory: .seconds(600))
    var isAccepting = true
    var loginChecks = 0
    /// Attempts that have a place and wait for the database.
    private var reservations: [String: Int] = [:]
    private var lastSubscriber: UInt64 = 0

    /// The window of all hourly limits.
    static let hour = Duration.seconds(3_600)

    /// A generator that accepts attempts at once, and drives them as soon as it runs.
    ///
    /// `addressKey` hides the counted addresses (see `AddressKey`). Throws for a configuration that cannot work.
    package init(
        configuration: GeneratorConfiguration,
        network: LinkingNetwork,
        database: Database,
        addressKey: SecretBytes,
        time: TimeSource = .system,
        logger: Logger,
        whenLinked: LinkedHandler? = nil
    ) throws(GeneratorConfigurationError) {
        try configuration.validate()
        self.configuration = configuration
        self.network = network
        self.time = time
        self.logger = logger
        self.whenLinked = whenLinked
        limits = GeneratorLimitsRepository(database: database, key: addressKey)
    }

    /// Attempts at this moment.
    package var activeAttempts: Int { records.count }

    /// Begins an attempt; its first QR follows as an event.
    ///
    /// Throws a `GeneratorError` when the address has had its share, all places are taken, or limits cannot be checked.
    package func begin(_ request: AttemptRequest, from client: ClientAddress) async throws -> Attempt {
        guard isAccepting else { throw GeneratorError.notRunning }
        do {
            try reserve(client.bucket)
        } catch {
            metrics.turnedAway()
            throw error
        }
        defer { unreserve(client.bucket) }
        let limit = configuration.attemptsPerHour
        if let wait = try await take(.attempt, by: client.bucket, limit: limit, within: Self.hour) {
            metrics.turnedAway()
            throw GeneratorError.tooManyAttempts(limit: limit, retryAfter: wait)
        }
        guard isAccepting else { throw GeneratorError.notRunning }

        let id = AttemptID.random()
        let connection = network.makeConnection()
        let now = time.uptime()
        let expiresAt = time.date().addingTimeInterval(configuration.lifetime / .seconds(1))
        records[id] = AttemptRecord(
            request: request,
            bucket: client.bucket,
            connection: connection,
            progress: AttemptProgress(request, expiresAt: expiresAt),
            deadline: now + configuration.lifetime,
            lastSeen: now
        )
        connection.start()
        starts.continuation.yield(Start(id: id, request: request, connection: connection))
        metrics.begun()
        metrics.count(records.count)
        return Attempt(id: id, expiresAt: expiresAt)
    }

    /// Everything about an attempt at this moment.
    ///
    /// Counts as somebody looking at it.
    package func snapshot(of id: AttemptID) throws(GeneratorError) -> AttemptSnapshot {
        let record = try look(at: id)
        let progress = record.progress
        return AttemptSnapshot(
            id: id,
            method: progress.method,
            state: progress.state,
            text: progress.text,
            expiresAt: progress.expiresAt,
            qr: progress.qr,
            pairingCode: progress.pairingCode,
            passkey: progress.passkey,
            jid: progress.jid,
            session: progress.session,
            problem: progress.problem
        )
    }

    /// The QR to be shown at this moment.
    ///
    /// Counts as somebody looking at the attempt.
    package func currentQR(of id: AttemptID) throws(GeneratorError) -> CurrentQR {
        guard let qr = try look(at: id).progress.qr else { throw .noQR }
        return qr
    }

    /// What happens in an attempt, beginning with what still holds of the events after `after`.
    ///
    /// A browser counts as there until it lets go of the stream. The stream ends when the attempt is over.
    package func events(of id: AttemptID, after: UInt64? = nil) throws(GeneratorError) -> AsyncStream<GeneratorEvent> {
        let record = try look(at: id)
        // More than an attempt tells while a browser is away for long; the newest say all.
        let (stream, continuation) = AsyncStream<GeneratorEvent>.makeStream(bufferingPolicy: .bufferingNewest(32))
        for entry in record.progress.log.entries(after: after) { continuation.yield(entry.notice.event(id: entry.id)) }
        lastSubscriber += 1
        let departure = Departure(id: id, subscriber: lastSubscriber)
        continuation.onTermination = { [departures = departures.continuation] _ in departures.yield(departure) }
        records[id]?.attach(departure.subscriber, continuation)
        return stream
    }

    /// Ends an attempt and wipes it: the person has what they wanted, or gave up.
    ///
    /// Its name stays known for ten minutes as that of an attempt which is gone.
    package func delete(_ id: AttemptID) async throws {
        _ = try look(at: id)
        await wipe(id, .deleted)
    }

    /// Finds an attempt and notes that somebody asks about it.
    func look(at id: AttemptID) throws(GeneratorError) -> AttemptRecord {
        guard let record = records[id] else {
            throw finished.contains(id) ? .attemptGone : .unknownAttempt
        }
        records[id]?.lastSeen = time.uptime()
        return record
    }

    /// Counts, and fails closed when the database does not answer.
    func take(_ kind: GeneratorLimitsRepository.Kind, by subject: String, limit: Int, within window: Duration)
        async throws -> Duration?
    {
        do {
            return try await limits.take(kind, by: subject, limit: limit, within: window)
        } catch {
            logger.warning("Generator limits cannot be checked", metadata: ["error": "\(error)"])
            throw GeneratorError.unavailable
        }
    }

    /// Takes a place for one attempt, before anything is waited for.
    private func reserve(_ bucket: String) throws(GeneratorError) {
        let own = records.values.filter { $0.bucket == bucket && $0.progress.state != .failed }
        guard own.count + reservations[bucket, default: 0] < configuration.attemptsAtOnce else {
            throw .tooManyAtOnce(limit: configuration.attemptsAtOnce, retryAfter: wait(forOneOf: own))
        }
        if records.count + reservations.values.reduce(0, +) >= configuration.attemptsInAll {
            guard dropFailed() else { throw .busy(retryAfter: wait(forOneOf: Array(records.values))) }
        }
        reservations[bucket, default: 0] += 1
    }

    private func unreserve(_ bucket: String) {
        let left = reservations[bucket, default: 1] - 1
        reservations[bucket] = left == 0 ? nil : left
    }

    /// Failed attempts only hold a text, and give way to new ones.
    private func dropFailed() -> Bool {
        let failed = records.filter { $0.value.progress.state == .failed }
        guard let oldest = failed.min(by: { $0.value.deadline < $1.value.deadline }) else { return false }
        remove(oldest.key, .failed)
        return true
    }

    private func wait(forOneOf records: [AttemptRecord]) -> Duration {
        let first = records.map(\.deadline).min() ?? time.uptime() + configuration.lifetime
        return max(first - time.uptime(), .seconds(1))
    }
}
