internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird

/// What `/admin` shows: what waits for an administrator, and how the server is.
struct AdminOverviewPage: PanelPage {
    struct Tile: Sendable {
        let tileName: String
        let tileLabel: String
        let tileValue: String
        let tileURL: String
        /// Somebody has to do something about it.
        let tileIsUrgent: Bool
    }

    /// Some bots for the same reason, and where all of them are.
    struct BotGroup: Sendable {
        let groupID: String
        let groupTitle: String
        let groupBots: [BotRow]
        let groupURL: String
        let groupIsEmpty: Bool
        let groupEmpty: String
        let groupApproves: Bool
        let groupRenews: Bool
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    var server: String?
    var tiles: [Tile] = []
    var groups: [BotGroup] = []
    var months: [Choice] = []
    var system: [SystemPage.Figure] = []
    var maintenance: String?
    var events: [AuditRow] = []
}

/// `/admin`.
struct AdminOverviewPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let hosting: Hosting?
    let watch: SystemWatch?

    private static let rows = 5
    private static let soon: TimeInterval = 7 * 86_400

    var routes: [Route] {
        [.get("/admin", .may(.administerAccounts)) { request, context in try await show(request, context) }]
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var page = AdminOverviewPage(
            title: "\(strings("admin.overview.title")) · Wharf",
            subNavigation: AdminPlace.overview.navigation(viewer, strings)
        )
        if let hosting { try await fill(&page, with: hosting, viewer, strings) }
        if let watch { page.system = SystemPages.brief(await watch.current(), strings) }
        page.events = try await accounts.audit.lines(AuditFilter(), limit: Self.rows).map { AuditRow($0, strings) }
        return try await panel.response(page, of: .adminOverview, to: request, context)
    }

    private func fill(
        _ page: inout AdminOverviewPage,
        with hosting: Hosting,
        _ viewer: Viewer,
        _ strings: Strings
    ) async throws {
        let words = BotWords(strings: strings, now: hosting.time.date())
        let caller = viewer.botCaller
        func list(_ change: (inout BotQuery) -> Void) async throws -> BotList {
            var query = BotQuery()
            change(&query)
            return try await hosting.list(query, for: caller, all: true)
        }
        // Whoever waits longest stands first.
        let waiting = try await list { query in
            query.approval = .new
            query.isReversed = true
        }
        let asking = try await list { query in
            query.wantsRenewal = true
            query.order = .expiry
        }
        let ending = try await list { query in
            query.approval = .approved
            query.endsBefore = words.now.addingTimeInterval(Self.soon)
            query.order = .expiry
        }
        let failed = try await list { $0.run = .failed }
        let found = [
            ("waiting", waiting, "/admin/bots?state=new", true), ("asking", asking, "/admin/bots?wish=true", true),
            ("ending", ending, "/admin/bots?state=approved&sort=expiry", false),
            ("failed", failed, "/admin/bots?run=failed", true),
        ]
        page.server = hosting.server
        page.tiles = found.map { name, bots, url, isUrgent in
            AdminOverviewPage.Tile(
                tileName: name,
                tileLabel: strings("admin.overview.\(name)"),
                tileValue: strings.number(bots.total),
                tileURL: url,
                tileIsUrgent: isUrgent && bots.total > 0
            )
        }
        var owners: [AccountID: String] = [:]
        for account in Set(found.flatMap { $0.1.bots.prefix(Self.rows).compactMap(\.bot.account) }) {
            owners[account] = (try? await accounts.account(account))?.email.text
        }
        page.groups = found.map { name, bots, url, _ in
            AdminOverviewPage.BotGroup(
                groupID: name,
                groupTitle: strings("admin.overview.\(name)"),
                groupBots: bots.bots.prefix(Self.rows).map { listed in
                    BotRow(listed, words: words, owner: listed.bot.account.flatMap { owners[$0] })
                },
                groupURL: url,
                groupIsEmpty: bots.bots.isEmpty,
                groupEmpty: strings("admin.overview.none.\(name)"),
                groupApproves: name == "waiting",
                groupRenews: name == "asking"
            )
        }
        page.months = BotPages.months(await accounts.panelSettingsOrLast().approvalDuration, words)
        page.maintenance = try await hosting.maintenance().map { $0.isEmpty ? strings("bots.maintenance") : $0 }
    }
}
