internal import Accounts
internal import Bots
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/api/bots`: bots for programs.
struct BotAPI: Sendable {
    let hosting: Hosting
    let people: AccountsService
    let desk: SessionIDDesk

    /// A session ID may be long.
    private static let creationLimit = 4 << 20

    var routes: [Route] {
        [
            .get("/api/bots", .api(.botsRead)) { request, context in try await list(request, context) },
            .post("/api/bots", .api(.botsWrite), keyedLimit: Self.creationLimit) { request, context in
                try await create(request, context)
            },
            .get("/api/bots/{id}", .api(.botsRead)) { _, context in try await show(context) },
            .patch("/api/bots/{id}", .api(.botsWrite)) { request, context in try await configure(request, context) },
            .delete("/api/bots/{id}", .api(.botsWrite)) { _, context in
                try await hosting.delete(context.botID(), confirmation: nil, by: context.signedIn().botCaller)
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
            act("start") { id, caller in try await hosting.start(id, by: caller) },
            act("stop") { id, caller in try await hosting.stop(id, by: caller) },
            act("restart") { id, caller in try await hosting.restart(id, by: caller) },
            act("redeploy") { id, caller in try await hosting.redeploy(id, by: caller) },
            .post("/api/bots/{id}/link", .api(.botsWrite)) { request, context in try await link(request, context) },
            .get("/api/bots/{id}/logs", .api(.botsRead)) { request, context in try await logs(request, context) },
            .get("/api/bots/{id}/usage", .api(.botsRead)) { request, context in try await usage(request, context) },
            .get("/api/bots/{id}/history", .api(.botsRead)) { request, context in try await history(request, context) },
            .get("/api/bots/{id}/environment", .api(.botsRead)) { _, context in try await environment(context) },
            .put("/api/bots/{id}/environment", .api(.botsWrite)) { request, context in
                try await setEnvironment(request, context)
            },
        ]
    }

    private func act(
        _ name: String,
        _ work: @escaping @Sendable (BotID, BotCaller) async throws -> Bot
    ) -> Route {
        .post("/api/bots/{id}/\(name)", .api(.botsWrite)) { request, context in
            _ = try await request.jsonFields(known: [], isOptional: true)
            let bot = try await work(try context.botID(), try context.signedIn().botCaller)
            return try await answer(bot.id, context)
        }
    }

    private func answer(_ id: BotID, _ context: WebContext, status: HTTPResponse.Status = .ok) async throws -> Response
    {
        let (bot, access) = try await hosting.find(id, for: context.signedIn().botCaller)
        return try JSONText.response(ShownBot(bot, access), status: status)
    }

    private func show(_ context: WebContext) async throws -> Response {
        try await answer(context.botID(), context)
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let all = request.uri.queryParameters["all"] == "true"
        let query = BotListAddress(request, path: "/api/bots").query
        let caller = all ? viewer.botCaller : viewer.ownCaller
        return try JSONText.response(ShownBots(try await hosting.list(query, for: caller, all: all)))
    }

    private func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(
            known: ["name", "prefix", "phone", "sessionID", "environment", "settings", "preset", "language"],
            limit: Self.creationLimit
        )
        var wanted = NewBot(name: try fields.requiredText("name"))
        let prefix = await people.panelSettingsOrLast().botPrefix
        wanted.prefix = try fields.text("prefix") ?? prefix
        wanted.phone = try fields.text("phone")
        let pasted = try fields.text("sessionID")
        if let pasted { wanted.sessionID = try await desk.sessionID(pasted) }
        wanted.environment = try Self.variables(try fields.value("environment"))
        try fields.read(into: &wanted.settings)
        wanted.preset = try fields.preset()
        wanted.language = try fields.choice("language", BotLanguage.self) ?? .english
        let viewer = try context.signedIn()
        let bot = try await hosting.create(wanted, by: viewer.botCaller)
        await desk.redeemed(pasted)
        var response = try await answer(bot.id, context, status: .created)
        response.headers[.location] = "/api/bots/\(bot.id)"
        return response
    }

    private func configure(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.botID()
        let caller = try context.signedIn().botCaller
        let fields = try await request.jsonFields(known: ["name", "prefix", "phone", "settings", "version"])
        let (bot, _) = try await hosting.find(id, for: caller)
        var settings = bot.settings
        try fields.read(into: &settings)
        _ = try await hosting.configure(
            id,
            name: fields.text("name") ?? bot.name,
            prefix: fields.text("prefix") ?? bot.prefix,
            phone: fields.text("phone") ?? bot.phone,
            settings: settings,
            by: caller,
            version: fields.count("version").flatMap { Int(exactly: $0) }
        )
        return try await answer(id, context)
    }

    private func link(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.botID()
        let fields = try await request.jsonFields(known: ["phone"], isOptional: true)
        _ = try await hosting.link(id, phone: fields.text("phone"), by: context.signedIn().botCaller)
        return try JSONText.response(Accepted(topic: "bot:\(id)"), status: .accepted)
    }

    private func logs(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = request.uri.queryParameters
        var query = LogQuery()
        query.level = parameters["level"].flatMap { BotLogLine.Level(rawValue: String($0)) } ?? .debug
        query.text = parameters["search"].map { String($0.prefix(100)) }
        query.after = parameters["after"].flatMap { Int64($0) }
        query.before = parameters["before"].flatMap { Int64($0) }
        query.limit = parameters["limit"].flatMap { Int($0) } ?? 50
        let lines = try await hosting.log(of: context.botID(), query, for: context.signedIn().botCaller)
        return try JSONText.response(ShownLines(lines))
    }

    private func usage(_ request: Request, _ context: WebContext) async throws -> Response {
        let span = request.uri.queryParameters["span"].flatMap { UsageSpan(rawValue: String($0)) } ?? .day
        let points = try await hosting.usage(of: context.botID(), span: span, for: context.signedIn().botCaller)
        return try JSONText.response(ShownUsage(points, span: span))
    }

    private func history(_ request: Request, _ context: WebContext) async throws -> Response {
        let before = request.uri.queryParameters["before"].flatMap { Int($0) }
        let entries = try await hosting.history(
            of: context.botID(),
            before: before,
            for: context.signedIn().botCaller
        )
        return try JSONText.response(ShownHistory(entries))
    }

    private func environment(_ context: WebContext) async throws -> Response {
        let caller = try context.signedIn().botCaller
        let (bot, _) = try await hosting.find(context.botID(), for: caller)
        let variables = try await hosting.environment(of: bot.id, for: caller)
        return try JSONText.response(ShownEnvironment(variables, version: bot.environmentVersion))
    }

    private func setEnvironment(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.botID()
        let caller = try context.signedIn().botCaller
        let fields = try await request.jsonFields(known: ["variables", "version"], limit: 1 << 20)
        let wishes = try Self.variables(try fields.required("variables"))
        let diff = try await hosting.setEnvironment(
            wishes,
            of: id,
            by: caller,
            version: fields.count("version").flatMap { Int(exactly: $0) }
        )
        return try JSONText.response(ShownChange(diff))
    }

    /// `{"NAME": "value"}`, or `{"NAME": {"value": "…", "secret": true}}`; a secret without a value stays as it is.
    private static func variables(_ value: JSONValue?) throws -> [VariableWish] {
        guard let value, value != .null else { return [] }
        guard case .object(let members) = value else {
            throw RequestError.wrongType("environment", expected: "an object of names and values")
        }
        return try members.sorted { $0.key < $1.key }.map { name, value in
            switch value {
            case .string(let text): return try VariableWish(name: name, value: text, isSecret: false)
            case .object:
                let fields = try JSONFields(value, known: ["value", "secret"])
                return try VariableWish(
                    name: name,
                    value: fields.text("value"),
                    isSecret: fields.flag("secret") ?? false
                )
            default: throw RequestError.wrongType(name, expected: "a text, or an object with value and secret")
            }
        }
    }
}

extension JSONFields {
    /// Any value; nil when the field is missing.
    func value(_ name: String) throws(RequestError) -> JSONValue? {
        do {
            return try required(name)
        } catch .missingField {
            return nil
        }
    }
}

extension JSONFields {
    /// What `settings` names of a bot's settings; the others stay.
    fileprivate func read(into settings: inout BotSettings) throws {
        guard let value = try value("settings") else { return }
        let known: [(name: String, path: WritableKeyPath<BotSettings, Bool>)] = [
            ("readsMessages", \.readsMessages), ("showsOnline", \.showsOnline), ("isPrivate", \.isPrivate),
            ("viewsStatuses", \.viewsStatuses), ("rejectsCalls", \.rejectsCalls),
        ]
        let fields = try JSONFields(value, known: known.map(\.name))
        for (name, path) in known {
            if let isOn = try fields.flag(name) { settings[keyPath: path] = isOn }
        }
    }
}
