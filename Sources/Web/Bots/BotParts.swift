package import Bots
internal import NIOCore

/// What the pages and the API of bots ask.
package struct BotParts: Sendable {
    package var hosting: Hosting
    package var control: BotControl
    /// The folder whose disk the system page shows.
    package var dataFolder: String
    /// In a sandbox: moves the bots' clock so many days on, and looks at once at what is due.
    package var advance: (@Sendable (_ days: Double) async throws -> Void)?

    package init(
        control: BotControl,
        dataFolder: String,
        advance: (@Sendable (_ days: Double) async throws -> Void)? = nil
    ) {
        self.control = control
        hosting = control.services.hosting
        self.dataFolder = dataFolder
        self.advance = advance
    }
}

extension Site {
    /// Everything about bots; without them the dashboard alone.
    static func botRoutes(
        _ parts: WebServer.Parts,
        _ panel: PanelPages,
        _ watch: SystemWatch?,
        _ configuration: WebConfiguration
    ) -> [Route] {
        let dashboard = DashboardPages(panel: panel, hosting: parts.bots?.hosting).routes
        guard let bots = parts.bots, let watch else { return dashboard }
        let desk = SessionIDDesk(generator: parts.generator)
        let pages = BotPages(
            panel: panel,
            hosting: bots.hosting,
            people: parts.accounts,
            isSandbox: configuration.isSandbox
        )
        var routes =
            dashboard
            + DeployPages(panel: panel, hosting: bots.hosting, desk: desk).routes
            + pages.routes
            + BotForms(pages: pages).routes
            + commandRoutes(CommandDesk(panel: panel, control: bots.control))
            + AdminBotsPages(panel: panel, hosting: bots.hosting, people: parts.accounts).routes
            + SystemPages(panel: panel, hosting: bots.hosting, watch: watch).routes
            + PlanPages(panel: panel, hosting: bots.hosting, people: parts.accounts).routes
            + BotAPI(hosting: bots.hosting, people: parts.accounts, desk: desk).routes
            + BotOwnerAPI(hosting: bots.hosting, people: parts.accounts).routes
            + PlanAPI(hosting: bots.hosting, people: parts.accounts, watch: watch).routes
            + InstancesAPI(hosting: bots.hosting, people: parts.accounts, version: configuration.version).routes
        if let phones = parts.phones {
            routes += BotSandboxAPI(hosting: bots.hosting, phones: phones, advance: bots.advance).routes
        }
        return routes
    }

    static func botTopics(_ parts: WebServer.Parts, _ watch: SystemWatch?) -> [TopicSource] {
        guard let bots = parts.bots, let watch else { return [] }
        return [.bot(bots.hosting), .bots(bots.hosting), .system(watch)]
    }
}
