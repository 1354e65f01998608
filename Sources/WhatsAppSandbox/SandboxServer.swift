import Foundation
package import Logging
package import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import SignalProtocol
import Synchronization

/// A WhatsApp-like server with simulated phones: the WebSocket at `/ws/chat`, the control API and its page, on one port.
package final class SandboxServer: Service, Sendable {
    private struct Running: Sendable {
        let engine: NIOLoopBound<Engine>
        let channels: [any Channel]
        let address: String
        let rootKey: [UInt8]
        let secureAddress: String
        let tlsCertificate: String
        let snapshots: SnapshotWriter?
        let mediaFolder: MediaFolder
    }

    private enum Phase: Sendable {
        case idle
        case starting
        case running(Running)
        case stopped
    }

    private let configuration: SandboxConfiguration
    private let loop: any EventLoop
    private let logger: Logger
    private let phase = Mutex(Phase.idle)

    /// Nothing runs before ``start()``; everything then runs on one loop of the group.
    package init(configuration: SandboxConfiguration, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        loop = eventLoopGroup.next()
    }

    // MARK: Life

    /// Reads the snapshot, binds the port and serves; returns when connections are taken.
    package func start() async throws {
        let isFirst = phase.withLock { phase in
            guard case .idle = phase else { return false }
            phase = .starting
            return true
        }
        guard isFirst else { return }
        do {
            let running = try await launch()
            phase.withLock { $0 = .running(running) }
            logger.info("Sandbox listens", metadata: ["address": "\(running.address)"])
        } catch {
            phase.withLock { $0 = .idle }
            throw error
        }
    }

    private func launch() async throws -> Running {
        let file = configuration.snapshotPath.map(SnapshotFile.init)
        let snapshot = try await NIOThreadPool.singleton.runIfActive { try file?.open() }
        var random = SystemRandomNumberGenerator()
        let authority = try snapshot?.certificateAuthority() ?? .generate(using: &random)
        let tls = try snapshot?.tlsAuthority() ?? .generate(at: Date())
        let tlsContext = try tls.context(
            for: TLSAuthority.usualNames(host: configuration.host) + configuration.tlsNames,
            at: Date()
        )
        var state = ServerState(settings: configuration.settings, now: Date())
        try snapshot?.restore(into: &state)
        let mediaFolder = MediaFolder()
        try await NIOThreadPool.singleton.runIfActive { try mediaFolder.create() }
        let (configuration, loop, logger) = (configuration, loop, logger)
        let snapshots = file.map { SnapshotWriter(file: $0, eventLoop: loop, logger: logger) }

        return try await loop.flatSubmit { [state] in
            let engine = Engine(
                state: state,
                authority: authority,
                eventLoop: loop,
                clock: { Date() },
                timeouts: configuration.timeouts,
                logger: logger
            )
            engine.mediaFolder = mediaFolder
            let files = LocalFiles(folder: configuration.filesFolder, host: configuration.host)
            let routes = ControlRoutes(engine: engine, files: files)
            let bound = NIOLoopBound((engine, routes), eventLoop: loop)
            if let snapshots {
                engine.onChange = {
                    snapshots.changed { Snapshot(bound.value.0.view, authority: authority, tls: tls) }
                }
                engine.onChange()
            }
            let bind = { @Sendable (port: Int) -> EventLoopFuture<any Channel> in
                SandboxListener.bind(
                    host: configuration.host,
                    port: port,
                    engine: bound.value.0,
                    routes: bound.value.1,
                    tls: tlsContext,
                    timeouts: configuration.timeouts
                )
            }
            return bind(configuration.port).flatMap { channel -> EventLoopFuture<[any Channel]> in
                guard let port = configuration.tlsPort else { return loop.makeSucceededFuture([channel]) }
                return bind(port).map { [channel, $0] }.flatMapError { error in
                    channel.close().flatMapThrowing {
                        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
                        throw SandboxError.unusableTLSPort(port, reason: reason ?? "\(error)")
                    }
                }
            }
            .flatMapErrorThrowing { error in
                bound.value.0.stop()
                throw error
            }
            .map { channels in
                let (engine, routes) = bound.value
                let addresses = channels.map { Self.address(of: $0, host: configuration.host) }
                let (address, secureAddress) = (addresses.first ?? "", addresses.last ?? "")
                routes.webSocketURL = "ws://\(address)\(HTTPHandler.webSocketPath)"
                routes.secureWebSocketURL = "wss://\(secureAddress)\(HTTPHandler.webSocketPath)"
                routes.tlsCertificate = tls.pem
                if configuration.mediaHost == nil { engine.useMediaHost(address) }
                return Running(
                    engine: NIOLoopBound(engine, eventLoop: loop),
                    channels: channels,
                    address: address,
                    rootKey: authority.root.publicKey,
                    secureAddress: secureAddress,
                    tlsCertificate: tls.pem,
                    snapshots: snapshots,
                    mediaFolder: mediaFolder
                )
            }
        }.get()
    }

    private static func address(of channel: any Channel, host: String) -> String {
        let reachable =
            switch host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "[::1]"
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "\(reachable):\(channel.localAddress?.port ?? 0)"
    }

    /// Takes no more connections, closes those there are and writes the snapshot.
    package func shutdown() async {
        let running: Running? = phase.withLock { phase in
            guard case .running(let running) = phase else { return nil }
            phase = .stopped
            return running
        }
        guard let running else { return }
        for channel in running.channels { try? await channel.close().get() }
        let loop = loop
        let left = try? await loop.submit { running.engine.value.closeAll() }.get()
        for channel in left ?? [] { try? await channel.closeFuture.get() }
        try? await loop.submit { running.engine.value.stop() }.get()
        await running.snapshots?.finish()
        let mediaFolder = running.mediaFolder
        try? await NIOThreadPool.singleton.runIfActive { mediaFolder.remove() }
        logger.info("Sandbox stopped")
    }

    /// Serves until the service group shuts down.
    package func run() async throws {
        try await start()
        do {
            try await gracefulShutdown()
        } catch is CancellationError {
            // Stopped without grace: the same, so that the snapshot is written.
        }
        await shutdown()
    }

    // MARK: Addresses

    private var running: Running {
        get throws(SandboxError) {
            guard case .running(let running) = phase.withLock({ $0 }) else { throw .notRunning }
            return running
        }
    }

    /// `ws://HOST:PORT/ws/chat`.
    ///
    /// Throws before ``start()`` and after ``shutdown()``.
    package var webSocketURL: String {
        get throws(SandboxError) { "ws://\(try running.address)\(HTTPHandler.webSocketPath)" }
    }

    /// `wss://HOST:PORT/ws/chat`, on the port for TLS when there is one; the other port takes TLS too.
    package var secureWebSocketURL: String {
        get throws(SandboxError) { "wss://\(try running.secureAddress)\(HTTPHandler.webSocketPath)" }
    }

    /// The certificate (PEM) that clients have to trust for TLS.
    package var tlsCertificate: String {
        get throws(SandboxError) { try running.tlsCertificate }
    }

    /// `http://HOST:PORT`: the page, and the control API under `/sandbox`.
    package var httpURL: String {
        get throws(SandboxError) { "http://\(try running.address)" }
    }

    /// The public key that the sandbox's certificate chain ends in, 32 bytes.
    package var noiseRootKey: [UInt8] {
        get throws(SandboxError) { try running.rootKey }
    }

    // MARK: Phones

    @discardableResult
    package func createPhone(_ order: NewPhone) async throws -> SandboxPhone {
        try await onLoop { try $0.createPhone(order) }
    }

    package func phones() async throws -> [SandboxPhone] {
        try await onLoop { $0.view.views() }
    }

    package func phone(_ number: String) async throws -> SandboxPhone {
        try await onLoop { try $0.view.view(of: number) }
    }

    package func deletePhone(_ number: String) async throws {
        try await onLoop { try $0.deletePhone(number) }
    }

    /// The phone scans a QR code; returns when the companion has signed, or when it must present a passkey first.
    @discardableResult
    package func scan(_ qr: String, with number: String) async throws -> LinkOutcome {
        try await onLoopEventually { $0.scan(qr, at: number) }
    }

    /// Somebody types a pairing code at the phone; otherwise as ``scan(_:with:)``.
    @discardableResult
    package func enterCode(_ code: String, at number: String) async throws -> LinkOutcome {
        try await onLoopEventually { $0.enterCode(code, at: number) }
    }

    package func devices(of number: String) async throws -> [SandboxDevice] {
        try await onLoop { try $0.devices(of: number) }
    }

    /// The phone removes a linked device; all of them when none is named.
    package func unlink(_ device: UInt16? = nil, of number: String) async throws {
        try await onLoop { try $0.unlink(device, of: number) }
    }

    /// Signs a passkey request (JSON) as the phone's owner would; an assertion as JSON.
    package func passkeyAssertion(of number: String, options: [UInt8]) async throws -> [UInt8] {
        let options = try ControlBody.decode(PasskeyOptions.self, from: options)
        return try await onLoop { try $0.passkeyAssertion(of: number, for: options).json }
    }

    // MARK: Media

    /// The file at a direct path goes from the media host, while the phones keep it; whether there was one.
    @discardableResult
    package func vanishMedia(at directPath: String) async throws -> Bool {
        try await onLoop { $0.perform { $0.media.vanish(directPath) } }
    }

    /// Every authorization to upload that was given out is void.
    package func revokeMediaAuthorizations() async throws {
        try await onLoop { $0.perform { $0.media.revokeAuthorizations() } }
    }

    /// A phone has a file, and uploads it again when it is asked to.
    package func keepMedia(_ mediaKey: [UInt8], directPath: String, messageID: String, at number: String) async throws {
        try await onLoop { engine in
            guard engine.view.phones[number] != nil else { throw SandboxError.unknownPhone }
            engine.perform {
                $0.phones[number]?.media.remember(
                    KeptMedia.File(mediaKey: mediaKey, directPath: directPath),
                    messageID: messageID
                )
            }
        }
    }

    // MARK: Faults

    /// Lets something go wrong.
    ///
    /// `times` is how often a standing fault happens; `nil` stands for its usual number.
    @discardableResult
    package func inject(
        _ fault: SandboxFault,
        scope: FaultScope = FaultScope(),
        times: Int? = nil
    ) async throws -> FaultReceipt {
        try await onLoop { try $0.inject(fault, scope: scope, times: times ?? fault.usualTimes) }
    }

    package func faults() async throws -> [ActiveFault] {
        try await onLoop { $0.view.faults.active }
    }

    /// Clears one fault, or all.
    package func clearFaults(_ id: Int? = nil) async throws {
        try await onLoop { try $0.clearFaults(id) }
    }

    /// Open WebSockets.
    package func connectionCount() async throws -> Int {
        try await onLoop { $0.connectionCount }
    }

    /// The last stanzas, oldest first: tags and attributes as text, without content.
    package func recentStanzas() async throws -> [String] {
        try await onLoop { $0.view.journal.latest.map { "\($0.direction.rawValue) \($0.stanza)" } }
    }

    func onLoop<Result: Sendable>(_ work: @escaping @Sendable (Engine) throws -> Result) async throws -> Result {
        let engine = try running.engine
        return try await loop.submit { try work(engine.value) }.get()
    }

    func onLoopEventually<Result: Sendable>(
        _ work: @escaping @Sendable (Engine) -> EventLoopFuture<Result>
    ) async throws -> Result {
        let engine = try running.engine
        return try await loop.flatSubmit { work(engine.value) }.get()
    }
}
