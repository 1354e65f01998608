internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/api/admin/…` about plans, maintenance, deployments, logs and the machine.
struct PlanAPI: Sendable {
    let hosting: Hosting
    let people: AccountsService
    let watch: SystemWatch

    private static let fields = [
        "id", "name", "isStandard", "approves", "months", "bots", "sessions", "messagesPerDay", "storageBytes",
        "logDays", "processorPercent", "memoryBytes", "version",
    ]

    var routes: [Route] {
        [
            .get("/api/admin/plans", .api(.admin)) { _, _ in
                try JSONText.response(ListedPlans(plans: try await hosting.plans.all().map(ShownPlan.init)))
            },
            .post("/api/admin/plans", .api(.admin), keyedLimit: Route.standardBodyLimit) { request, context in
                let fields = try await request.jsonFields(known: Self.fields)
                let plan = try Self.plan(fields, over: Plan(id: fields.requiredText("id"), name: ""))
                try await hosting.save(plan, isNew: true, by: context.caller())
                return try await answer(plan.id, status: .created)
            },
            .put("/api/admin/plans/{id}", .api(.admin)) { request, context in
                let fields = try await request.jsonFields(known: Self.fields.filter { $0 != "id" })
                guard let old = try await hosting.plans.find(context.parameters.get("id") ?? "") else {
                    throw HostingError.unknownPlan
                }
                var plan = try Self.plan(fields, over: Plan(id: old.id, name: old.name))
                plan.version = try fields.version() ?? old.version
                try await hosting.save(plan, isNew: false, by: context.caller())
                return try await answer(plan.id)
            },
            .delete("/api/admin/plans/{id}", .api(.admin)) { _, context in
                try await hosting.deletePlan(context.parameters.get("id") ?? "", by: context.caller())
                return Self.done
            },
            .post("/api/admin/subscriptions", .api(.admin)) { request, context in
                let fields = try await request.jsonFields(known: ["email", "plan", "months"])
                guard let account = try await people.account(withEmail: fields.requiredText("email")) else {
                    throw RequestError.invalidField("email", message: "No account has this address.")
                }
                let hasEnd = try fields.count("months") != nil
                let until = hasEnd ? try fields.duration().end(after: hosting.time.date()) : nil
                try await hosting.give(
                    fields.requiredText("plan"),
                    to: account.id,
                    until: until,
                    by: context.caller()
                )
                return Self.done
            },
            .get("/api/admin/maintenance", .api(.admin)) { _, _ in
                try JSONText.response(ShownMaintenance(text: try await hosting.maintenance()))
            },
            .put("/api/admin/maintenance", .api(.admin)) { request, context in
                let fields = try await request.jsonFields(known: ["on", "text"])
                guard let isOn = try fields.flag("on") else { throw RequestError.missingField("on") }
                try await hosting.setMaintenance(isOn ? fields.text("text") ?? "" : nil, by: context.caller())
                return try JSONText.response(ShownMaintenance(text: try await hosting.maintenance()))
            },
            .get("/api/admin/deployments", .api(.admin)) { request, context in
                let days = request.uri.queryParameters["days"].flatMap { Int($0) } ?? 30
                let start = hosting.time.date().addingTimeInterval(-86_400 * Double(min(max(days, 1), 400)))
                let counts = try await hosting.deployments(since: start, by: context.caller())
                return try JSONText.response(ListedDeployments(counts))
            },
            .get("/api/admin/logs", .api(.admin)) { request, context in
                let parameters = request.uri.queryParameters
                var query = LogQuery()
                query.level = parameters["level"].flatMap { BotLogLine.Level(rawValue: String($0)) } ?? .debug
                query.text = parameters["search"].map { String($0.prefix(100)) }
                query.before = parameters["before"].flatMap { Int64($0) }
                query.limit = parameters["limit"].flatMap { Int($0) } ?? 100
                return try JSONText.response(FoundLines(try await hosting.searchLogs(query, by: context.caller())))
            },
            .get("/api/admin/system", .api(.admin)) { _, _ in try JSONText.response(await watch.current()) },
        ]
    }

    private static var done: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

    private func answer(_ id: String, status: HTTPResponse.Status = .ok) async throws -> Response {
        guard let plan = try await hosting.plans.find(id) else { throw HostingError.unknownPlan }
        return try JSONText.response(ShownPlan(plan), status: status)
    }

    /// A limit that is left out does not hold.
    private static func plan(_ fields: JSONFields, over base: Plan) throws -> Plan {
        let number: (String) throws -> Int? = { name in
            guard let value = try fields.count(name) else { return nil }
            guard let number = Int(exactly: value) else { throw HostingError.invalidPlan(field: name) }
            return number
        }
        return Plan(
            id: base.id,
            name: try fields.text("name") ?? base.name,
            isStandard: try fields.flag("isStandard") ?? false,
            approves: try fields.flag("approves") ?? false,
            approvalDuration: try fields.count("months") == nil ? .oneMonth : fields.duration(),
            bots: try number("bots"),
            sessions: try number("sessions"),
            messagesPerDay: try number("messagesPerDay"),
            storage: try number("storageBytes"),
            logDays: try number("logDays") ?? 7,
            processorPercent: try number("processorPercent"),
            memory: try number("memoryBytes"),
            version: try fields.version() ?? 1
        )
    }
}

struct ShownPlan: Encodable {
    let id: String
    let name: String
    let isStandard: Bool
    let approves: Bool
    let months: Int
    let bots: Int?
    let sessions: Int?
    let messagesPerDay: Int?
    let storageBytes: Int?
    let logDays: Int
    let processorPercent: Int?
    let memoryBytes: Int?
    let version: Int

    init(_ plan: Plan) {
        id = plan.id
        name = plan.name
        isStandard = plan.isStandard
        approves = plan.approves
        months = plan.approvalDuration.rawValue
        bots = plan.bots
        sessions = plan.sessions
        messagesPerDay = plan.messagesPerDay
        storageBytes = plan.storage
        logDays = plan.logDays
        processorPercent = plan.processorPercent
        memoryBytes = plan.memory
        version = plan.version
    }
}

struct ShownPlanUse: Encodable {
    let plan: ShownPlan
    let until: Date?
    let bots: Int
    let sessions: Int
    let storageBytes: Int
    let messagesToday: Int

    init(_ use: PlanUse) {
        plan = ShownPlan(use.plan)
        until = use.until
        bots = use.bots
        sessions = use.sessions
        storageBytes = use.storage
        messagesToday = use.messagesToday
    }
}

private struct ListedPlans: Encodable {
    let plans: [ShownPlan]
}

private struct ShownMaintenance: Encodable {
    let on: Bool
    let text: String?

    init(text: String?) {
        on = text != nil
        self.text = text
    }
}

private struct ListedDeployments: Encodable {
    struct Count: Encodable {
        let day: String
        let plan: String
        let kind: String
        let count: Int
    }

    let deployments: [Count]

    init(_ counts: [DeploymentCount]) {
        deployments = counts.map { Count(day: $0.day, plan: $0.plan, kind: $0.kind, count: $0.count) }
    }
}

private struct FoundLines: Encodable {
    struct Found: Encodable {
        let bot: String
        let name: String
        let line: ShownLines.Line
    }

    let lines: [Found]

    init(_ found: [FoundLine]) {
        lines = found.map { Found(bot: $0.bot.description, name: $0.botName, line: ShownLines.Line($0.line)) }
    }
}
