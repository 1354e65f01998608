internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// `/api/bots/ID/rules`: answers to what people write, for programs.
struct RuleAPI: Sendable {
    let control: BotControl

    private static let fields = ["match", "pattern", "answer", "file", "scope", "priority", "on"]

    var routes: [Route] {
        [
            .get("/api/bots/{id}/rules", .api(.botsRead)) { _, context in
                let rules = try await control.rules(of: context.botID(), for: context.signedIn().botCaller)
                return try JSONText.response(ShownRules(rules: rules.map(ShownRule.init)))
            },
            .post("/api/bots/{id}/rules", .api(.botsWrite), keyedLimit: Route.standardBodyLimit) { request, context in
                try await make(request, context)
            },
            .post("/api/bots/{id}/rules/test", .api(.botsRead)) { request, context in
                try await test(request, context)
            },
            .patch("/api/bots/{id}/rules/{rule}", .api(.botsWrite)) { request, context in
                try await change(request, context)
            },
            .delete("/api/bots/{id}/rules/{rule}", .api(.botsWrite)) { _, context in
                try await control.deleteRule(
                    context.automationID("rule"),
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }

    private func make(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: Self.fields)
        var rule = AutoReplyRule(
            match: try fields.choice("match", AutoReplyRule.Match.self) ?? .contains,
            pattern: try fields.requiredText("pattern"),
            answer: try fields.text("answer") ?? ""
        )
        try fields.read(into: &rule)
        let id = try context.botID()
        try await control.save(rule, of: id, by: context.signedIn().botCaller)
        return try JSONText.response(
            ShownRule(rule),
            status: .created,
            headers: [.location: "/api/bots/\(id)/rules/\(rule.id.text)"]
        )
    }

    /// What is left out stays.
    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: Self.fields)
        let (id, caller) = (try context.botID(), try context.signedIn().botCaller)
        var rule = try await control.rule(context.automationID("rule"), of: id, for: caller)
        try fields.read(into: &rule)
        try await control.save(rule, of: id, by: caller)
        return try JSONText.response(ShownRule(rule))
    }

    private func test(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["text", "group", "draft"])
        var draft: AutoReplyRule?
        if let sent = try fields.value("draft") {
            let fields = try JSONFields(sent, known: Self.fields + ["id"])
            var rule = AutoReplyRule(match: .contains, pattern: "", answer: "")
            if let id = try fields.text("id") {
                guard let id = UUID(uuidString: id) else { throw AutomationError.unknown }
                rule.id = id
            }
            try fields.read(into: &rule)
            draft = rule
        }
        let trial = try await control.test(
            fields.requiredText("text"),
            isGroup: fields.flag("group") ?? false,
            draft: draft,
            of: context.botID(),
            for: context.signedIn().botCaller
        )
        return try JSONText.response(ShownTrial(trial))
    }
}

extension JSONFields {
    /// Takes over what was sent of a rule.
    fileprivate func read(into rule: inout AutoReplyRule) throws {
        if let match = try choice("match", AutoReplyRule.Match.self) { rule.match = match }
        if let pattern = try text("pattern") { rule.pattern = pattern }
        if let answer = try text("answer") { rule.answer = answer }
        if let scope = try choice("scope", AutoReplyRule.Scope.self) { rule.scope = scope }
        if let priority = try wholeNumber("priority") { rule.priority = priority }
        if let isOn = try flag("on") { rule.isOn = isOn }
        if sent("file") != nil { rule.file = try identifier("file") }
    }

    /// One of the values of an enumeration; nil when the field is missing or null.
    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _: Value.Type) throws(RequestError) -> Value?
    where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidField(name, message: "Send one of \(known).")
        }
        return value
    }

    /// A whole number of either sign; nil when the field is missing or null.
    func wholeNumber(_ name: String) throws(RequestError) -> Int? {
        switch sent(name) {
        case nil, .null: return nil
        case .number(let number):
            if let whole = Int(exactly: number) { return whole }
        default: break
        }
        throw .wrongType(name, expected: "a whole number")
    }

    /// An identifier; nil when the field is missing or null.
    func identifier(_ name: String) throws(RequestError) -> UUID? {
        guard let text = try text(name) else { return nil }
        guard let id = UUID(uuidString: text) else { throw .wrongType(name, expected: "an identifier") }
        return id
    }
}

extension WebContext {
    /// The identifier of a rule, a file or a message in the path.
    func automationID(_ name: String) throws(AutomationError) -> UUID {
        guard let id = parameters.get(name).flatMap({ UUID(uuidString: $0) }) else { throw .unknown }
        return id
    }
}

extension UUID {
    /// In small letters, as identifiers are written everywhere here.
    var text: String { uuidString.lowercased() }
}

struct ShownRules: Encodable {
    let rules: [ShownRule]
}

struct ShownRule: Encodable {
    let id: String
    let match: String
    let pattern: String
    let answer: String
    let file: String?
    let scope: String
    /// The one chat in which it answers.
    let chat: String?
    let priority: Int
    let on: Bool

    init(_ rule: AutoReplyRule) {
        id = rule.id.text
        match = rule.match.rawValue
        pattern = rule.pattern
        answer = rule.answer
        file = rule.file?.text
        scope = rule.scope.rawValue
        chat = rule.chat
        priority = rule.priority
        on = rule.isOn
    }
}

struct ShownTrial: Encodable {
    let command: String?
    let heard: Bool
    let rule: String?
    let answer: String?
    let rules: [String: String]

    init(_ trial: RuleTrial) {
        command = trial.command
        heard = trial.isHeard
        rule = trial.rule?.id.text
        answer = trial.answer
        rules = Dictionary(uniqueKeysWithValues: trial.verdicts.map { ($0.key.text, $0.value.rawValue) })
    }
}
