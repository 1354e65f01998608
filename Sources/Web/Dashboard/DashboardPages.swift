internal import Accounts
internal import Hummingbird

/// `/dashboard`.
struct DashboardPages: Sendable {
    let panel: PanelPages

    var routes: [Route] {
        [.get("/dashboard", .signedIn) { request, context in try await show(request, context) }]
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let page = DashboardPage(viewer, strings: panel.strings(request))
        return try await panel.response(page, of: .dashboard, to: request, context)
    }
}

/// What `/dashboard` shows.
struct DashboardPage: PanelPage {
    let panelPlace = PanelPlace.dashboard
    let title: String
    let greeting: String
    let mayDeploy: Bool

    init(_ viewer: Viewer, strings: Strings) {
        title = "\(strings("panel.nav.dashboard")) · Wharf"
        greeting = strings("dashboard.greeting", ["name": viewer.account.name])
        mayDeploy = viewer.may(.bots)
    }
}
