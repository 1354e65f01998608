internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// `/api/bots/ID/commands` and what came of them, for programs.
struct CommandAPI: Sendable {
    let control: BotControl

    var routes: [Route] {
        [
            .get("/api/bots/{id}/commands", .api(.botsRead)) { _, context in
                let switches = try await control.switches(of: context.botID(), for: context.signedIn().botCaller)
                return try JSONText.response(ShownSwitches(switches))
            },
            .patch("/api/bots/{id}/commands", .api(.botsWrite)) { request, context in
                try await change(request, context)
            },
            .get("/api/bots/{id}/statistics", .api(.botsRead)) { request, context in
                let span = request.uri.queryParameters["span"].flatMap { StatisticsSpan(rawValue: String($0)) } ?? .week
                let shown = try await control.statistics(
                    of: context.botID(),
                    span: span,
                    for: context.signedIn().botCaller
                )
                return try JSONText.response(ShownUse(shown, span))
            },
            .get("/api/bots/{id}/warnings", .api(.botsRead)) { _, context in
                let warned = try await control.warnings(of: context.botID(), for: context.signedIn().botCaller)
                return try JSONText.response(ShownWarned(warned))
            },
            .post("/api/bots/{id}/warnings/reset", .api(.botsWrite)) { request, context in
                try await reset(request, context)
            },
        ]
    }

    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["commands", "categories", "settings"])
        var change = SwitchChange()
        for (name, value) in try fields.members("commands") {
            guard case .bool(let isOn) = value else { throw RequestError.wrongType(name, expected: "true or false") }
            change.commands[name] = isOn
        }
        for (name, value) in try fields.members("categories") {
            guard let category = CommandCategory(rawValue: name) else { throw ConductError(name, .notOffered) }
            guard case .bool(let isOn) = value else { throw RequestError.wrongType(name, expected: "true or false") }
            change.categories[category] = isOn
        }
        for (name, value) in try fields.members("settings") {
            guard case .object(let values) = value else {
                throw RequestError.wrongType(name, expected: "an object of settings")
            }
            var wanted: [String: String?] = [:]
            for (setting, value) in values {
                switch value {
                case .null: wanted[setting] = .some(nil)
                case .string(let text): wanted[setting] = text
                default: throw RequestError.wrongType(setting, expected: "a text or null")
                }
            }
            change.values[name] = wanted
        }
        let switches = try await control.change(change, of: context.botID(), by: context.signedIn().botCaller)
        return try JSONText.response(ShownSwitches(switches))
    }

    private func reset(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["chat", "person"])
        try await control.resetWarnings(
            of: fields.requiredText("person"),
            in: fields.requiredText("chat"),
            bot: context.botID(),
            by: context.signedIn().botCaller
        )
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}

extension JSONFields {
    /// The members of an object in order; none when the field is missing or null.
    func members(_ name: String) throws(RequestError) -> [(key: String, value: JSONValue)] {
        switch try value(name) {
        case nil, .null: return []
        case .object(let members): return members.sorted { $0.key < $1.key }
        default: throw .wrongType(name, expected: "an object")
        }
    }
}

struct ShownSwitches: Encodable {
    let categories: [Category]
    let commands: [Command]

    struct Category: Encodable {
        let name: String
        let on: Bool
    }

    struct Command: Encodable {
        let name: String
        let aliases: [String]
        let category: String
        let summary: String
        let usage: String
        let permissions: [String]
        let coolDownSeconds: Int
        let on: Bool
        let settings: [Setting]
    }

    struct Setting: Encodable {
        let name: String
        let help: String
        /// Null for the standard.
        let value: String?
        let standard: String
    }

    init(_ switches: CommandSwitches) {
        categories = switches.categories.map { Category(name: $0.category.rawValue, on: $0.isOn) }
        commands = switches.categories.flatMap(\.commands).map { entry in
            let command = entry.declaration
            return Command(
                name: command.name,
                aliases: command.aliases,
                category: command.category.rawValue,
                summary: command.summary.text(.english),
                usage: command.usage(),
                permissions: command.permissions.words.map { $0.text(.english) },
                coolDownSeconds: Int(command.coolDown.components.seconds),
                on: entry.isOn,
                settings: command.settings.map {
                    Setting(
                        name: $0.name,
                        help: $0.help.text(.english),
                        value: entry.values[$0.name],
                        standard: $0.standard.text(switches.language)
                    )
                }
            )
        }
    }
}

struct ShownUse: Encodable {
    let span: String
    let runs: Int
    let errors: Int
    let p95Milliseconds: Int?
    let commands: [Command]
    let users: [User]

    struct Command: Encodable {
        let name: String
        let runs: Int
        let errors: Int
        let p95Milliseconds: Int?
    }

    struct User: Encodable {
        let jid: String
        let runs: Int
    }

    init(_ shown: ShownStatistics, _ span: StatisticsSpan) {
        let milliseconds: (Duration?) -> Int? = { $0.map { Int($0 / .milliseconds(1)) } }
        self.span = span.rawValue
        runs = shown.runs
        errors = shown.errors
        p95Milliseconds = milliseconds(shown.p95)
        commands = shown.commands.map {
            Command(name: $0.name, runs: $0.runs, errors: $0.errors, p95Milliseconds: milliseconds($0.p95))
        }
        users = shown.users.map { User(jid: $0.person, runs: $0.runs) }
    }
}

struct ShownWarned: Encodable {
    let warnings: [Member]

    struct Member: Encodable {
        let chat: String
        let person: String
        let count: Int
        let lastReason: String?
        let lastAt: Date
    }

    init(_ warned: [ShownWarnings]) {
        warnings = warned.map {
            Member(chat: $0.chat, person: $0.person, count: $0.count, lastReason: $0.lastReason, lastAt: $0.lastAt)
        }
    }
}
