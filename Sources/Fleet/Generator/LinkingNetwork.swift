import Logging
package import NIOCore
package import NIOPosix
package import WhatsApp

/// Everything that it takes to reach the service.
///
/// Connections get a logger that writes nothing: nothing of an attempt is logged.
package struct LinkingNetwork: Sendable {
    let service: WhatsAppService
    let profile: ClientProfile
    let eventLoopGroup: any EventLoopGroup
    let computePool: NIOThreadPool

    package init(
        service: WhatsAppService,
        profile: ClientProfile,
        eventLoopGroup: any EventLoopGroup,
        computePool: NIOThreadPool
    ) {
        self.service = service
        self.profile = profile
        self.eventLoopGroup = eventLoopGroup
        self.computePool = computePool
    }

    private static let silence = Logger(label: "wharf.generator") { _ in SwiftLogNoOpLogHandler() }

    func makeConnection() -> LinkingConnection {
        LinkingConnection(
            service: service,
            profile: profile,
            eventLoopGroup: eventLoopGroup,
            computePool: computePool,
            logger: Self.silence
        )
    }

    func checkLogin(_ credentials: Credentials) async -> LoginVerdict {
        let check = await WhatsApp.checkLogin(
            credentials,
            service: service,
            profile: profile,
            eventLoopGroup: eventLoopGroup,
            logger: Self.silence
        )
        return switch check {
        case .loggedIn: .working
        case .refused(let reason): .refused(reason: reason)
        case .replaced: .inUse
        case .unreachable: .unreachable
        }
    }
}
