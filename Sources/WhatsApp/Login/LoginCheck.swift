package import Logging
package import NIOCore
internal import NIOPosix
package import WhatsAppWire

/// Whether credentials still let somebody in.
package enum LoginCheck: Sendable, Equatable {
    case loggedIn(lid: JID?)
    /// The service said no; 401 means that the device is not linked any more.
    case refused(reason: Int)
    /// Another connection took over while this one looked: the credentials are good, and in use.
    case replaced
    /// No answer that would tell.
    case unreachable
}

/// A real login that leaves no trace: nothing is uploaded, acknowledged or taken from the backlog.
///
/// The service allows a device one connection: whoever is logged in with these credentials at that moment is thrown out.
package func checkLogin(
    _ credentials: Credentials,
    service: WhatsAppService,
    profile: ClientProfile,
    eventLoopGroup: any EventLoopGroup,
    logger: Logger
) async -> LoginCheck {
    let (events, continuation) = AsyncStream.makeStream(
        of: LoginEngine.Event.self,
        bufferingPolicy: .bufferingNewest(16)
    )
    let engine = LoginEngine(
        credentials: credentials,
        profile: profile,
        rootKey: service.noiseRootKey,
        purpose: .confirm
    )
    let connector = WebSocketConnector(service: service, computePool: .singleton)
    let handler: NIOLoopBound<EngineHandler<LoginEngine>>
    let loop = eventLoopGroup.next()
    do {
        handler = try await connector.connect(engine, on: loop) { continuation.yield($0) }.get()
    } catch {
        return .unreachable
    }
    return await withTaskCancellationHandler {
        var lid: JID?
        for await event in events {
            switch event {
            case .loggedIn(let credentials): lid = credentials.account?.lid
            case .ended(.finished): return .loggedIn(lid: lid)
            case .ended(.stream(let end)): return LoginCheck(end)
            case .ended(.notLinked): return .refused(reason: 401)
            case .ended(.broken(.noise(.certificate(let error)))):
                logger.error("The server's certificates are not the service's", metadata: ["error": "\(error)"])
                return .unreachable
            case .ended: return .unreachable
            case .preKeysWanted, .preKeysMade, .preKeysTaken, .active, .stanza, .answer, .loggedOut: break
            }
        }
        return .unreachable
    } onCancel: {
        continuation.finish()
        loop.execute { handler.value.close() }
    }
}

extension LoginCheck {
    fileprivate init(_ end: StreamEnd) {
        self =
            switch end {
            case .loggedOut(let code): .refused(reason: code)
            case .locked: .refused(reason: 403)
            case .temporarilyBanned: .refused(reason: 402)
            case .clientOutdated: .refused(reason: 405)
            case .refused(let reason): .refused(reason: reason ?? 400)
            case .unauthorised: .refused(reason: 401)
            case .replaced: .replaced
            default: .unreachable
            }
    }
}
