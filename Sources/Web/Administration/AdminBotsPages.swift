internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird

/// What `/admin/bots` and `/expired` show.
struct BotTablePage: PanelPage {
    var panelPlace = PanelPlace.admin
    let title: String
    let heading: String
    let lead: String
    let server: String
    let isAdministrator: Bool
    var subNavigation: [SubEntry] = []
    var tabs: [TabEntry] = []
    var columns: [SortColumn] = []
    var bots: [BotRow] = []
    var hasBots = false
    var empty: DashboardPage.Empty?
    var pager: BotPager?
    var search: String?
    var kept: [KeptParameter] = []
    var months: [Choice] = []
    var here = ""
    var problem: String?
    var isExpiredList = false
    var mayApprove = true
    var mayRenew = true
    var mayStop = true
    var mayReject = true

    /// What can be done with bots of that state; of any state where it is nil.
    mutating func offer(actionsFor approval: BotApproval?) {
        guard let approval else { return }
        mayApprove = approval == .new || approval == .rejected
        mayRenew = approval == .approved || approval == .expired
        mayStop = approval == .approved
        mayReject = approval == .new
    }
}

/// `/admin/bots`, all bots of the server by state, and `/expired`.
struct AdminBotsPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting
    let people: AccountsService

    var routes: [Route] {
        [
            .get("/admin/bots", .may(.administerBots)) { request, context in try await show(request, context) },
            .post("/admin/bots", .may(.administerBots)) { request, context in try await change(request, context) },
            .get("/expired", .may(.bots)) { request, context in try await expired(request, context) },
        ]
    }

    private func show(_ request: Request, _ context: WebContext, problem: String? = nil) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        let address = BotListAddress(request, path: "/admin/bots")
        var page = BotTablePage(
            title: "\(strings("bots.admin.title")) · Wharf",
            heading: strings("bots.admin.title"),
            lead: strings("bots.admin.lead", ["server": hosting.server]),
            server: hosting.server,
            isAdministrator: true
        )
        page.problem = problem
        page.subNavigation = AdminPlace.bots.navigation(try context.signedIn(), strings)
        page.tabs = address.tabs(try await hosting.counts(), strings: strings)
        try await fill(&page, address, viewer.botCaller, all: true, strings)
        return try await panel.response(page, of: .adminBots, to: request, context)
    }

    private func expired(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var address = BotListAddress(request, path: "/expired")
        address.query.approval = .expired
        var page = BotTablePage(
            panelPlace: viewer.may(.administerBots) ? .admin : .dashboard,
            title: "\(strings("bots.expired.title")) · Wharf",
            heading: strings("bots.expired.title"),
            lead: strings("bots.expired.lead"),
            server: hosting.server,
            isAdministrator: viewer.may(.administerBots)
        )
        page.isExpiredList = true
        page.subNavigation = AdminPlace.expired.navigation(try context.signedIn(), strings)
        try await fill(&page, address, viewer.botCaller, all: page.isAdministrator, strings)
        return try await panel.response(page, of: .adminBots, to: request, context)
    }

    private func fill(
        _ page: inout BotTablePage,
        _ address: BotListAddress,
        _ caller: BotCaller,
        all: Bool,
        _ strings: Strings
    ) async throws {
        let words = BotWords(strings: strings, now: hosting.time.date())
        let list = try await hosting.list(address.query, for: caller, all: all)
        let messages = try await hosting.messagesToday(of: list.bots.map(\.bot.id))
        var owners: [AccountID: String] = [:]
        for account in Set(list.bots.compactMap(\.bot.account)) {
            owners[account] = (try? await people.account(account))?.email.text
        }
        page.bots = list.bots.map { listed in
            let owner = listed.bot.account.flatMap { owners[$0] }
            return BotRow(listed, words: words, messages: messages[listed.bot.id] ?? 0, owner: owner)
        }
        page.hasBots = !page.bots.isEmpty
        page.columns = [
            address.column(strings("bots.column.bot"), .name),
            SortColumn(strings("bots.column.owner")),
            address.column(strings("bots.column.state"), .state),
            SortColumn(strings("bots.column.today"), isNumber: true),
            address.column(strings("bots.column.expiry"), .expiry),
        ]
        page.pager = address.pager(list, strings: strings)
        page.search = address.query.text
        page.kept = page.isExpiredList ? [] : address.kept
        page.offer(actionsFor: address.query.approval)
        page.here = address.url { $0.page = address.query.page }
        page.months = BotPages.months(await people.panelSettingsOrLast().approvalDuration, words)
        page.empty =
            list.bots.isEmpty
            ? DashboardPage.Empty(
                emptyIcon: "check",
                emptyTitle: strings("bots.empty.none.title"),
                emptyText: strings("bots.empty.none.text"),
                emptyAction: nil,
                emptyURL: nil
            ) : nil
    }

    /// One thing with several bots; those with which it cannot be done are counted and left.
    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try context.signedIn().botCaller
        let form = context.form
        let strings = panel.strings(request)
        // Each with the version that was shown: a form that is sent twice does everything once.
        let chosen = form.all("bot").prefix(BotQuery.pageSize).compactMap(ChosenBot.init)
        guard !chosen.isEmpty else {
            return try await show(request, context, problem: strings("bots.admin.none_chosen"))
        }
        var failures: [String] = []
        for bot in chosen {
            do {
                switch form["action"] {
                case "approve":
                    let duration = try form.duration()
                    _ = try await hosting.approve(bot.id, for: duration, by: caller, version: bot.version)
                case "renew":
                    let duration = try form.duration()
                    _ = try await hosting.renew(bot.id, for: duration, by: caller, version: bot.version)
                case "reject": _ = try await hosting.reject(bot.id, by: caller, version: bot.version)
                case "stop": _ = try await hosting.stop(bot.id, by: caller)
                default: throw RequestError.missingField("action")
                }
            } catch {
                guard let known = userFacing(error) else { throw error }
                failures.append(strings.message(of: known))
            }
        }
        guard failures.isEmpty else {
            let problem = strings(
                "bots.admin.partly",
                [
                    "done": strings.number(chosen.count - failures.count), "count": strings.number(chosen.count),
                    "problem": failures[0],
                ]
            )
            return try await show(request, context, problem: problem)
        }
        let back = form["back"].flatMap { ReturnPath($0)?.text } ?? "/admin/bots"
        return Redirect.to(back, cookies: [Flash.cookie("done")])
    }
}

/// A bot that was ticked in a list, as it stood there: `ID:VERSION`.
private struct ChosenBot {
    let id: BotID
    let version: Int

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = BotID(String(parts[0])), let version = Int(parts[1]) else { return nil }
        self.id = id
        self.version = version
    }
}
