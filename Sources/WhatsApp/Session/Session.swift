package import Foundation
package import HTTPClient
package import Logging
package import NIOCore
package import NIOPosix
internal import WhatsAppWire

/// What every session of a process shares.
package struct SessionEnvironment: Sendable {
    package var service: WhatsAppService
    package var profile: ClientProfile
    package var http: HTTPClient
    package var computePool: NIOThreadPool
    package var logger: Logger
    package var limits: SessionLimits
    /// The service's stored queries.
    package var queries = MexQueries()
    /// Encrypted files on their way out.
    package var mediaFolder = FileManager.default.temporaryDirectory
    /// Transfers of the whole process that run at once.
    package var mediaGate = TransferGate(limit: 64)

    package init(
        service: WhatsAppService,
        profile: ClientProfile,
        http: HTTPClient,
        computePool: NIOThreadPool,
        logger: Logger,
        limits: SessionLimits = SessionLimits()
    ) {
        self.service = service
        self.profile = profile
        self.http = http
        self.computePool = computePool
        self.logger = logger
        self.limits = limits
    }
}

/// Bounds on what one session keeps in memory and has under way.
package struct SessionLimits: Sendable {
    /// Ratchets, sender keys, device lists and the like, each.
    package var hotRecords = 256
    /// The same in bytes, for each of the kinds that may be large.
    package var hotBytes = 1 << 20
    /// Stanzas read and not yet worked through; above it the socket is not read.
    package var inbox = 512
    /// The same in bytes.
    package var inboxBytes = 4 << 20
    /// Messages in one commit.
    package var batch = 64
    /// Bytes of messages from which a commit is made at once.
    package var batchBytes = 1 << 20
    /// Commits under way; above it no further stanza is worked on, and nothing is encrypted.
    package var commits = 16
    /// The same in bytes of messages.
    package var commitBytes = 4 << 20
    /// Messages that wait for their turn to be sent.
    package var waitingSends = 4096
    /// How long a plaintext is kept for devices that ask again.
    package var retryDays = 3
    /// What was on its way when the process died is sent again after the next login if it is not older, in seconds.
    package var resendAge: TimeInterval = 600
    /// How long the secret of a message is kept for votes, edits and the like.
    package var secretDays = 90
    /// How old a device list may become when no notification came.
    package var deviceListHours = 24

    package init() {}
}

/// One linked device: connects, decrypts, keeps, acknowledges, tells; encrypts, keeps, sends.
///
/// Lives on one event loop: everything that does not wait for the store or the service happens in one piece, so that a
/// ratchet is never read twice before it is written once. One instance is one run: after `stopped` a new one is made.
package actor Session {
    package nonisolated let loop: any EventLoop
    nonisolated let executor: MeteredExecutor
    package nonisolated let meter = SessionMeter()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package nonisolated let store: any SessionStore
    package nonisolated let environment: SessionEnvironment
    let listener: SessionAudience
    let door: (any ConnectionDoor)?

    var connection = ConnectionProgress()
    package internal(set) var credentials: Credentials
    var random = RandomSource()
    var requests = PendingRequests()
    let inboxes = SessionInboxes()
    var outbox = CommitQueue()
    var telling = TellingState()
    nonisolated let marks = EventMarks()
    var hot: HotRecords
    var sending = SendingState()
    var retries = RetryState() { didSet { counters.pendingRetries = retries.count } }
    var presence = PresenceState()
    var identityNotices = IdentityNotices()
    /// Empty where there is none; nil where it has not been read yet.
    var contactTokenSalt: [UInt8]?
    /// As the service has set them last.
    var tokenRules = PrivacyTokenRules()
    var appState = AppStateSync()
    var history = HistoryQueue()
    var groups = GroupCache()
    var mediaHosts = MediaHosts()
    var mediaRetries = MediaRetries()
    nonisolated let mediaGate = TransferGate(limit: Session.mediaTransferLimit)
    /// As last told, also after their end.
    var toldRestrictions = SessionRestrictions()
    /// How often the service has told of them by itself.
    var restrictionNotices = 0
    package internal(set) var counters = SessionCounters()
    /// Presence was sent as available, so that receipts are of the active kind.
    var isAvailable = false
    /// The privacy setting for read receipts; nil where it has not been asked for, or has changed since.
    var isReadingShown: Bool?
    /// Whether chats with people are addressed by LID; stored once it is true.
    var isLIDMigrated: Bool { credentials.isLIDMigrated }

    /// Makes a session that waits for `start`.
    ///
    /// `listener` is called on the event loop, in order, and must not wait. It is given a number with everything that is
    /// told again after a restart unless it was heard, which it says at once or by ``heard(_:)``. Where there is a `door`,
    /// it is asked before each further connection.
    package init(
        credentials: Credentials,
        store: any SessionStore,
        environment: SessionEnvironment,
        eventLoop: any EventLoop,
        door: (any ConnectionDoor)? = nil,
        listener: @escaping SessionAudience
    ) {
        loop = eventLoop
        executor = MeteredExecutor(loop: eventLoop, meter: meter)
        self.store = store
        self.environment = environment
        self.credentials = credentials
        self.door = door
        self.listener = listener
        hot = HotRecords(limit: environment.limits.hotRecords, bytes: environment.limits.hotBytes)
    }

    package var account: Credentials.LinkedAccount? { credentials.account }
    /// The limits that the service puts on the account now.
    package var restrictions: SessionRestrictions { toldRestrictions.inForce(at: now) }
    package nonisolated var http: HTTPClient { environment.http }
    package nonisolated var now: Date { Date() }
    var logger: Logger { environment.logger }

    /// Connects, and stays connected until `stop`, `logOut` or an end that no retry can mend.
    package func start() async {
        guard !connection.hasStarted else { return }
        connection.hasStarted = true
        do {
            try await recallEvents()
        } catch .corrupt {
            note(.warning, "What was not heard before the last stop cannot be read.")
        } catch {
            return storeFailed(error)
        }
        await recallSettings()
        guard !outbox.hasFailed else { return }
        connect()
    }

    /// Closes the socket, after what is being written is durable and listeners are through; the device stays linked.
    ///
    /// What arrives meanwhile is left to the service, which brings it again.
    package func stop() async {
        inboxes.isClosed = true
        flush()
        await settle()
        await hearOut()
        flush()
        await settle()
        stop(.closed)
        // Those who wait for the service's word are told that there will be none, which is to be durable too.
        await endSends()
        flush()
        await settle()
    }

    /// Unlinks the device and ends; where there is no connection that could say so, it only ends.
    package func logOut() {
        guard let handler = connection.handler, connection.isLoggedIn else { return stop(.closed) }
        handler.value.perform { $0.logOut(now: Date()) }
    }

    /// Lets go of what can be loaded again and has not been used since the last call; to be called now and then.
    package func cool() {
        hot.cool(committed: outbox.committed)
        groups.cool()
        presence.cool()
        retries.cool(at: now)
    }

    /// Ratchets, sender keys, device lists and the like that are in memory, and groups.
    package var hotRecordCount: Int { hot.count + groups.count }

    /// Tells what is of the moment: nobody is told of it again.
    func emit(_ event: SessionEvent) {
        _ = listener(event, nil)
    }

    func note(_ level: SessionNote.Level, _ text: String) {
        emit(.note(SessionNote(level, text)))
    }
}

/// Whoever hears what a session tells; the number is nil for what is of the moment only.
package typealias SessionAudience = @Sendable (SessionEvent, EventNumber?) -> EventHearing

/// What a session has done since it started; for health and figures.
package struct SessionCounters: Sendable, Equatable {
    package var received = 0
    package var sent = 0
    package var duplicates = 0
    package var decryptFailures = 0
    package var disconnects = 0
    package var pendingRetries = 0
    /// Acknowledged sends and the sum of their waits.
    package var acknowledged = 0
    package var acknowledgementTime: Duration = .zero
    package var connectedSince: Date?

    package init() {}
}
