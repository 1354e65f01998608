internal import Accounts
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/api/admin/accounts` and `/api/admin/audit`.
struct AdminAPI: Sendable {
    let accounts: AccountsService

    private static let pageSize = 100

    var routes: [Route] {
        [
            .get("/api/admin/accounts", .api(.admin)) { request, context in try await list(request, context) },
            .get("/api/admin/accounts/{id}", .api(.admin)) { _, context in
                try JSONText.response(ShownAccount(try await accounts.account(Self.id(context))))
            },
            .patch("/api/admin/accounts/{id}", .api(.admin)) { request, context in try await change(request, context) },
            .post("/api/admin/accounts/{id}/reset-two-factor", .api(.admin)) { _, context in
                try await accounts.resetSecondFactor(of: Self.id(context), by: context.signedIn())
                return Self.done
            },
            .get("/api/admin/audit", .api(.admin)) { request, _ in try await audit(request) },
            .get("/api/admin/announcements", .api(.admin)) { _, _ in
                let all = try await accounts.allAnnouncements()
                return try JSONText.response(ListedAnnouncements(announcements: all.map { ShownAnnouncement($0) }))
            },
            .post("/api/admin/announcements", .api(.admin), keyedLimit: Route.standardBodyLimit) { request, context in
                try await announce(request, context)
            },
            .delete("/api/admin/announcements/{id}", .api(.admin)) { _, context in
                guard let id = AnnouncementID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownAnnouncement
                }
                try await accounts.removeAnnouncement(id, by: context.signedIn())
                return Self.done
            },
            .get("/api/admin/settings", .api(.admin)) { _, _ in try await settings() },
            .patch("/api/admin/settings", .api(.admin)) { request, context in
                let keys = PanelSettings.Key.allCases
                let fields = try await request.jsonFields(known: keys.map(\.name))
                var values: [PanelSettings.Key: String?] = [:]
                for key in keys {
                    if let value = fields.sent(key.name) { values[key] = try Self.text(value, of: key) }
                }
                try await accounts.change(values, by: context.signedIn())
                return try await settings()
            },
        ]
    }

    private func settings() async throws -> Response {
        try JSONText.response(ShownSettings(try await accounts.panelSettings(), fixed: accounts.fixedSettings))
    }

    /// The value as settings take it; nil for null, which is the standard.
    private static func text(_ value: JSONValue, of key: PanelSettings.Key) throws(RequestError) -> String? {
        switch (key.kind, value) {
        case (_, .null): return nil
        case (.flag, .bool(let isOn)): return "\(isOn)"
        case (.flag, _): throw .wrongType(key.name, expected: "true or false")
        case (.number, .number(let number)), (.choice, .number(let number)):
            if let count = UInt64(exactly: number) { return "\(count)" }
            throw .wrongType(key.name, expected: "a whole number")
        case (.number, _), (.choice, _): throw .wrongType(key.name, expected: "a whole number")
        case (.numbers, .array(let elements)):
            var numbers: [String] = []
            for element in elements {
                guard case .number(let number) = element, let count = UInt64(exactly: number) else {
                    throw .wrongType(key.name, expected: "a list of whole numbers")
                }
                numbers.append("\(count)")
            }
            return numbers.joined(separator: ",")
        case (.numbers, _): throw .wrongType(key.name, expected: "a list of whole numbers")
        case (.word, .string(let text)), (.text, .string(let text)): return text
        case (.word, _), (.text, _): throw .wrongType(key.name, expected: "a text")
        }
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let query = TableQuery(request, filters: ["role", "status"])
        var search = AccountSearch()
        search.text = query.filters["q"]
        search.role = query.filters["role"].flatMap(Role.init(rawValue:))
        search.status = query.filters["status"].flatMap(Account.Status.init(rawValue:))
        search.offset = min(max(0, query.after.flatMap { Int($0) } ?? 0), 1_000_000)
        let found = try await accounts.search(search, limit: Self.pageSize + 1, by: context.signedIn())
        let next = found.count > Self.pageSize ? "\(search.offset + Self.pageSize)" : nil
        return try JSONText.response(
            ListedAccounts(accounts: found.prefix(Self.pageSize).map { ShownAccount($0) }, next: next)
        )
    }

    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try Self.id(context)
        let viewer = try context.signedIn()
        let fields = try await request.jsonFields(known: ["role", "status"])
        if let text = try fields.text("role") {
            guard let role = Role(rawValue: text) else { throw AccountsError.invalidSetting("role") }
            try await accounts.setRole(role, of: id, by: viewer)
        }
        if let text = try fields.text("status") {
            guard let status = Account.Status(rawValue: text) else { throw AccountsError.invalidSetting("status") }
            try await accounts.setStatus(status, of: id, by: viewer)
        }
        return try JSONText.response(ShownAccount(try await accounts.account(id)))
    }

    private static var done: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

    private func announce(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["message", "kind", "endsAt"])
        let kind = try fields.text("kind").map(Announcement.Kind.init(rawValue:)) ?? .info
        guard let kind else { throw AccountsError.invalidSetting("kind") }
        let end = try fields.text("endsAt").map { try? Date($0, strategy: .iso8601) }
        if let end, end == nil { throw AccountsError.invalidAnnouncement }
        try await accounts.announce(
            fields.requiredText("message"),
            kind: kind,
            until: end ?? nil,
            by: context.signedIn()
        )
        return Response(status: .created, headers: [.cacheControl: "no-store"])
    }

    private func audit(_ request: Request) async throws -> Response {
        let query = TableQuery(request, filters: AuditFilter.names)
        var filter = AuditFilter(query)
        filter.before = query.after.flatMap { Int64($0) }
        let lines = try await accounts.audit.lines(filter, limit: Self.pageSize + 1)
        let shown = lines.prefix(Self.pageSize)
        return try JSONText.response(
            ListedAuditLines(
                lines: shown.map { ShownAuditLine($0) },
                next: lines.count > Self.pageSize ? shown.last.map { "\($0.id)" } : nil
            )
        )
    }

    private static func id(_ context: WebContext) throws(AccountsError) -> AccountID {
        guard let id = AccountID(context.parameters.get("id") ?? "") else { throw .unknownAccount }
        return id
    }
}
