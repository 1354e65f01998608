internal import Foundation
internal import Logging
internal import NIOCore
internal import SignalProtocol
internal import WhatsAppWire

extension Session {
    func connect() {
        guard !connection.isOver else { return }
        connection.number += 1
        connection.requestIDs = RequestIDs(using: &random)
        let number = connection.number
        emit(.connection(.connecting))
        let service = environment.service
        let engine = LoginEngine(
            credentials: credentials,
            profile: environment.profile,
            rootKey: service.noiseRootKey,
            purpose: .stay
        )
        let connector = WebSocketConnector(service: service, computePool: environment.computePool)
        connector.connect(engine, on: loop, meter: meter) { [weak self] event in
            self?.assumeIsolated { $0.handle(event, of: number) }
        }
        .assumeIsolated()
        .whenComplete { [weak self] result in
            let handler = Result { try result.get() }
            self?.assumeIsolated { $0.opened(handler) }
        }
    }

    private func opened(_ result: Result<NIOLoopBound<EngineHandler<LoginEngine>>, any Error>) {
        switch result {
        case .success(let handler):
            guard !connection.isOver else { return handler.value.close() }
            connection.handler = handler
        // What the engine said while it was being handed over.
        case .failure: retry(penalty: 1)
        }
    }

    private func handle(_ event: LoginEngine.Event, of number: Int) {
        guard !connection.isOver, number == connection.number else { return }
        switch event {
        case .loggedIn(let credentials): loggedIn(credentials)
        case .preKeysWanted: offerPreKeys()
        case .preKeysMade(let keys, let credentials): storePreKeys(keys, credentials)
        case .preKeysTaken(let credentials): preKeysTaken(credentials)
        case .active: becameActive()
        case .stanza(let node): receive(node)
        case .answer(let id, let node): answered(id, node)
        case .loggedOut: stop(.loggedOut)
        case .ended(let ending): ended(ending)
        }
    }

    private func loggedIn(_ credentials: Credentials) {
        connection.connectedAt = now
        connection.hasUpdatedVersion = false
        connection.isLoggedIn = true
        counters.connectedSince = now
        keep(credentials)
        if let account = self.credentials.account {
            emit(.connection(.loggedIn(jid: account.jid, lid: account.lid)))
        }
    }

    /// Takes over what the connection's engine has changed.
    func keep(_ engine: Credentials) {
        credentials.nextPreKeyID = engine.nextPreKeyID
        credentials.firstUnuploadedPreKeyID = engine.firstUnuploadedPreKeyID
        credentials.serverHasPreKeys = engine.serverHasPreKeys
        credentials.loginCount = engine.loginCount
        credentials.routingInfo = engine.routingInfo ?? credentials.routingInfo
        credentials.account?.lid = engine.account?.lid ?? credentials.account?.lid
        keepCredentials()
    }

    /// Stages the credentials; they become durable with what follows, at the latest at the end of this turn.
    func keepCredentials() {
        outbox.staged.credentials = credentials
        flushSoon()
    }

    private func becameActive() {
        let isFirst = !connection.isActive
        connection.isActive = true
        guard isFirst else { return }
        tellActivityWaiters(true)
        announcePushName()
        resendUnacknowledged()
        sendInterrupted()
        beginTelling()
        afterLogin()
        checkCaughtUp()
        guard !connection.isBacklogThrough else { return }
        // A service that never names the end of the backlog does not keep anybody waiting for ever.
        let number = connection.number
        loop.scheduleTask(in: Self.backlogPatience) { [weak self] in
            guard let self else { return }
            self.assumeIsolated { session in
                guard session.connection.number == number, !session.connection.isBacklogThrough else { return }
                session.backlogIsThrough()
                session.flush()
            }
        }
    }

    /// Whether stanzas may go out.
    ///
    /// Messages arrive before a login is through, and whoever answers one at once is not to be turned away: the end of the
    /// login is waited for, which the engine's own time limits bound.
    func isReadyToSend() async -> Bool {
        guard !connection.isActive, connection.isLoggedIn, !connection.isOver else { return connection.isActive }
        let continuation = LoopContinuation<Bool>(executor)
        connection.activityWaiters.append(continuation)
        return await continuation.value()
    }

    private func tellActivityWaiters(_ isActive: Bool) {
        let waiters = connection.activityWaiters
        connection.activityWaiters = []
        for waiter in waiters { waiter.resume(returning: isActive) }
    }

    /// WhatsApp Web's patience with a backlog that does not end.
    private static var backlogPatience: TimeAmount { .seconds(60) }

    func checkCaughtUp() {
        guard connection.isActive, connection.isBacklogThrough, !connection.isCaughtUp else { return }
        connection.isCaughtUp = true
        emit(.connection(.caughtUp))
    }

    private func ended(_ ending: LoginEngine.Ending) {
        if let handler = connection.handler { credentials.routingInfo = handler.value.engine.credentials.routingInfo }
        let wasLoggedIn = connection.isLoggedIn
        disconnected()
        if wasLoggedIn { counters.disconnects += 1 }
        switch ending {
        case .finished: stop(.closed)
        case .notLinked: stop(.notLinked)
        case .broken(.noise(.certificate(let error))):
            logger.error("The server's certificates are not the service's", metadata: ["error": "\(error)"])
            stop(.untrustedServer(error))
        case .broken, .timedOut: retry(penalty: 1)
        case .stream(let end): react(to: end)
        }
    }

    private func disconnected() {
        connection.handler = nil
        connection.backlogQuestion?.cancel()
        connection.backlogQuestion = nil
        if let since = connection.connectedAt, now.timeIntervalSince(since) >= ReconnectPolicy.stableAfter {
            connection.policy.reset()
            connection.hurried = 0
        }
        connection.connectedAt = nil
        connection.isLoggedIn = false
        connection.isActive = false
        tellActivityWaiters(false)
        connection.isCaughtUp = false
        connection.isBacklogThrough = false
        counters.connectedSince = nil
        isAvailable = false
        failRequests(with: .notConnected)
    }

    private func react(to end: StreamEnd) {
        switch end.reaction {
        case .reconnect: retry(penalty: 0)
        case .backOff(let penalty): retry(penalty: penalty)
        case .updateVersion where !connection.hasUpdatedVersion:
            connection.hasUpdatedVersion = true
            let versions = environment.profile.versions
            loop.makeFutureWithTask { await versions.refresh() }
                .whenComplete { [weak self] _ in self?.assumeIsolated { $0.retry(penalty: 0) } }
        case .wipe: stop(.loggedOut)
        case .updateVersion, .wait, .stop: stop(.service(end))
        }
    }

    /// A service that asks for a new login again and again is waited for like one that fails.
    private static let hurriedLimit = 3

    private func retry(penalty: Int) {
        guard !connection.isOver else { return }
        var delay = Duration.zero
        if penalty == 0, connection.hurried < Self.hurriedLimit {
            connection.hurried += 1
        } else {
            delay = connection.policy.nextDelay(penalty: penalty, using: &random)
        }
        emit(.connection(.disconnected(retryIn: delay)))
        connection.retry = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            self?.assumeIsolated { $0.askToConnect() }
        }
    }

    /// Waits for its turn where somebody gives out turns.
    private func askToConnect() {
        guard !connection.isOver else { return }
        guard let door else { return connect() }
        door.ask(ConnectionTurn(self, connection: connection.number))
    }

    /// A turn has come; one that was given for an earlier connection counts for nothing.
    func take(_ turn: Int) {
        guard turn == connection.number, connection.handler == nil else { return }
        connect()
    }

    func stop(_ reason: ClientStop) {
        guard !connection.isOver else { return }
        connection.isOver = true
        connection.isActive = false
        connection.isLoggedIn = false
        tellActivityWaiters(false)
        connection.retry?.cancel()
        telling.settling?.cancel()
        connection.handler?.value.close()
        connection.handler = nil
        failRequests(with: .notConnected)
        failSends()
        failMediaRetries()
        retries.cancel()
        emit(.connection(.stopped(reason)))
    }
}
