internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import Hummingbird

/// What `/admin/plans` shows.
struct PlansPage: PanelPage {
    struct Form: Sendable {
        let planID: String?
        let planName: String?
        let planVersion: Int
        let planIsNew: Bool
        let planIsStandard: Bool
        let planApproves: Bool
        let planMonths: [Choice]
        let planLimits: [Limit]
    }

    struct Limit: Sendable {
        let limitName: String
        let limitLabel: String
        let limitHint: String?
        let limitValue: String?
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    var plans: [Form]
    var fresh: Form
    var choices: [Choice]
    var email: String?
    var problem: String?
}

/// `/admin/plans`: what plans there are, and who has which.
struct PlanPages: Sendable {
    let panel: PanelPages
    let hosting: Hosting
    let people: AccountsService

    private static let megabyte = 1_048_576

    var routes: [Route] {
        [
            .get("/admin/plans", .may(.changeSettings)) { request, context in try await show(request, context) },
            .post("/admin/plans", .may(.changeSettings)) { request, context in
                try await change(request, context) {
                    let caller = try context.signedIn().botCaller
                    try await hosting.save(try Self.plan(context.form), isNew: true, by: caller)
                }
            },
            .post("/admin/plans/{id}", .may(.changeSettings)) { request, context in
                try await change(request, context) {
                    var plan = try Self.plan(context.form)
                    plan.id = context.parameters.get("id") ?? ""
                    try await hosting.save(plan, isNew: false, by: context.signedIn().botCaller)
                }
            },
            .post("/admin/plans/{id}/delete", .may(.changeSettings)) { request, context in
                try await change(request, context) {
                    let id = context.parameters.get("id") ?? ""
                    try await hosting.deletePlan(id, by: context.signedIn().botCaller)
                }
            },
            .post("/admin/subscriptions", .may(.changeSettings)) { request, context in
                try await change(request, context) {
                    try await subscribe(context.form, by: context.signedIn().botCaller)
                }
            },
        ]
    }

    private func change(_ request: Request, _ context: WebContext, _ work: () async throws -> Void) async throws
        -> Response
    {
        do {
            try await work()
        } catch {
            guard let known = userFacing(error) else { throw error }
            return try await show(request, context, error: known)
        }
        return Redirect.to("/admin/plans", cookies: [Flash.cookie("saved")])
    }

    private func show(_ request: Request, _ context: WebContext, error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let strings = panel.strings(request)
        let plans = try await hosting.plans.all()
        let sent = error == nil ? nil : context.form
        // Of the forms on the page the one that was sent keeps what was typed into it.
        let sentID = context.parameters.get("id")
        let isSubscription = request.uri.path == "/admin/subscriptions"
        let page = PlansPage(
            title: "\(strings("admin_bots.plans.title")) · Wharf",
            subNavigation: AdminPlace.plans.navigation(try context.signedIn(), strings),
            plans: plans.map { form($0, strings, typed: $0.id == sentID ? sent : nil) },
            fresh: form(nil, strings, typed: sentID == nil && !isSubscription ? sent : nil),
            choices: plans.map { Choice($0.id, $0.name, isSelected: false) }
                .chosen(isSubscription ? sent?["plan"] : nil),
            email: isSubscription ? sent?["email"] : nil,
            problem: error.map { strings.message(of: $0) }
        )
        return try await panel.response(
            page,
            of: .adminPlans,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func form(_ plan: Plan?, _ strings: Strings, typed: FormFields?) -> PlansPage.Form {
        let words = BotWords(strings: strings, now: hosting.time.date())
        let limit: (String, Int?) -> PlansPage.Limit = { name, value in
            PlansPage.Limit(
                limitName: name,
                limitLabel: strings("admin_bots.plans.\(name)"),
                limitHint: strings.find("admin_bots.plans.\(name)_hint"),
                limitValue: typed.map { $0[name] } ?? value.map { "\($0)" }
            )
        }
        return PlansPage.Form(
            planID: plan?.id ?? typed?["id"],
            planName: typed.map { $0["name"] } ?? plan?.name,
            planVersion: typed?.version ?? plan?.version ?? 1,
            planIsNew: plan == nil,
            planIsStandard: plan?.isStandard ?? false,
            planApproves: typed?.isOn("approves") ?? plan?.approves ?? false,
            planMonths: BotPages.months(plan?.approvalDuration ?? .oneMonth, words).chosen(typed?["months"]),
            planLimits: [
                limit("bots", plan?.bots), limit("sessions", plan?.sessions),
                limit("messages", plan?.messagesPerDay),
                limit("storage", plan?.storage.map { $0 / Self.megabyte }),
                limit("memory", plan?.memory.map { $0 / Self.megabyte }),
                limit("processor", plan?.processorPercent), limit("log_days", plan?.logDays ?? 7),
            ]
        )
    }

    private static func plan(_ form: FormFields) throws -> Plan {
        let number: (String) throws(HostingError) -> Int? = { name throws(HostingError) in
            guard let text = form[name] else { return nil }
            guard let value = Int(text), (0...1_000_000_000).contains(value) else { throw .invalidPlan(field: name) }
            return value
        }
        return Plan(
            id: form["id"] ?? "",
            name: form["name"] ?? "",
            isStandard: form.isOn("standard"),
            approves: form.isOn("approves"),
            approvalDuration: try form.duration(),
            bots: try number("bots"),
            sessions: try number("sessions"),
            messagesPerDay: try number("messages"),
            storage: try number("storage").map { $0 * megabyte },
            logDays: try number("log_days") ?? 7,
            processorPercent: try number("processor"),
            memory: try number("memory").map { $0 * megabyte },
            version: form.version ?? 1
        )
    }

    private func subscribe(_ form: FormFields, by caller: BotCaller) async throws {
        guard let text = form["email"], let account = try await people.account(withEmail: text) else {
            throw RequestError.invalidField("email", message: "No account has this address.")
        }
        let now = hosting.time.date()
        let until = try form["months"].map { _ in try form.duration().end(after: now) }
        try await hosting.give(form["plan"] ?? "", to: account.id, until: until, by: caller)
    }
}
