internal import Foundation
package import Logging
package import NIOCore
package import NIOPosix
internal import SignalProtocol
internal import WhatsAppWire

/// One try at linking: keeps a socket open with the same keys until a phone has linked them, then logs in once.
///
/// Its state lives on one event loop; every method may be called from anywhere. Nobody needs to hold a task for it.
package final class LinkingConnection: Sendable {
    /// For one consumer.
    ///
    /// Ends after `linked`, `failed` or `close`.
    package let events: AsyncStream<LinkingEvent>
    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let connector: WebSocketConnector
    private let profile: ClientProfile
    private let continuation: AsyncStream<LinkingEvent>.Continuation
    private let logger: Logger

    /// Logins after the phone has agreed, before it counts as failed.
    private static let maximumLogins = 6
    private static let eventLimit = 256

    private enum Stage {
        case idle
        case linking(NIOLoopBound<EngineHandler<LinkingEngine>>?)
        case confirming(NIOLoopBound<EngineHandler<LoginEngine>>?)
        case over
    }

    private struct State {
        /// Nil once over, so that the keys are overwritten.
        var credentials: Credentials?
        var stage = Stage.idle
        var policy = ReconnectPolicy()
        var failedLogins = 0
        var hasUpdatedVersion = false
        var retry: Scheduled<Void>?
    }

    package init(
        service: WhatsAppService,
        profile: ClientProfile,
        eventLoopGroup: any EventLoopGroup,
        computePool: NIOThreadPool,
        logger: Logger
    ) {
        loop = eventLoopGroup.next()
        connector = WebSocketConnector(service: service, computePool: computePool)
        self.profile = profile
        self.logger = logger
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.eventLimit))
    }

    /// Makes the keys and connects.
    package func start() {
        loop.execute {
            guard case .idle = self.state.value.stage else { return }
            var random = SystemRandomNumberGenerator()
            self.state.value.credentials = .generate(using: &random)
            self.connect()
        }
    }

    /// Closes the socket without logging out and lets go of the keys; the end of `events`.
    package func close() {
        loop.execute { self.finish(with: nil) }
    }

    package func requestPairingCode(for number: PhoneNumber) {
        perform(otherwise: .pairingCodeRefused(PairingCodeRefusal(reason: .notReady))) { engine, now in
            engine.requestPairingCode(for: number, now: now)
        }
    }

    package func submitPasskeyAssertion(_ json: [UInt8]) {
        perform(otherwise: .passkeyRefused(.notRequested)) { engine, now in
            engine.submitPasskeyAssertion(json, now: now)
        }
    }

    package func confirmPasskey() {
        perform(otherwise: .passkeyRefused(.notRequested)) { engine, now in engine.confirmPasskey(now: now) }
    }
}

// What follows runs on the event loop.
extension LinkingConnection {
    /// Turns to the engine; where there is none, the consumer gets `refusal`.
    private func perform(
        otherwise refusal: LinkingEvent,
        _ command: @escaping @Sendable (inout LinkingEngine, Date) -> [EngineAction<LinkingEngine.Event>]
    ) {
        loop.execute {
            guard case .linking(let handler?) = self.state.value.stage else {
                self.continuation.yield(refusal)
                return
            }
            handler.value.perform { command(&$0, Date()) }
        }
    }

    private func connect() {
        guard let credentials = state.value.credentials else { return }
        state.value.stage = .linking(nil)
        continuation.yield(.connecting)
        let engine = LinkingEngine(
            credentials: credentials,
            profile: profile,
            rootKey: connector.service.noiseRootKey
        )
        connector.connect(engine, on: loop) { [weak self] event in self?.handle(event) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let handler):
                    guard case .linking(nil) = self.state.value.stage else { return handler.value.close() }
                    self.state.value.stage = .linking(handler)
                case .failure:
                    self.retry(penalty: 1)
                }
            }
    }

    private func handle(_ event: LinkingEngine.Event) {
        guard case .linking = state.value.stage else { return }
        switch event {
        case .ready:
            state.value.policy.reset()
            continuation.yield(.ready)
        case .qr(let text, let lifetime): continuation.yield(.qr(text: text, validFor: lifetime))
        case .pairingCode(let code, let lifetime): continuation.yield(.pairingCode(code, validFor: lifetime))
        case .pairingCodeRefused(let refusal): continuation.yield(.pairingCodeRefused(refusal))
        case .pairingCodeExpired: continuation.yield(.pairingCodeExpired)
        case .passkeyRequested(let options, let lifetime):
            continuation.yield(.passkeyRequested(options: options, validFor: lifetime))
        case .passkeyConfirmation(let code): continuation.yield(.passkeyConfirmation(code: code))
        case .passkeyRefused(let refusal): continuation.yield(.passkeyRefused(refusal))
        case .paired(let credentials):
            state.value.credentials = credentials
            if let account = credentials.account { continuation.yield(.linking(account.jid)) }
        case .ended(let ending): handle(ending)
        }
    }

    private func handle(_ ending: LinkingEngine.Ending) {
        // What the engine changed must not be lost with it: a phone may have used the new secret.
        if case .linking(let handler?) = state.value.stage {
            state.value.credentials = handler.value.engine.credentials
        }
        switch ending {
        case .restart: confirm()
        case .referencesExhausted:
            continuation.yield(.restarting)
            connect()
        case .rejected(let rejection): finish(with: .failed(.rejected(rejection)))
        case .broken(.noise(.certificate(let error))):
            logger.error("The server's certificates are not the service's", metadata: ["error": "\(error)"])
            finish(with: .failed(.untrustedServer(error)))
        case .broken, .timedOut: retry(penalty: 1)
        case .stream(let end): react(to: end)
        }
    }

    private func react(to end: StreamEnd) {
        switch end.reaction {
        case .reconnect: retry(penalty: 0)
        case .backOff(let penalty): retry(penalty: penalty)
        case .updateVersion where !state.value.hasUpdatedVersion:
            state.value.hasUpdatedVersion = true
            let versions = profile.versions
            loop.makeFutureWithTask { await versions.refresh() }
                .assumeIsolated()
                .whenComplete { _ in self.retry(penalty: 0) }
        case .updateVersion, .wait, .stop, .wipe: finish(with: .failed(.refused(end)))
        }
    }

    /// Starts over, with the same keys.
    private func retry(penalty: Int) {
        guard case .linking = state.value.stage else { return }
        state.value.stage = .linking(nil)
        continuation.yield(.restarting)
        schedule(penalty: penalty) { $0.connect() }
    }

    private func schedule(penalty: Int, _ action: @escaping @Sendable (LinkingConnection) -> Void) {
        var random = SystemRandomNumberGenerator()
        let delay = penalty == 0 ? .zero : state.value.policy.nextDelay(penalty: penalty, using: &random)
        state.value.retry = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            if let self { action(self) }
        }
    }

    // MARK: The login that completes the link

    private func confirm() {
        guard let credentials = state.value.credentials, credentials.account != nil else {
            return finish(with: .failed(.loginFailed))
        }
        state.value.stage = .confirming(nil)
        let engine = LoginEngine(
            credentials: credentials,
            profile: profile,
            rootKey: connector.service.noiseRootKey,
            purpose: .confirm
        )
        connector.connect(engine, on: loop) { [weak self] event in self?.handle(event) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let handler):
                    guard case .confirming(nil) = self.state.value.stage else { return handler.value.close() }
                    self.state.value.stage = .confirming(handler)
                case .failure:
                    self.confirmAgain()
                }
            }
    }

    private func handle(_ event: LoginEngine.Event) {
        guard case .confirming = state.value.stage else { return }
        switch event {
        case .loggedIn(let credentials): state.value.credentials = credentials
        case .ended(.finished):
            guard let credentials = state.value.credentials else { return }
            finish(with: .linked(credentials))
        case .ended(.stream(let end)):
            switch end.reaction {
            case .reconnect, .backOff: confirmAgain()
            case .updateVersion, .wait, .stop, .wipe: finish(with: .failed(.refused(end)))
            }
        case .ended: confirmAgain()
        case .preKeysWanted, .preKeysMade, .preKeysTaken, .active, .stanza, .answer, .loggedOut: break
        }
    }

    private func confirmAgain() {
        guard case .confirming = state.value.stage else { return }
        state.value.failedLogins += 1
        guard state.value.failedLogins < Self.maximumLogins else { return finish(with: .failed(.loginFailed)) }
        state.value.stage = .confirming(nil)
        schedule(penalty: 1) { $0.confirm() }
    }

    private func finish(with event: LinkingEvent?) {
        if case .over = state.value.stage { return }
        let stage = state.value.stage
        state.value.stage = .over
        state.value.credentials = nil
        state.value.retry?.cancel()
        switch stage {
        case .linking(let handler?): handler.value.close()
        case .confirming(let handler?): handler.value.close()
        case .linking(nil), .confirming(nil), .idle, .over: break
        }
        if let event { continuation.yield(event) }
        continuation.finish()
    }
}
