internal import Accounts
internal import Bots
internal import Hummingbird

/// `/admin/settings`: what changes while the server runs.
struct AdminSettingsPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let hosting: Hosting?

    var routes: [Route] {
        [
            .get("/admin/settings", .may(.changeSettings)) { request, context in try await show(request, context) },
            .post("/admin/settings", .may(.changeSettings)) { request, context in try await save(request, context) },
        ]
    }

    private func show(
        _ request: Request,
        _ context: WebContext,
        form: FormFields? = nil,
        wrong: Set<PanelSettings.Key> = []
    ) async throws -> Response {
        let page = AdminSettingsPage(
            try context.signedIn(),
            try await accounts.panelSettings(),
            standard: accounts.standardSettings,
            fixed: accounts.fixedSettings,
            plan: try await hosting?.plans.all().first(where: \.isStandard)?.name,
            form: form,
            wrong: wrong,
            strings: panel.strings(request)
        )
        return try await panel.response(
            page,
            of: .adminSettings,
            to: request,
            context,
            status: wrong.isEmpty ? .ok : .unprocessableContent
        )
    }

    /// All that is wrong is said at once, and nothing is changed then.
    private func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        var values: [PanelSettings.Key: String?] = [:]
        var wrong: Set<PanelSettings.Key> = []
        var trial = accounts.standardSettings
        for key in PanelSettings.Key.allCases where !accounts.fixedSettings.contains(key) {
            let text = key.kind == .flag ? "\(form.isOn(key.name))" : form[key.name]
            // An empty field is the standard.
            values[key] = .some(text)
            guard let text else { continue }
            do throws(AccountsError) { try trial.set(key, to: text) } catch { wrong.insert(key) }
        }
        guard wrong.isEmpty else { return try await show(request, context, form: form, wrong: wrong) }
        try await accounts.change(values, by: context.signedIn())
        return Redirect.to("/admin/settings", cookies: [Flash.cookie("saved")])
    }
}

/// What `/admin/settings` shows.
struct AdminSettingsPage: PanelPage {
    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let groups: [LineGroup]
    let problem: String?
    /// What accounts without a plan of their own have, which is changed elsewhere.
    let planText: String?

    private static let order: [(name: String, keys: [PanelSettings.Key])] = [
        ("accounts", [.registration, .verification, .loginsPerMinute]),
        ("api", [.callsPerMinute, .writesPerMinute]),
        ("bots", [.approvalMonths, .botPrefix, .noticeDays, .botCheckSeconds]),
        ("pages", [.supportContact]),
    ]

    init(
        _ viewer: Viewer,
        _ settings: PanelSettings,
        standard: PanelSettings,
        fixed: Set<PanelSettings.Key>,
        plan: String?,
        form: FormFields?,
        wrong: Set<PanelSettings.Key>,
        strings: Strings
    ) {
        title = "\(strings("admin.nav.settings")) · Wharf"
        subNavigation = AdminPlace.settings.navigation(viewer, strings)
        problem = wrong.isEmpty ? nil : strings("admin.settings.problem")
        planText = plan.map { strings("admin.settings.plan", ["plan": $0]) }
        groups = Self.order.map { group in
            LineGroup(
                groupTitle: strings("admin.settings.group.\(group.name)"),
                groupLines: group.keys.map { key in
                    Self.line(
                        key,
                        settings,
                        standard: standard,
                        isFixed: fixed.contains(key),
                        form: form,
                        isWrong: wrong.contains(key),
                        strings
                    )
                }
            )
        }
    }

    private static func line(
        _ key: PanelSettings.Key,
        _ settings: PanelSettings,
        standard: PanelSettings,
        isFixed: Bool,
        form: FormFields?,
        isWrong: Bool,
        _ strings: Strings
    ) -> FormLine {
        let typed = isFixed ? settings[key] : form.map { $0[key.name].map { String($0.prefix(200)) } ?? "" }
        let value = typed ?? settings[key]
        var hint = strings("admin.settings.hint.\(key.name)")
        if isFixed {
            hint += " " + strings("admin.settings.fixed", ["variable": key.variable ?? ""])
        } else if case .choice = key.kind {
            // The list has every value there is.
        } else if key.kind != .flag, !standard[key].isEmpty {
            hint += " " + strings("admin.settings.standard", ["value": standard[key]])
        }
        var line = FormLine(
            key.name,
            kind(of: key, value, form: isFixed ? nil : form, strings),
            label: strings("admin.settings.label.\(key.name)"),
            value: value,
            placeholder: standard[key],
            hint: hint,
            error: isWrong ? wrong(key, strings) : nil,
            isRequired: false
        )
        line.lineIsFixed = isFixed
        return line
    }

    private static func kind(
        of key: PanelSettings.Key,
        _ value: String,
        form: FormFields?,
        _ strings: Strings
    ) -> FormLine.Kind {
        switch key.kind {
        case .flag: .check(isOn: form.map { $0.isOn(key.name) } ?? (value == "true"))
        case .number(let range): .number(range)
        case .numbers: .text(type: "text", limit: 100)
        case .choice(let choices):
            .choice(
                choices.map { Choice("\($0)", strings.counted("bots.months", $0), isSelected: "\($0)" == value) }
            )
        case .word(let limit), .text(let limit): .text(type: "text", limit: limit)
        }
    }

    private static func wrong(_ key: PanelSettings.Key, _ strings: Strings) -> String {
        switch key.kind {
        case .number(let range):
            strings(
                "admin.settings.wrong.number",
                ["low": strings.number(range.lowerBound), "high": strings.number(range.upperBound)]
            )
        case .numbers(let range, let limit):
            strings(
                "admin.settings.wrong.numbers",
                ["limit": "\(limit)", "low": "\(range.lowerBound)", "high": "\(range.upperBound)"]
            )
        case .word(let limit): strings("admin.settings.wrong.word", ["limit": "\(limit)"])
        case .text(let limit): strings("admin.settings.wrong.text", ["limit": "\(limit)"])
        case .flag, .choice: strings("admin.settings.wrong.choice")
        }
    }
}
