import Foundation
import Logging
import NIOCore
import NIOPosix
import SignalProtocol
import WhatsAppWire

/// Drives the service on one event loop: carries what the sockets bring to the state, and out what the state decides.
///
/// Everything in here runs on that loop, so that nothing needs a lock and the state changes in the order of events.
final class Engine {
    let eventLoop: any EventLoop
    let authority: CertificateAuthority
    private let logger: Logger
    private let clock: @Sendable () -> Date
    private let timeouts: SandboxTimeouts
    private var state: ServerState
    private var chain: [UInt8]
    private var handlers: [ConnectionID: ConnectionHandler] = [:]
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var timers: [ServerTimer: Scheduled<Void>] = [:]
    private var waiting: [OperationID: EventLoopPromise<LinkOutcome>] = [:]
    private var isRunningEffects = false
    /// What is being done; kept for its room.
    private var effects: [Effect] = []
    /// The files of the media host.
    var mediaFolder: MediaFolder?
    /// Called when something has changed that a snapshot holds.
    var onChange: () -> Void = {}

    init(
        state: ServerState,
        authority: CertificateAuthority,
        eventLoop: any EventLoop,
        clock: @escaping @Sendable () -> Date,
        timeouts: SandboxTimeouts,
        logger: Logger
    ) {
        self.state = state
        self.authority = authority
        self.eventLoop = eventLoop
        self.clock = clock
        self.timeouts = timeouts
        self.logger = logger
        var random = SystemRandomNumberGenerator()
        chain = authority.chain(at: clock(), using: &random)
    }

    // MARK: Connections

    /// A handler for a new WebSocket; `host` is the server's name in the request.
    func accept(host: String?) -> ConnectionHandler {
        var random = SystemRandomNumberGenerator()
        state.now = clock()
        let flaw = state.faults.takeCertificateFlaw()
        let shown = flaw.map { authority.chain(at: state.now, flaw: $0, using: &random) } ?? chain
        let responder = NoiseResponder(
            staticKey: authority.leaf,
            ephemeral: .generate(using: &random),
            certificateChain: shown
        )
        let id = state.open(host: host)
        let handler = ConnectionHandler(
            id: id,
            state: ConnectionState(responder: responder),
            engine: self,
            timeouts: timeouts
        )
        handlers[id] = handler
        return handler
    }

    func received(_ bytes: [UInt8], by handler: ConnectionHandler) {
        for action in handler.advance(bytes) {
            switch action {
            case .write(let bytes): handler.sendHandshake(bytes, shaping: state.shaping(of: handler.id))
            case .established(let key, let payload):
                handler.established()
                perform { $0.established(handler.id, noisePublicKey: key, payload: payload) }
            case .stanza(let node):
                perform { $0.receive(node, on: handler.id) }
            case .close(let failure):
                logger.debug(
                    "Connection breaks the protocol",
                    metadata: ["connection.id": "\(handler.id)", "error": "\(failure)"]
                )
                handler.close()
            }
        }
    }

    func closed(_ handler: ConnectionHandler) {
        guard handlers.removeValue(forKey: handler.id) != nil else { return }
        perform { $0.closed(handler.id) }
    }

    /// A socket, for as long as it is open.
    func track(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels[id] = channel
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        channel.closeFuture.whenComplete { _ in bound.value.channels[id] = nil }
    }

    /// Closes every WebSocket politely and every other connection at once; the channels that are on their way out.
    func closeAll() -> [any Channel] {
        let open = Array(channels.values)
        for handler in handlers.values { handler.close() }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ServerStopping()) }
        return open
    }

    func useMediaHost(_ host: String) {
        state.settings.mediaHost = host
    }

    var connectionCount: Int { handlers.count }

    // MARK: State

    /// What the state says, without changing it.
    var view: ServerState { state }

    /// One change of the state, then everything that follows from it.
    @discardableResult
    func perform<Result, Failure: Error>(
        _ change: (inout ServerState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        state.now = clock()
        defer { runEffects() }
        return try change(&state)
    }

    /// An order to a phone whose outcome comes later.
    func link(_ order: (inout ServerState, OperationID) throws -> Void) -> EventLoopFuture<LinkOutcome> {
        let promise = eventLoop.makePromise(of: LinkOutcome.self)
        do {
            try perform { state in
                let operation = state.newOperation()
                waiting[operation] = promise
                do {
                    try order(&state, operation)
                } catch {
                    waiting[operation] = nil
                    throw error
                }
            }
        } catch {
            promise.fail(error)
        }
        return promise.futureResult
    }

    /// Nobody is answered any more.
    func stop() {
        for timer in timers.values { timer.cancel() }
        timers = [:]
        for promise in waiting.values { promise.fail(SandboxError.notRunning) }
        waiting = [:]
        // It holds this object.
        onChange = {}
    }

    private func runEffects() {
        // Closing a channel may come back here; the loop below then takes those effects too.
        guard !isRunningEffects else { return }
        isRunningEffects = true
        defer { isRunningEffects = false }
        var isChanged = false
        var touched: [ConnectionHandler] = []
        while true {
            state.takeEffects(into: &effects)
            if effects.isEmpty { break }
            for effect in effects {
                switch effect {
                case .send(let node, let id, let shaping):
                    guard let handler = handlers[id] else { continue }
                    handler.send(node, shaping: shaping)
                    // Twice in a row is the most that happens often; to flush twice costs nothing.
                    if touched.last !== handler { touched.append(handler) }
                case .close(let id): handlers[id]?.finish()
                case .cut(let id): handlers[id]?.cut()
                case .schedule(let timer, let delay): schedule(timer, after: delay)
                case .cancel(let timer): timers.removeValue(forKey: timer)?.cancel()
                case .finish(let operation, let result):
                    waiting.removeValue(forKey: operation)?.completeWith(result.mapError { $0 as any Error })
                case .save: isChanged = true
                case .note(let note, let id): log(note, id)
                }
            }
        }
        for handler in touched { handler.flushJoined() }
        if isChanged { onChange() }
    }

    private func schedule(_ timer: ServerTimer, after delay: Duration) {
        timers[timer]?.cancel()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timers[timer] = eventLoop.scheduleTask(in: TimeAmount(delay)) {
            bound.value.timers[timer] = nil
            bound.value.perform { $0.fire(timer) }
        }
    }

    private func log(_ note: ServerNote, _ id: ConnectionID) {
        let connection: Logger.Metadata = ["connection.id": "\(id)"]
        switch note {
        case .registered: logger.debug("Companion shows its references", metadata: connection)
        case .loggedIn(let jid):
            logger.info("Device logged in", metadata: connection.adding("jid", jid.redacted))
        case .loginRefused(let reason):
            logger.info("Login refused", metadata: connection.adding("reason", String(reason)))
        case .linked(let jid):
            logger.info("Device linked", metadata: connection.adding("jid", jid.redacted))
        case .linkFailed(let error):
            logger.info("Link failed", metadata: connection.adding("error", error))
        case .unknownRequest(let namespace, let child):
            logger.notice(
                "Unknown request answered with an empty result",
                metadata: connection.adding("iq.xmlns", namespace).adding("node.tag", child)
            )
        case .undecryptable(let reason):
            logger.info("Phone cannot decrypt a message", metadata: ["error": "\(reason)"])
        case .malformed(let what):
            logger.notice("Malformed stanza", metadata: connection.adding("node", what))
        }
    }
}

/// Tells an HTTP connection that the server stops.
struct ServerStopping: Sendable {}

extension Logger.Metadata {
    fileprivate func adding(_ key: String, _ value: String) -> Self {
        merging([key: .string(String(value.prefix(200)))]) { _, new in new }
    }
}
