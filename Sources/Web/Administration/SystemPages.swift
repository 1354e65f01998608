internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird

/// What `/admin/system` shows.
struct SystemPage: PanelPage {
    struct Figure: Sendable {
        let figureName: String
        let figureLabel: String
        let figureValue: String
        /// Of a bar, from 0 to 100.
        let figureShare: Int?
    }

    struct Line: Sendable {
        let lineText: String
        let lineValue: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let server: String
    var subNavigation: [SubEntry] = []
    var host: [Figure] = []
    var sessions: [Figure] = []
    var database: [Figure] = []
    var slow: [Line] = []
    var tables: [Line] = []
    var isInMaintenance = false
    var maintenanceText: String?
}

/// What `/admin/deployments` shows.
struct DeploymentsPage: PanelPage {
    struct Row: Sendable {
        let countDay: String
        let countPlan: String
        let countCells: [Cell]
    }

    struct Cell: Sendable {
        let cellText: String
        /// The heading of its column.
        var cellLabel: String?
    }

    struct Total: Sendable {
        let totalLabel: String
        let totalCount: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let kinds: [Cell]
    let rows: [Row]
    let hasRows: Bool
    let totals: [Total]
    let spans: [TabEntry]
    let empty: DashboardPage.Empty?
    let charts: [UsageChart]
}

/// What `/admin/logs` shows.
struct LogSearchPage: PanelPage {
    struct Line: Sendable {
        let foundAt: String
        let foundTime: String
        let foundLevel: String
        let foundBot: String
        let foundURL: String
        let foundText: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    var search: String?
    var levels: [Choice]
    var lines: [Line]
    let hasLines: Bool
    var older: String?
    var empty: DashboardPage.Empty?
}

/// The machine, the analysis of deployments, all logs, and maintenance.
struct SystemPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting
    let watch: SystemWatch

    var routes: [Route] {
        [
            .get("/admin/system", .may(.seeSystem)) { request, context in try await showSystem(request, context) },
            .get("/admin/deployments", .may(.seeSystem)) { request, context in
                try await showDeployments(request, context)
            },
            .get("/admin/logs", .may(.seeSystem)) { request, context in try await showLogs(request, context) },
            .post("/admin/maintenance", .may(.changeSettings)) { _, context in
                let form = context.form
                let text = form["switch"] == "on" ? form["text"] ?? "" : nil
                try await hosting.setMaintenance(text, by: context.signedIn().botCaller)
                return Redirect.to("/admin/system", cookies: [Flash.cookie("saved")])
            },
        ]
    }

    private func showSystem(_ request: Request, _ context: WebContext) async throws -> Response {
        let strings = panel.strings(request)
        let figures = await watch.current()
        var page = SystemPage(title: "\(strings("admin_bots.system.title")) · Wharf", server: hosting.server)
        page.subNavigation = AdminPlace.system.navigation(try context.signedIn(), strings)
        let label: (String) -> String = { strings("admin_bots.system.\($0)") }
        page.host = Self.host(figures, label)
        page.sessions =
            figures.sessions.sorted { $0.key < $1.key }.map { name, count in
                SystemPage.Figure(
                    figureName: "session-\(name)",
                    figureLabel: label("status.\(name)"),
                    figureValue: strings.number(count),
                    figureShare: nil
                )
            }
            + [
                Self.figure("waiting", label, strings.number(figures.waiting), nil),
                Self.figure("delayed", label, strings.number(figures.delayed), nil),
            ]
        if let database = figures.database {
            page.database = [
                Self.figure("database", label, BotWords.bytes(database.bytes), nil),
                Self.figure("connections", label, strings.number(database.connections), nil),
            ]
            page.slow = database.slow.map { statement in
                SystemPage.Line(
                    lineText: statement.text,
                    lineValue: "\((statement.seconds * 10).rounded() / 10) s × \(statement.count)"
                )
            }
            page.tables = database.tables.map { table in
                SystemPage.Line(
                    lineText: table.name,
                    lineValue:
                        "\(BotWords.bytes(table.bytes)), \(strings.counted("admin_bots.system.rows", table.rows))"
                )
            }
        }
        let maintenance = try await hosting.maintenance()
        page.isInMaintenance = maintenance != nil
        page.maintenanceText = maintenance.flatMap { $0.isEmpty ? nil : $0 }
        return try await panel.response(page, of: .adminSystem, to: request, context)
    }

    private static func host(_ figures: SystemFigures, _ label: (String) -> String) -> [SystemPage.Figure] {
        let host = figures.host
        return [
            Self.figure(
                "processor",
                label,
                "\(Int((host.processorPercent ?? 0).rounded())) %",
                Int(host.processorPercent ?? 0)
            ),
            Self.figure("load", label, "\(host.loadAverage ?? 0) / \(host.processors)", nil),
            Self.figure(
                "memory",
                label,
                Self.of(host.memoryUsed, host.memoryTotal),
                Self.share(host.memoryUsed, host.memoryTotal)
            ),
            Self.figure(
                "process",
                label,
                BotWords.bytes(host.processMemory),
                Self.share(host.processMemory, host.memoryTotal)
            ),
            Self.figure(
                "disk",
                label,
                Self.of(host.diskUsed, host.diskTotal),
                Self.share(host.diskUsed, host.diskTotal)
            ),
            Self.figure("lag", label, "\((host.loopLag * 10).rounded() / 10) ms", nil),
        ]
    }

    /// The machine and the sessions in a line each, for the overview.
    static func brief(_ figures: SystemFigures, _ strings: Strings) -> [SystemPage.Figure] {
        let label: (String) -> String = { strings("admin_bots.system.\($0)") }
        let wanted = ["processor", "memory", "disk", "lag"]
        var brief = host(figures, label).filter { wanted.contains($0.figureName) }
        if let database = figures.database {
            brief.append(figure("database", { _ in "PostgreSQL" }, BotWords.bytes(database.bytes), nil))
        }
        let running = figures.sessions["WORKING"] ?? 0
        let all = figures.sessions.values.reduce(0, +)
        brief.append(
            figure(
                "sessions",
                label,
                strings("bots.use.of", ["used": strings.number(running), "limit": strings.number(all)]),
                nil
            )
        )
        brief.append(figure("waiting", label, strings.number(figures.waiting + figures.delayed), nil))
        return brief
    }

    private static func figure(_ name: String, _ label: (String) -> String, _ value: String, _ share: Int?)
        -> SystemPage.Figure
    {
        SystemPage.Figure(
            figureName: name,
            figureLabel: label(name),
            figureValue: value,
            figureShare: share.map { max(0, min(100, $0)) }
        )
    }

    private static func of(_ used: Int, _ total: Int) -> String { "\(BotWords.bytes(used)) / \(BotWords.bytes(total))" }

    private static func share(_ used: Int, _ total: Int) -> Int? { total > 0 ? used * 100 / total : nil }

    private func showDeployments(_ request: Request, _ context: WebContext) async throws -> Response {
        let strings = panel.strings(request)
        let chosen = request.uri.queryParameters["days"].flatMap { Int($0) } ?? 30
        let days = [7, 30, 90, 365].contains(chosen) ? chosen : 30
        let start = hosting.time.date().addingTimeInterval(-Double(days - 1) * 86_400)
        let counts = try await hosting.deployments(since: start, by: context.signedIn().botCaller)
        let kinds = ["created", "approved", "renewed", "expired", "rejected", "deleted", "churned"]
        let plans = Dictionary(try await hosting.plans.all().map { ($0.id, $0.name) }) { first, _ in first }
        var table: [String: [String: Int]] = [:]
        for count in counts { table["\(count.day) \(count.plan)", default: [:]][count.kind, default: 0] += count.count }
        let rows = table.sorted { $0.key > $1.key }.map { key, cells in
            let parts = key.split(separator: " ", maxSplits: 1).map(String.init)
            let day = try? Date("\(parts[0])T00:00:00Z", strategy: .iso8601)
            let plan = parts.count > 1 ? parts[1] : ""
            return DeploymentsPage.Row(
                countDay: day.map { strings.day($0) } ?? parts[0],
                countPlan: plans[plan] ?? plan,
                countCells: kinds.map { kind in
                    DeploymentsPage.Cell(
                        cellText: cells[kind].map { strings.number($0) } ?? "·",
                        cellLabel: strings("admin_bots.deployments.\(kind)")
                    )
                }
            )
        }
        let page = DeploymentsPage(
            title: "\(strings("admin_bots.deployments.title")) · Wharf",
            subNavigation: AdminPlace.deployments.navigation(try context.signedIn(), strings),
            kinds: kinds.map { DeploymentsPage.Cell(cellText: strings("admin_bots.deployments.\($0)")) },
            rows: rows,
            hasRows: !rows.isEmpty,
            totals: kinds.map { kind in
                DeploymentsPage.Total(
                    totalLabel: strings("admin_bots.deployments.\(kind)"),
                    totalCount: strings.number(counts.filter { $0.kind == kind }.reduce(0) { $0 + $1.count })
                )
            },
            spans: [7, 30, 90, 365].map { count in
                TabEntry(
                    strings.counted("time.days", count),
                    "/admin/deployments?days=\(count)",
                    isCurrent: count == days
                )
            },
            empty: rows.isEmpty ? Self.empty("deployments", strings) : nil,
            charts: rows.isEmpty ? [] : DeploymentChart.all(counts, since: start, days: days, strings: strings)
        )
        return try await panel.response(page, of: .adminDeployments, to: request, context)
    }

    private static func empty(_ name: String, _ strings: Strings) -> DashboardPage.Empty {
        DashboardPage.Empty(
            emptyIcon: "search",
            emptyTitle: strings("admin_bots.\(name).empty_title"),
            emptyText: strings("admin_bots.\(name).empty_text"),
            emptyAction: nil,
            emptyURL: nil
        )
    }

    private func showLogs(_ request: Request, _ context: WebContext) async throws -> Response {
        let strings = panel.strings(request)
        let parameters = request.uri.queryParameters
        var query = LogQuery()
        query.limit = 200
        query.text = parameters["q"].map { String($0.prefix(100)) }.flatMap { $0.isEmpty ? nil : $0 }
        query.level = parameters["level"].flatMap { BotLogLine.Level(rawValue: String($0)) } ?? .info
        query.before = parameters["before"].flatMap { Int64($0) }
        let found = try await hosting.searchLogs(query, by: context.signedIn().botCaller)
        var page = LogSearchPage(
            title: "\(strings("admin_bots.logs.title")) · Wharf",
            subNavigation: AdminPlace.logs.navigation(try context.signedIn(), strings),
            search: query.text,
            levels: BotLogLine.Level.allCases.map { level in
                Choice(level.rawValue, strings("bots.level.\(level.rawValue)"), isSelected: level == query.level)
            },
            lines: found.map { found in
                LogSearchPage.Line(
                    foundAt: strings.moment(found.line.at),
                    foundTime: BotWords.iso(found.line.at),
                    foundLevel: found.line.level.rawValue,
                    foundBot: found.botName,
                    foundURL: "/bots/\(found.bot)/log",
                    foundText: found.line.text
                )
            },
            hasLines: !found.isEmpty
        )
        if found.count == query.limit, let last = found.last {
            var address = "/admin/logs?level=\(query.level.rawValue)&before=\(last.line.number)"
            if let text = query.text { address += "&q=\(text.percentEncoded)" }
            page.older = address
        }
        page.empty = found.isEmpty ? Self.empty("logs", strings) : nil
        return try await panel.response(page, of: .adminLogs, to: request, context)
    }
}

extension TopicSource {
    /// `system:figures`, for those who may see the machine.
    static func system(_ watch: SystemWatch) -> TopicSource {
        TopicSource(kind: "system") { name, _, viewer in
            guard let viewer, viewer.may(.seeSystem), name == "figures" else { throw RequestError.notFound }
            let events = watch.watch().map { figures in
                TopicEvent(
                    id: UInt64(clamping: Int64(figures.at.timeIntervalSince1970 * 1_000)),
                    name: "figures",
                    payload: figures
                )
            }
            return OpenTopic(events: events) { viewer in
                guard viewer?.may(.seeSystem) == true else { throw RequestError.notPermitted }
            }
        }
    }
}
