internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird

/// `/dashboard`, and the lists of bots that look like it.
struct DashboardPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting?

    var routes: [Route] {
        [
            .get("/dashboard", .signedIn) { request, context in try await show(request, context) },
            .post("/notices/{id}/dismiss", .signedIn) { _, context in try await dismiss(context) },
        ]
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var page = DashboardPage(viewer, server: hosting?.server ?? "main", strings: strings)
        if let hosting { try await fill(&page, with: hosting, viewer, request, strings) }
        return try await panel.response(page, of: .dashboard, to: request, context)
    }

    private func fill(
        _ page: inout DashboardPage,
        with hosting: Hosting,
        _ viewer: Viewer,
        _ request: Request,
        _ strings: Strings
    ) async throws {
        let account = viewer.account.id
        let address = BotListAddress(request, path: "/dashboard")
        let span = address.span ?? .day
        // Asked at once: the page waits for the slowest alone.
        async let listed = hosting.list(address.query, for: viewer.ownCaller)
        async let counted = hosting.counts(for: account)
        async let use = hosting.planUse(of: account)
        async let points = hosting.usage(of: account, span: span)
        async let told = hosting.notices.open(for: account, limit: 6)
        async let offered = hosting.offers(to: account)
        async let maintenance = hosting.maintenance()
        let words = BotWords(strings: strings, now: hosting.time.date())
        let list = try await listed
        let messages = try await hosting.messagesToday(of: list.bots.map(\.bot.id))
        page.bots = list.bots.map { BotRow($0, words: words, messages: messages[$0.bot.id] ?? 0) }
        page.hasBots = !page.bots.isEmpty
        page.pager = address.pager(list, strings: strings)
        let counts = try await counted
        page.hasAnyBot = !counts.isEmpty
        page.tabs = address.tabs(counts, strings: strings)
        page.search = address.query.text
        page.kept = address.kept
        page.columns = [
            address.column(strings("bots.column.bot"), .name),
            address.column(strings("bots.column.state"), .state),
            SortColumn(strings("bots.column.today"), isNumber: true),
            address.column(strings("bots.column.expiry"), .expiry),
            SortColumn(strings("bots.column.actions")),
        ]
        page.empty = list.bots.isEmpty ? Self.empty(hasAny: page.hasAnyBot, page.mayDeploy, strings) : nil
        if page.hasAnyBot {
            page.charts = UsageChart.all(try await points, span: span, strings: strings)
            page.spans = UsageSpan.allCases.map { other in
                TabEntry(
                    strings("bots.span.\(other.rawValue)"),
                    address.url(showing: other),
                    isCurrent: other == span
                )
            }
        } else {
            _ = try await points
        }
        fill(&page, with: try await use, strings)
        page.notices = try await told.map { notice in
            let text = words.notice(notice)
            return DashboardPage.Notice(
                noticeID: notice.id,
                noticeText: text.text,
                noticeKind: text.kind,
                noticeAt: strings.distance(to: notice.createdAt, from: words.now),
                noticeURL: notice.bot.map { "/bots/\($0)" }
            )
        }
        page.offers = try await offered.map { offer in
            DashboardPage.Offer(
                offerBot: offer.botName,
                offerURL: "/bots/\(offer.bot)",
                offerText: strings("bots.offer", ["bot": offer.botName])
            )
        }
        page.maintenance = try await maintenance.map { $0.isEmpty ? strings("bots.maintenance") : $0 }
    }

    private func fill(_ page: inout DashboardPage, with use: PlanUse, _ strings: Strings) {
        page.plan = strings("bots.plan", ["plan": use.plan.name])
        let number: (Int) -> String = { strings.number($0) }
        page.uses = [
            .init(strings("bots.use.bots"), use.bots, use.plan.bots, strings: strings, text: number),
            .init(strings("bots.use.sessions"), use.sessions, use.plan.sessions, strings: strings, text: number),
            .init(
                strings("bots.use.messages"),
                use.messagesToday,
                use.plan.messagesPerDay,
                strings: strings,
                text: number
            ),
            .init(strings("bots.use.storage"), use.storage, use.plan.storage, strings: strings, text: BotWords.bytes),
        ]
    }

    private static func empty(hasAny: Bool, _ mayDeploy: Bool, _ strings: Strings) -> DashboardPage.Empty {
        let name = hasAny ? "filtered" : mayDeploy ? "first" : "agent"
        let hasAction = hasAny || mayDeploy
        return DashboardPage.Empty(
            emptyIcon: hasAny ? "search" : "box",
            emptyTitle: strings("bots.empty.\(name).title"),
            emptyText: strings("bots.empty.\(name).text"),
            emptyAction: hasAction ? strings("bots.empty.\(name).action") : nil,
            emptyURL: hasAny ? "/dashboard" : hasAction ? "/deploy" : nil
        )
    }

    private func dismiss(_ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        guard let hosting, let id = context.parameters.get("id").flatMap({ Int($0) }) else {
            throw RequestError.notFound
        }
        try await hosting.notices.dismiss(id, of: viewer.account.id, at: hosting.time.date())
        return Redirect.to("/dashboard")
    }
}
