internal import Foundation
package import Logging
package import NIOCore
package import NIOPosix
package import SignalProtocol
package import WhatsAppWire

/// What a long-lived connection tells about itself.
package enum ClientEvent: Sendable {
    case connecting
    case loggedIn(jid: JID, lid: JID?)
    /// Pre-keys are in order and the backlog may come.
    case active
    case stanza(BinaryNode)
    /// It tries again by itself.
    case disconnected(retryIn: Duration)
    /// The last event: it does not try again.
    case stopped(ClientStop)
}

/// Why a long-lived connection is over.
package enum ClientStop: Sendable, Equatable {
    /// By `close`.
    case closed
    /// By `logOut`, or on the phone: the credentials are void.
    case loggedOut
    case service(StreamEnd)
    case untrustedServer(CertificateError)
    case notLinked
    /// What had to be stored could not be.
    case storeFailed
}

/// A linked device's connection for as long as it is wanted: pre-keys, keepalive, reconnects, logout.
///
/// Its state lives on one event loop; every method may be called from anywhere.
package final class ClientConnection: Sendable {
    /// Makes durable what must not be lost: called before pre-keys are handed in, and whenever the credentials change.
    package typealias Store = @Sendable (Credentials, [PreKey]) async throws -> Void

    /// For one consumer; ends after `stopped`.
    package let events: AsyncStream<ClientEvent>
    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let connector: WebSocketConnector
    private let profile: ClientProfile
    private let store: Store
    private let continuation: AsyncStream<ClientEvent>.Continuation
    private let logger: Logger

    private static let eventLimit = 4096

    private struct State {
        var credentials: Credentials?
        var handler: NIOLoopBound<EngineHandler<LoginEngine>>?
        var policy = ReconnectPolicy()
        var connectedAt: Date?
        var retry: Scheduled<Void>?
        var hasUpdatedVersion = false
        var hasStarted = false
        var isOver = false
    }

    package init(
        credentials: Credentials,
        service: WhatsAppService,
        profile: ClientProfile,
        eventLoopGroup: any EventLoopGroup,
        computePool: NIOThreadPool,
        logger: Logger,
        store: @escaping Store
    ) {
        loop = eventLoopGroup.next()
        connector = WebSocketConnector(service: service, computePool: computePool)
        self.profile = profile
        self.logger = logger
        self.store = store
        state = NIOLoopBoundBox.makeBoxSendingValue(State(credentials: credentials), eventLoop: loop)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.eventLimit))
    }

    package func start() {
        loop.execute {
            guard !self.state.value.hasStarted else { return }
            self.state.value.hasStarted = true
            self.connect()
        }
    }

    /// Closes the socket; the device stays linked.
    package func close() {
        loop.execute { self.stop(.closed) }
    }

    /// Unlinks the device and ends.
    ///
    /// Where there is no connection that could say so, it only ends.
    package func logOut() {
        loop.execute {
            guard let handler = self.state.value.handler else { return self.stop(.closed) }
            handler.value.perform { $0.logOut(now: Date()) }
        }
    }
}

// What follows runs on the event loop.
extension ClientConnection {
    private func connect() {
        guard !state.value.isOver, let credentials = state.value.credentials else { return }
        continuation.yield(.connecting)
        let engine = LoginEngine(
            credentials: credentials,
            profile: profile,
            rootKey: connector.service.noiseRootKey,
            purpose: .stay
        )
        connector.connect(engine, on: loop) { [weak self] event in self?.handle(event) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let handler):
                    if self.state.value.isOver { return handler.value.close() }
                    self.state.value.handler = handler
                case .failure: self.retry(penalty: 1)
                }
            }
    }

    private func handle(_ event: LoginEngine.Event) {
        guard !state.value.isOver else { return }
        switch event {
        case .loggedIn(let credentials):
            state.value.connectedAt = Date()
            state.value.hasUpdatedVersion = false
            keep(credentials, [])
            if let account = credentials.account {
                continuation.yield(.loggedIn(jid: account.jid, lid: account.lid))
            }
        case .preKeysMade(let keys, let credentials):
            keep(credentials, keys) { $0.state.value.handler?.value.perform { $0.preKeysStored(now: Date()) } }
        case .preKeysTaken(let credentials): keep(credentials, [])
        case .active: continuation.yield(.active)
        case .stanza(let node): continuation.yield(.stanza(node))
        case .answer: break
        case .loggedOut: stop(.loggedOut)
        case .ended(let ending): handle(ending)
        }
    }

    private func handle(_ ending: LoginEngine.Ending) {
        if let handler = state.value.handler { state.value.credentials = handler.value.engine.credentials }
        state.value.handler = nil
        if let since = state.value.connectedAt, Date().timeIntervalSince(since) >= ReconnectPolicy.stableAfter {
            state.value.policy.reset()
        }
        state.value.connectedAt = nil
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
        case .wipe: stop(.loggedOut)
        case .updateVersion, .wait, .stop: stop(.service(end))
        }
    }

    private func retry(penalty: Int) {
        guard !state.value.isOver else { return }
        var random = SystemRandomNumberGenerator()
        let delay = penalty == 0 ? .zero : state.value.policy.nextDelay(penalty: penalty, using: &random)
        continuation.yield(.disconnected(retryIn: delay))
        state.value.retry = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in self?.connect() }
    }

    /// Stores, then goes on; a store that fails ends the connection rather than risk keys that nobody remembers.
    private func keep(
        _ credentials: Credentials,
        _ preKeys: [PreKey],
        then next: (@Sendable (ClientConnection) -> Void)? = nil
    ) {
        state.value.credentials = credentials
        let store = store
        loop.makeFutureWithTask { try await store(credentials, preKeys) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: next?(self)
                case .failure(let error):
                    self.logger.error("A device's keys cannot be stored", metadata: ["error": "\(error)"])
                    self.stop(.storeFailed)
                }
            }
    }

    private func stop(_ reason: ClientStop) {
        guard !state.value.isOver else { return }
        state.value.isOver = true
        state.value.retry?.cancel()
        state.value.handler?.value.close()
        state.value.handler = nil
        state.value.credentials = nil
        continuation.yield(.stopped(reason))
        continuation.finish()
    }
}
