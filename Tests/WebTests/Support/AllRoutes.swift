import Fleet
import HTTPTypes

@testable import Web

/// Every route of a server that has all its parts, those of the sandbox too.
func allRoutes() throws -> [Route] { try known.get() }

/// Made once: that takes as long as starting a server.
private let known = Result {
    try Site(
        configuration: .test { $0.isSandbox = true },
        share: ShareFolder(path: sharePath),
        parts: WebServer.Parts(
            accounts: accountsWithoutDatabase(),
            generator: generatorWithoutDatabase(),
            generatorConfiguration: .init(),
            readiness: [],
            metrics: { "" },
            phones: NoPhones(),
            mails: testMails,
            bots: botsWithoutDatabase(),
            links: linksWithoutDatabase()
        ),
        tasks: SocketTasks()
    ).routes
}

extension Route {
    /// `GET /bots/{id}`.
    var name: String { "\(method.rawValue) \(path)" }

    /// An address that the route answers at; everything that is left open is `value`.
    func address(_ value: String = "00000000-0000-4000-8000-000000000000") -> String {
        path.split(separator: "/").map { $0.hasPrefix("{") ? value : String($0) }.reduce("") { "\($0)/\($1)" }
    }
}
