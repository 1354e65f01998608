internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// What `/bots/ID/rules` shows.
struct RulePage: CommandPage {
    struct Entry: Sendable {
        let ruleID: String
        let ruleURL: String
        let ruleMatch: String
        let rulePattern: String
        let ruleAnswer: String?
        let ruleFile: String?
        let ruleScope: String?
        let rulePriority: String?
        let ruleIsOn: Bool
        /// What the tester says of it.
        let ruleVerdict: String?
        let ruleVerdictKind: String?
    }

    struct Trial: Sendable {
        let trialText: String
        let trialKind: String
        let trialAnswer: String?
        let trialNote: String?
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let rules: [Entry]
    let hasRules: Bool
    let trialLines: [FormLine]
    let trial: Trial?
    let editorTitle: String
    let editorID: String?
    let editorIsOpen: Bool
    let lines: [FormLine]
    let priority: FormLine
    let file: FileChoice
    let places: [PlaceHelp]
}

/// `/bots/ID/rules`: answers to what people write, with a tester.
struct RulePages: Sendable {
    let desk: CommandDesk

    private var control: BotControl { desk.control }

    var routes: [Route] {
        [
            .get("/bots/{id}/rules", .signedIn) { request, context in
                let rule = request.uri.queryParameters["rule"].flatMap { UUID(uuidString: String($0)) }
                return try await show(request, context, editing: rule)
            },
            desk.form("rules") { id, caller, form in
                try await save(id, caller, form)
            } again: { request, context, error in
                try await show(request, context, editing: context.form.rule, isBack: true, error)
            },
            desk.upload("rules") { request, context, error in
                try await show(request, context, editing: context.form.rule, isBack: true, error)
            },
            desk.form("rules/switch") { id, caller, form in
                var rule = try await control.rule(form.requiredRule(), of: id, for: caller)
                rule.isOn.toggle()
                try await control.save(rule, of: id, by: caller)
                return "rules"
            } again: { request, context, error in
                try await show(request, context, error)
            },
            desk.form("rules/delete") { id, caller, form in
                try await control.deleteRule(form.requiredRule(), of: id, by: caller)
                return "rules"
            } again: { request, context, error in
                try await show(request, context, error)
            },
            // By POST, so that what is tried stands in no address.
            .post("/bots/{id}/rules/test", .signedIn) { request, context in
                try await show(request, context, isTrying: true)
            },
        ]
    }

    private func save(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws -> String {
        var rule: AutoReplyRule
        if let known = form.rule {
            rule = try await control.rule(known, of: id, for: caller)
        } else {
            rule = AutoReplyRule(match: .contains, pattern: "", answer: "")
        }
        rule.match = try form.choice("match") ?? .contains
        rule.pattern = form["pattern"] ?? ""
        rule.answer = form.lines("answer") ?? ""
        rule.scope = try form.choice("scope") ?? .all
        rule.priority = try form.number("priority", in: AutoReplyRule.priorities) ?? 0
        rule.file = try form.file()
        rule.isOn = form.isOn("isOn")
        try await control.save(rule, of: id, by: caller)
        return "rules"
    }

    private func show(
        _ request: Request,
        _ context: WebContext,
        editing: UUID? = nil,
        isBack: Bool = false,
        isTrying: Bool = false,
        _ error: (any UserFacingError)? = nil
    ) async throws -> Response {
        let visit = try await desk.visit(.rules, request, context, error: error)
        let rules = try await control.rules(of: visit.id, for: visit.caller)
        let files = try await control.files(of: visit.id, for: visit.caller)
        let edited = rules.first { $0.id == editing }
        if editing != nil, edited == nil, error == nil { throw RequestError.notFound }
        var tried: RuleTrial?
        let form = context.form
        if isTrying, let text = form["text"] {
            let isGroup = form["where"] == "group"
            tried = try await control.test(text, isGroup: isGroup, of: visit.id, for: visit.caller)
        }
        let strings = visit.strings
        let lines = FormLines(strings: strings, group: "commands.rule", form: isBack ? form : nil, error: error)
        let trials = FormLines(strings: strings, group: "commands.trial", form: isTrying ? form : nil, error: nil)
        let page = RulePage(
            title: visit.title(.rules),
            frame: visit.frame,
            rules: rules.map { Self.entry($0, files, tried, visit) },
            hasRules: !rules.isEmpty,
            trialLines: [
                trials.text(
                    "text",
                    nil,
                    placeholder: strings("commands.trial.example"),
                    limit: 1_000,
                    isRequired: true
                ),
                trials.choice(
                    "where",
                    "private",
                    [("private", strings("commands.scope.private")), ("group", strings("commands.scope.groups"))]
                ),
            ],
            trial: tried.map { Self.trial($0, rules, strings) },
            editorTitle: strings(edited == nil ? "commands.rule.new" : "commands.rule.change"),
            editorID: (edited?.id ?? (isBack ? form.rule : nil))?.text,
            editorIsOpen: edited != nil || isBack || rules.isEmpty,
            lines: Self.lines(edited, lines, strings),
            priority: lines.number("priority", edited?.priority, in: AutoReplyRule.priorities, placeholder: "0"),
            file: FileChoice(files, edited?.file?.text, lines, base: visit.base, part: .rules),
            places: PlaceHelp.templates(strings)
        )
        return try await desk.response(page, of: .botRules, visit, request, context)
    }

    private static func lines(_ rule: AutoReplyRule?, _ lines: FormLines, _ strings: Strings) -> [FormLine] {
        [
            lines.choice(
                "match",
                (rule?.match ?? .contains).rawValue,
                AutoReplyRule.Match.allCases.map { ($0.rawValue, strings("commands.match.\($0.rawValue)")) }
            ),
            lines.text("pattern", rule?.pattern, limit: AutoReplyRule.patternLimit, isRequired: true),
            lines.area("answer", rule?.answer, rows: 4, limit: TextTemplate.templateLimit),
            lines.choice(
                "scope",
                (rule?.scope ?? .all).rawValue,
                AutoReplyRule.Scope.allCases.map { ($0.rawValue, strings("commands.scope.\($0.rawValue)")) }
            ),
            lines.check("isOn", rule?.isOn ?? true),
        ]
    }

    private static func entry(
        _ rule: AutoReplyRule,
        _ files: [ListedFile],
        _ tried: RuleTrial?,
        _ visit: CommandDesk.Visit
    ) -> RulePage.Entry {
        let strings = visit.strings
        let verdict = tried?.command == nil ? tried?.verdicts[rule.id] : nil
        return RulePage.Entry(
            ruleID: rule.id.text,
            ruleURL: "\(visit.base)/rules?rule=\(rule.id.text)#editor",
            ruleMatch: strings("commands.match.\(rule.match.rawValue)"),
            rulePattern: rule.pattern,
            ruleAnswer: rule.answer.isEmpty ? nil : rule.answer,
            ruleFile: rule.file.flatMap { id in files.first { $0.id == id }?.name },
            ruleScope: rule.chat.map(PersonName.text)
                ?? (rule.scope == .all ? nil : strings("commands.scope.\(rule.scope.rawValue)")),
            rulePriority: rule.priority == 0 ? nil : strings("commands.rule.at", ["priority": "\(rule.priority)"]),
            ruleIsOn: rule.isOn,
            ruleVerdict: verdict.map { strings("commands.verdict.\($0.rawValue)") },
            ruleVerdictKind: verdict.map { $0 == .answers ? "good" : $0 == .outranked ? "warning" : "quiet" }
        )
    }

    private static func trial(_ trial: RuleTrial, _ rules: [AutoReplyRule], _ strings: Strings) -> RulePage.Trial {
        if let command = trial.command {
            return RulePage.Trial(
                trialText: strings("commands.trial.command", ["command": command]),
                trialKind: "warning",
                trialAnswer: nil,
                trialNote: nil
            )
        }
        guard let rule = trial.rule else {
            return RulePage.Trial(
                trialText: strings("commands.trial.nothing"),
                trialKind: "quiet",
                trialAnswer: nil,
                trialNote: nil
            )
        }
        return RulePage.Trial(
            trialText: strings("commands.trial.fires", ["pattern": rule.pattern]),
            trialKind: "good",
            trialAnswer: trial.answer.flatMap { $0.isEmpty ? nil : $0 },
            trialNote: trial.isHeard ? nil : strings("commands.trial.unheard")
        )
    }
}

extension PlaceHelp {
    /// Those that answers may use.
    static func templates(_ strings: Strings, withResponse: Bool = false) -> [PlaceHelp] {
        TextTemplate.places.filter { withResponse || $0.name != "response" }.map {
            let key = $0.name.prefix { $0 != ":" }
            return PlaceHelp($0.name, strings("commands.place.\(key == "1" ? "first" : key)"))
        }
    }
}

extension FormFields {
    fileprivate var rule: UUID? { self["rule"].flatMap { UUID(uuidString: $0) } }

    fileprivate func requiredRule() throws(AutomationError) -> UUID {
        guard let rule else { throw .unknown }
        return rule
    }

    /// The file that is chosen; nil for none.
    func file() throws(AutomationError) -> UUID? {
        guard let text = self["file"] else { return nil }
        guard let id = UUID(uuidString: text) else { throw .invalid(.file) }
        return id
    }
}
