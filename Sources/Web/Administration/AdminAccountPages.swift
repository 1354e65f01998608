internal import Accounts
internal import Foundation
internal import Hummingbird

/// `/admin/accounts`: everybody's accounts.
struct AdminAccountPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let cookie: LoginCookie

    private static let pageSize = 50

    var routes: [Route] {
        [
            .get("/admin/accounts", .may(.administerAccounts)) { request, context in try await list(request, context) },
            .get("/admin/accounts/{id}", .may(.administerAccounts)) { request, context in
                try await show(request, context)
            },
            .post("/admin/accounts/{id}/role", .may(.administerAccounts)) { request, context in
                try await change(request, context, "role_changed") { id, viewer in
                    guard let role = context.form["role"].flatMap(Role.init(rawValue:)) else {
                        throw AccountsError.invalidSetting("role")
                    }
                    try await accounts.setRole(role, of: id, by: viewer)
                }
            },
            .post("/admin/accounts/{id}/suspend", .may(.administerAccounts)) { request, context in
                try await change(request, context, "account_suspended") {
                    try await accounts.setStatus(.suspended, of: $0, by: $1)
                }
            },
            .post("/admin/accounts/{id}/restore", .may(.administerAccounts)) { request, context in
                try await change(request, context, "account_restored") {
                    try await accounts.setStatus(.active, of: $0, by: $1)
                }
            },
            .post("/admin/accounts/{id}/reset-two-factor", .may(.administerAccounts)) { request, context in
                try await change(request, context, "two_factor_reset") {
                    try await accounts.resetSecondFactor(of: $0, by: $1)
                }
            },
            .post("/admin/accounts/{id}/sign-in", .may(.administerAccounts)) { request, context in
                do {
                    let login = try await accounts.signIn(as: Self.id(context), by: context.signedIn())
                    return Redirect.to("/dashboard", cookies: [cookie.set(login)])
                } catch AccountsError.confirmationNeeded {
                    return Redirect.toConfirmation
                } catch let error as AccountsError where error != .unknownAccount {
                    return try await show(request, context, error)
                }
            },
            .post("/logout-as", .signedIn) { _, context in
                let login = try await accounts.stopSigningIn(context.signedIn())
                return Redirect.to("/admin/accounts", cookies: [cookie.set(login)])
            },
        ]
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let query = TableQuery(
            request,
            filters: ["role", "status"],
            sorts: ["-created"] + AccountSearch.Order.allCases.map(\.rawValue)
        )
        var search = AccountSearch()
        search.text = query.filters["q"]
        search.role = query.filters["role"].flatMap(Role.init(rawValue:))
        search.status = query.filters["status"].flatMap(Account.Status.init(rawValue:))
        search.order = AccountSearch.Order(rawValue: query.sort) ?? .created
        search.isDescending = query.isDescending
        search.offset = min(max(0, query.after.flatMap { Int($0) } ?? 0), 1_000_000)
        let found = try await accounts.search(search, limit: Self.pageSize + 1, by: viewer)
        let next = found.count > Self.pageSize ? "\(search.offset + Self.pageSize)" : nil
        let page = AdminAccountsPage(
            viewer,
            Array(found.prefix(Self.pageSize)),
            query: query,
            next: next,
            strings: panel.strings(request),
            now: Date()
        )
        return try await panel.response(page, of: .adminAccounts, to: request, context)
    }

    private func show(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let account = try await accounts.account(Self.id(context))
        var filter = AuditFilter()
        filter.account = account.id
        let strings = panel.strings(request)
        var page = AdminAccountPage(
            viewer,
            account,
            sessions: try await accounts.browsers(of: account.id, by: viewer),
            lines: try await accounts.audit.lines(filter, limit: 20),
            strings: strings,
            now: Date()
        )
        page.problem = error.map { strings.message(of: $0) }
        return try await panel.response(
            page,
            of: .adminAccount,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func change(
        _ request: Request,
        _ context: WebContext,
        _ flash: String,
        _ work: (AccountID, Viewer) async throws -> Void
    ) async throws -> Response {
        let id = try Self.id(context)
        do {
            try await work(id, context.signedIn())
            return Redirect.to("/admin/accounts/\(id)", cookies: [Flash.cookie(flash)])
        } catch AccountsError.confirmationNeeded {
            return Redirect.toConfirmation
        } catch let error as AccountsError where error != .unknownAccount {
            return try await show(request, context, error)
        }
    }

    private static func id(_ context: WebContext) throws(AccountsError) -> AccountID {
        guard let id = AccountID(context.parameters.get("id") ?? "") else { throw .unknownAccount }
        return id
    }
}

/// `/admin/accounts`.
struct AdminAccountsPage: PanelPage {
    struct Line: Sendable {
        let accountURL: String
        let lineName: String
        let lineEmail: String
        let lineRole: String
        let lineStatus: String
        let lineKind: String
        let lineCreated: String
        let lineLogin: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let columns: [TableColumn]
    let lines: [Line]
    let hasLines: Bool
    let pager: Pager
    let search: String?
    let roles: [Choice]
    let statuses: [Choice]
    let empty: EmptyState?

    init(_ viewer: Viewer, _ found: [Account], query: TableQuery, next: String?, strings: Strings, now: Date) {
        title = "\(strings("admin.nav.accounts")) · Wharf"
        subNavigation = AdminPlace.accounts.navigation(viewer, strings)
        columns = [
            query.column(strings("admin.accounts.name"), sort: "name"),
            query.column(strings("fields.email"), sort: "email"),
            query.column(strings("admin.accounts.role")), query.column(strings("admin.accounts.status")),
            query.column(strings("admin.accounts.created"), sort: "created"),
            query.column(strings("admin.accounts.login"), sort: "login"),
        ]
        lines = found.map { account in
            Line(
                accountURL: "/admin/accounts/\(account.id)",
                lineName: account.name,
                lineEmail: account.email.text,
                lineRole: strings("roles.\(account.role.rawValue)"),
                lineStatus: AdminAccountPage.status(account, strings),
                lineKind: AdminAccountPage.kind(account),
                lineCreated: strings.day(account.createdAt),
                lineLogin: account.lastLoginAt.map { strings.distance(to: $0, from: now) } ?? strings("time.never")
            )
        }
        hasLines = !found.isEmpty
        pager = query.pager(strings, shown: found.count, next: next)
        search = query.filters["q"]
        roles =
            [Choice("", strings("table.all"), isSelected: query.filters["role"] == nil)]
            + Role.allCases.map {
                Choice($0.rawValue, strings("roles.\($0.rawValue)"), isSelected: query.filters["role"] == $0.rawValue)
            }
        statuses =
            [Choice("", strings("table.all"), isSelected: query.filters["status"] == nil)]
            + Account.Status.allCases.map {
                Choice(
                    $0.rawValue,
                    strings("admin.status.\($0.rawValue)"),
                    isSelected: query.filters["status"] == $0.rawValue
                )
            }
        empty =
            found.isEmpty
            ? EmptyState(
                emptyIcon: "search",
                emptyTitle: strings("admin.accounts.empty"),
                emptyText: strings("admin.accounts.empty_text"),
                emptyAction: strings("table.clear"),
                emptyURL: "/admin/accounts"
            ) : nil
    }
}

/// `/admin/accounts/ID`.
struct AdminAccountPage: PanelPage {
    struct Session: Sendable {
        let sessionName: String
        let sessionFacts: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let shownName: String
    let shownEmail: String
    let shownRole: String
    let shownStatus: String
    let statusKind: String
    let verified: String
    let created: String
    let login: String
    let secondFactor: String
    let team: String?
    let baseURL: String
    let roles: [Choice]
    let mayChange: Bool
    let isSuspended: Bool
    let hasSecondFactor: Bool
    let maySignIn: Bool
    let suspendConfirm: String
    let signInConfirm: String
    let sessions: [Session]
    let hasSessions: Bool
    let events: [AuditRow]
    let auditURL: String
    let botsURL: String
    var problem: String?

    init(
        _ viewer: Viewer,
        _ account: Account,
        sessions: [LoginSession],
        lines: [AuditLine],
        strings: Strings,
        now: Date
    ) {
        title = "\(account.name) · Wharf"
        subNavigation = AdminPlace.accounts.navigation(viewer, strings)
        shownName = account.name
        shownEmail = account.email.text
        shownRole = strings("roles.\(account.role.rawValue)")
        shownStatus = Self.status(account, strings)
        statusKind = Self.kind(account)
        verified = account.emailVerifiedAt.map(strings.day) ?? strings("admin.account.unverified")
        created = strings.moment(account.createdAt)
        login = account.lastLoginAt.map(strings.moment) ?? strings("time.never")
        secondFactor = strings(account.hasSecondFactor ? "admin.account.on" : "admin.account.off")
        team = account.teamOwner.map { "/admin/accounts/\($0)" }
        baseURL = "/admin/accounts/\(account.id)"
        roles = Role.allCases.map {
            Choice($0.rawValue, strings("roles.\($0.rawValue)"), isSelected: $0 == account.role)
        }
        let isOwn = account.id == viewer.account.id
        mayChange = !isOwn
        isSuspended = account.status == .suspended
        hasSecondFactor = account.hasSecondFactor
        maySignIn = !isOwn && account.role != .admin && account.status == .active
        suspendConfirm = strings("admin.account.suspend_confirm", ["name": account.name])
        signInConfirm = strings("admin.account.sign_in_confirm", ["name": account.name])
        self.sessions = sessions.map { session in
            Session(
                sessionName: UserAgent(session.userAgent).words ?? strings("settings.devices.unknown"),
                sessionFacts: strings(
                    "settings.devices.facts",
                    [
                        "address": session.address, "seen": strings.distance(to: session.lastSeenAt, from: now),
                        "since": strings.day(session.createdAt),
                    ]
                )
            )
        }
        hasSessions = !sessions.isEmpty
        events = lines.map { AuditRow($0, strings) }
        auditURL = "/admin/audit?account=\(account.id)"
        botsURL = "/admin/bots?q=\(account.email.text.percentEncoded)"
    }

    static func status(_ account: Account, _ strings: Strings) -> String {
        let isWaiting = account.status == .active && !account.isEmailVerified
        return strings(isWaiting ? "admin.status.unverified" : "admin.status.\(account.status.rawValue)")
    }

    static func kind(_ account: Account) -> String {
        if account.status == .suspended { return "danger" }
        return account.isEmailVerified ? "good" : "warning"
    }
}
