internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/bots/ID` and its parts.
struct BotPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting
    let people: AccountsService
    let isSandbox: Bool

    var routes: [Route] {
        // The commands have pages of their own.
        let parts: [Route] = BotTab.allCases.filter { $0 != .commands }.map { tab in
            .get("/bots/{id}\(tab.path)", .signedIn) { request, context in try await show(tab, request, context) }
        }
        return parts + [
            .get("/bots/{id}/log/download", .signedIn) { _, context in try await download(context) }
        ]
    }

    func show(
        _ tab: BotTab,
        _ request: Request,
        _ context: WebContext,
        error: (any UserFacingError)? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        let words = BotWords(strings: strings, now: hosting.time.date())
        let id = try context.botID()
        let caller = viewer.botCaller
        let (bot, access): (Bot, BotAccess)
        do {
            (bot, access) = try await hosting.find(id, for: caller)
        } catch HostingError.unknownBot {
            return try await offered(id, viewer, request, context, strings)
        }
        guard access >= tab.access else { throw HostingError.notAllowed }
        var page = BotPage(
            bot,
            access,
            tab,
            viewer: viewer,
            hosting: hosting,
            isSandbox: isSandbox,
            words: words
        )
        page.problem = error.map { strings.message(of: $0) }
        page.maintenance = try await hosting.maintenance().map { $0.isEmpty ? strings("bots.maintenance") : $0 }
        switch tab {
        case .overview:
            try await fillOverview(&page, bot, caller, request, words)
            if bot.account != viewer.account.id, try await offer(of: id, to: viewer) != nil {
                page.offerID = id.description
                page.offerText = strings("bots.offer", ["bot": bot.name])
            }
        case .log: try await fillLog(&page, bot, caller, strings)
        case .environment:
            let variables = try await hosting.environment(of: id, for: caller)
            let form = error == nil ? nil : context.form
            let values = VariableForm(variables, form: form, error: error as? HostingError, strings: strings)
            page.environmentVersion = bot.environmentVersion
            page.known = values.known
            page.free = values.free
        case .history: try await fillHistory(&page, bot, caller, request, words)
        case .commands: break
        case .settings: try await fillSettings(&page, bot, caller, words, form: context.form, error)
        }
        return try await panel.response(
            page,
            of: tab.template,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func offer(of id: BotID, to viewer: Viewer) async throws -> BotTransfer? {
        try await hosting.offers(to: viewer.account.id).first { $0.bot == id }
    }

    /// Somebody who sees the bot for no other reason than that it is offered sees that alone.
    private func offered(
        _ id: BotID,
        _ viewer: Viewer,
        _ request: Request,
        _ context: WebContext,
        _ strings: Strings
    ) async throws -> Response {
        guard let offer = try await offer(of: id, to: viewer) else { throw HostingError.unknownBot }
        let page = OfferPage(
            title: "\(offer.botName) · Wharf",
            offerID: id.description,
            offerTitle: offer.botName,
            offerText: strings("bots.offer", ["bot": offer.botName])
        )
        return try await panel.response(page, of: .botOffer, to: request, context)
    }

    private func fillOverview(
        _ page: inout BotPage,
        _ bot: Bot,
        _ caller: BotCaller,
        _ request: Request,
        _ words: BotWords
    ) async throws {
        let strings = words.strings
        let span = request.uri.queryParameters["span"].flatMap { UsageSpan(rawValue: String($0)) } ?? .hour
        page.charts = UsageChart.all(
            try await hosting.usage(of: bot.id, span: span, for: caller),
            span: span,
            strings: strings
        )
        page.spans = UsageSpan.allCases.map { other in
            TabEntry(
                strings("bots.span.\(other.rawValue)"),
                "/bots/\(bot.id)?span=\(other.rawValue)",
                isCurrent: other == span
            )
        }
        let usual = await people.panelSettingsOrLast().approvalDuration
        page.months = Self.months(bot.renewal?.duration ?? bot.duration ?? usual, words)
        let cause: (String?) -> String? = { text in
            text.flatMap { strings.find("bots.cause.\($0)") ?? strings("bots.by", ["name": $0]) }
        }
        let badge = words.badge(bot.approval.value)
        page.axes = [
            BotPage.Axis(
                axisLabel: strings("bots.axis.approval"),
                axisValue: badge.text,
                axisKind: badge.kind,
                axisName: "approval",
                axisSince: strings.moment(bot.approval.at),
                axisCause: cause(bot.approval.cause)
            ),
            BotPage.Axis(
                axisLabel: strings("bots.axis.desired"),
                axisValue: strings(bot.desired.value ? "bots.desired.on" : "bots.desired.off"),
                axisKind: bot.desired.value ? "good" : "quiet",
                axisName: "desired",
                axisSince: strings.moment(bot.desired.at),
                axisCause: cause(bot.desired.cause)
            ),
            BotPage.Axis(
                axisLabel: strings("bots.axis.run"),
                axisValue: words.run(bot.run.value),
                axisKind: BotWords.kind(bot.run.value),
                axisName: "run",
                axisSince: strings.moment(bot.run.at),
                axisCause: bot.run.cause.flatMap { strings.find("bots.cause.\($0)") }
            ),
            BotPage.Axis(
                axisLabel: strings("bots.axis.link"),
                axisValue: strings("bots.link.\(bot.link.value.rawValue)"),
                axisKind: bot.link.value == .linked ? "good" : bot.link.value == .lost ? "danger" : "quiet",
                axisName: "link",
                axisSince: strings.moment(bot.link.at),
                axisCause: bot.link.cause.flatMap { strings.find("bots.cause.\($0)") }
            ),
        ]
    }

    static func months(_ chosen: ApprovalDuration, _ words: BotWords) -> [Choice] {
        ApprovalDuration.allCases.map { Choice("\($0.rawValue)", words.months($0), isSelected: $0 == chosen) }
    }

    private func fillLog(_ page: inout BotPage, _ bot: Bot, _ caller: BotCaller, _ strings: Strings) async throws {
        page.levels = BotLogLine.Level.allCases.map { level in
            Choice(level.rawValue, strings("bots.level.\(level.rawValue)"), isSelected: level == .debug)
        }
        // For browsers without JavaScript; with it the topic brings all.
        var query = LogQuery()
        query.limit = 100
        page.lines = try await hosting.log(of: bot.id, query, for: caller).map(\.asText)
    }

    private func fillHistory(
        _ page: inout BotPage,
        _ bot: Bot,
        _ caller: BotCaller,
        _ request: Request,
        _ words: BotWords
    ) async throws {
        let strings = words.strings
        let before = request.uri.queryParameters["before"].flatMap { Int($0) }
        let entries = try await hosting.history(of: bot.id, before: before, limit: 50, for: caller)
        page.entries = entries.map { entry in
            BotPage.Entry(
                entryText: strings("bots.history.\(entry.kind.rawValue)"),
                entryDetail: entry.detail?.words.text(BotLanguage(strings.language)),
                entryActor: entry.actor == BotCaller.staff ? strings("bots.staff") : entry.actor,
                entryAt: strings.moment(entry.at),
                entryTime: BotWords.iso(entry.at)
            )
        }
        if entries.count == 50, let last = entries.last { page.older = "/bots/\(bot.id)/history?before=\(last.number)" }
    }

    private func download(_ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let id = try context.botID()
        var query = LogQuery()
        query.limit = LogQuery.limitLimit
        let lines = try await hosting.log(of: id, query, for: viewer.botCaller)
        var text = ByteBuffer()
        for line in lines { text.writeString(line.asText + "\n") }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8",
                .contentDisposition: "attachment; filename=\"bot-\(id.description.prefix(8)).log\"",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: text)
        )
    }
}

/// What somebody sees to whom a bot is offered.
struct OfferPage: PanelPage {
    let panelPlace = PanelPlace.dashboard
    let title: String
    let offerID: String
    let offerTitle: String
    let offerText: String
}

extension BotLogLine {
    /// `2026-11-21T10:05:00Z INFO text`.
    var asText: String { "\(at.formatted(.iso8601)) \(level.rawValue.uppercased()) \(text)" }
}
