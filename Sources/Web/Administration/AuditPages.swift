internal import Accounts
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/admin/audit`: what was done by whom.
struct AuditPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages

    private static let pageSize = 50
    private static let exportLimit = 50_000

    var routes: [Route] {
        [
            .get("/admin/audit", .may(.readAudit)) { request, context in try await show(request, context) },
            .get("/admin/audit.csv", .may(.readAudit)) { request, context in try await export(request, context) },
            .get("/api/admin/audit.csv", .api(.admin)) { request, context in try await export(request, context) },
        ]
    }

    private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let query = TableQuery(request, filters: AuditFilter.names)
        var filter = AuditFilter(query)
        filter.before = query.after.flatMap { Int64($0) }
        let lines = try await accounts.audit.lines(filter, limit: Self.pageSize + 1)
        let shown = Array(lines.prefix(Self.pageSize))
        let page = AuditPage(
            viewer,
            shown,
            query: query,
            next: lines.count > Self.pageSize ? shown.last.map { "\($0.id)" } : nil,
            strings: panel.strings(request)
        )
        return try await panel.response(page, of: .adminAudit, to: request, context)
    }

    private func export(_ request: Request, _ context: WebContext) async throws -> Response {
        let query = TableQuery(request, filters: AuditFilter.names)
        let lines = try await accounts.audit.lines(AuditFilter(query), limit: Self.exportLimit)
        try await accounts.audit.record(.auditExported, by: context.signedIn(), after: ["lines": "\(lines.count)"])
        var text = "id,at,action,actor,account,subject,address,before,after\r\n"
        for line in lines {
            let cells = [
                "\(line.id)", line.at.formatted(.iso8601), line.action, line.actor, line.accountID?.description ?? "",
                line.subject ?? "", line.address, line.before ?? "", line.after ?? "",
            ]
            text += cells.map(Self.cell).joined(separator: ",") + "\r\n"
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"wharf-audit.csv\"",
            ],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe.
    private static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        return "\"\((isFormula ? "'" : "") + text.replacing("\"", with: "\"\""))\""
    }
}

extension AuditFilter {
    static let names = ["action", "account", "since", "until"]

    init(_ query: TableQuery) {
        self.init()
        text = query.filters["q"]
        action = query.filters["action"]
        account = query.filters["account"].flatMap { AccountID($0) }
        since = query.filters["since"].flatMap(Self.day)
        until = query.filters["until"].flatMap(Self.day)?.addingTimeInterval(86_400)
    }

    /// `2026-11-21`, at midnight in UTC.
    private static func day(_ text: String) -> Date? {
        try? Date("\(text)T00:00:00Z", strategy: .iso8601)
    }
}

/// One line of the audit log, ready to print.
struct AuditRow: Sendable {
    let rowTime: String
    let rowAction: String
    let rowActionText: String
    let rowActor: String?
    let rowSubject: String?
    let rowAccountURL: String?
    let rowAddress: String
    let rowBefore: String?
    let rowAfter: String?

    init(_ line: AuditLine, _ strings: Strings) {
        rowTime = strings.moment(line.at)
        rowAction = line.action
        rowActionText = strings.find("audit.\(line.action)") ?? line.action
        rowActor = line.actor.isEmpty ? nil : line.actor
        rowSubject = line.subject
        rowAccountURL = line.accountID.map { "/admin/accounts/\($0)" }
        rowAddress = line.address
        rowBefore = line.before
        rowAfter = line.after
    }
}

/// `/admin/audit`.
struct AuditPage: PanelPage {
    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let columns: [TableColumn]
    let events: [AuditRow]
    let hasEvents: Bool
    let pager: Pager
    let search: String?
    let since: String?
    let until: String?
    let account: String?
    let actions: [Choice]
    let exportURL: String
    let empty: EmptyState?

    init(_ viewer: Viewer, _ lines: [AuditLine], query: TableQuery, next: String?, strings: Strings) {
        title = "\(strings("admin.nav.audit")) · Wharf"
        subNavigation = AdminPlace.audit.navigation(viewer, strings)
        columns = ["time", "action", "actor", "subject", "address", "change"].map {
            query.column(strings("admin.audit.\($0)"))
        }
        events = lines.map { AuditRow($0, strings) }
        hasEvents = !lines.isEmpty
        pager = query.pager(strings, shown: lines.count, next: next)
        search = query.filters["q"]
        since = query.filters["since"]
        until = query.filters["until"]
        account = query.filters["account"]
        let chosen = query.filters["action"]
        actions =
            [Choice("", strings("table.all"), isSelected: chosen == nil)]
            + ["account.", "team.", "admin.", "bot.", "plan.", "server."].map { kind in
                Choice(kind, strings("admin.audit.kind.\(kind.dropLast())"), isSelected: chosen == kind)
            }
        let all = TableQuery(
            path: "/admin/audit.csv",
            filters: query.filters,
            sort: "",
            isDescending: false,
            after: nil
        )
        exportURL = all.url(after: nil)
        empty =
            lines.isEmpty
            ? EmptyState(
                emptyIcon: "list",
                emptyTitle: strings("admin.audit.empty"),
                emptyText: strings("admin.audit.empty_text")
            ) : nil
    }
}
