internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The rest of what a bot's pages do: approval, hours, sharing, handing over, and what an account is told.
struct BotOwnerAPI: Sendable {
    let hosting: Hosting
    let people: AccountsService

    var routes: [Route] {
        [
            grant("approve") { id, duration, caller, version in
                try await hosting.approve(id, for: duration, by: caller, version: version)
            },
            grant("renew") { id, duration, caller, version in
                try await hosting.renew(id, for: duration, by: caller, version: version)
            },
            .post("/api/bots/bulk", .api(.admin), keyedLimit: Route.standardBodyLimit) { request, context in
                try await bulk(request, context)
            },
            act("reject", .admin, ["version"]) { id, fields, caller in
                _ = try await hosting.reject(id, by: caller, version: fields.version())
            },
            act("renewal", .botsWrite, ["months"]) { id, fields, caller in
                _ = try await hosting.askForRenewal(id, for: fields.duration(), by: caller)
            },
            act("stop-linking", .botsWrite, []) { id, _, caller in try await hosting.stopLinking(id, by: caller) },
            .put("/api/bots/{id}/schedule", .api(.botsWrite)) { request, context in
                let fields = try await request.jsonFields(known: ["zone", "start", "stop", "days"])
                let schedule = try Self.schedule(fields)
                let bot = try await hosting.setSchedule(schedule, of: context.botID(), by: context.caller())
                return try await answer(bot.id, context)
            },
            .delete("/api/bots/{id}/schedule", .api(.botsWrite)) { _, context in
                let bot = try await hosting.setSchedule(nil, of: context.botID(), by: context.caller())
                return try await answer(bot.id, context)
            },
            .get("/api/bots/{id}/shares", .api(.botsRead)) { _, context in
                let shares = try await hosting.shares(of: context.botID(), for: context.caller())
                return try JSONText.response(ListedShares(shares))
            },
            act("shares", .botsWrite, ["email", "mayOperate"]) { id, fields, caller in
                try await hosting.share(
                    id,
                    with: fields.requiredText("email"),
                    among: people,
                    mayOperate: fields.flag("mayOperate") ?? false,
                    by: caller
                )
            },
            .delete("/api/bots/{id}/shares/{account}", .api(.botsWrite)) { _, context in
                guard let member = context.parameters.get("account").flatMap({ AccountID($0) }) else {
                    throw HostingError.notInTeam
                }
                try await hosting.unshare(context.botID(), with: member, by: context.caller())
                return Self.done
            },
            act("transfer", .botsWrite, ["email"]) { id, fields, caller in
                try await hosting.offer(id, to: fields.requiredText("email"), among: people, by: caller)
            },
            .delete("/api/bots/{id}/transfer", .api(.botsWrite)) { _, context in
                try await hosting.endTransfer(context.botID(), by: context.caller())
                return Self.done
            },
            act("accept", .botsWrite, []) { id, _, caller in try await hosting.accept(id, by: caller) },
            .get("/api/offers", .api(.botsRead)) { _, context in
                let offers = try await hosting.offers(to: context.signedIn().account.id)
                return try JSONText.response(ListedOffers(offers))
            },
            .get("/api/notices", .api(.botsRead)) { _, context in
                let notices = try await hosting.notices.open(for: context.signedIn().account.id, limit: 100)
                return try JSONText.response(ListedNotices(notices))
            },
            .delete("/api/notices/{id}", .api(.botsWrite)) { _, context in
                guard let id = context.parameters.get("id").flatMap({ Int($0) }) else { throw RequestError.notFound }
                let account = try context.signedIn().account.id
                guard try await hosting.notices.dismiss(id, of: account, at: hosting.time.date()) else {
                    throw RequestError.notFound
                }
                return Self.done
            },
            .get("/api/usage", .api(.botsRead)) { request, context in
                let span = request.uri.queryParameters["span"].flatMap { UsageSpan(rawValue: String($0)) } ?? .day
                let points = try await hosting.usage(of: context.signedIn().account.id, span: span)
                return try JSONText.response(ShownUsage(points, span: span))
            },
            .get("/api/plan", .api(.botsRead)) { _, context in
                try JSONText.response(ShownPlanUse(try await hosting.planUse(of: context.signedIn().account.id)))
            },
        ]
    }

    private static var done: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

    private func act(
        _ name: String,
        _ scope: APIScope,
        _ known: [String],
        _ work: @escaping @Sendable (BotID, JSONFields, BotCaller) async throws -> Void
    ) -> Route {
        .post("/api/bots/{id}/\(name)", .api(scope)) { request, context in
            let fields = try await request.jsonFields(known: known, isOptional: known.isEmpty)
            try await work(try context.botID(), fields, try context.caller())
            return Self.done
        }
    }

    private func grant(
        _ name: String,
        _ work: @escaping @Sendable (BotID, ApprovalDuration, BotCaller, Int?) async throws -> Bot
    ) -> Route {
        .post("/api/bots/{id}/\(name)", .api(.admin), keyedLimit: Route.standardBodyLimit) { request, context in
            let fields = try await request.jsonFields(known: ["months", "version"])
            let bot = try await work(
                try context.botID(),
                try fields.duration(),
                try context.caller(),
                try fields.version()
            )
            return try await answer(bot.id, context)
        }
    }

    /// One thing with several bots; those with which it cannot be done are named and left.
    private func bulk(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["action", "bots", "months"])
        guard let action = try fields.choice("action", BulkAction.self) else {
            throw RequestError.missingField("action")
        }
        let names = try fields.texts("bots")
        guard (1...BotQuery.pageSize).contains(names.count) else {
            throw RequestError.invalidField("bots", message: "Name 1 to \(BotQuery.pageSize) bots.")
        }
        let caller = try context.caller()
        let duration = action.takesTime ? try fields.duration() : .oneMonth
        var answer = BulkAnswer()
        for name in names {
            do {
                guard let id = BotID(name) else { throw HostingError.unknownBot }
                switch action {
                case .approve: _ = try await hosting.approve(id, for: duration, by: caller)
                case .renew: _ = try await hosting.renew(id, for: duration, by: caller)
                case .reject: _ = try await hosting.reject(id, by: caller)
                case .stop: _ = try await hosting.stop(id, by: caller)
                }
                answer.done.append(name)
            } catch {
                guard let known = userFacing(error) else { throw error }
                answer.failed.append(BulkAnswer.Failure(bot: name, code: known.code, message: known.message))
            }
        }
        return try JSONText.response(answer)
    }

    private func answer(_ id: BotID, _ context: WebContext) async throws -> Response {
        let (bot, access) = try await hosting.find(id, for: context.caller())
        return try JSONText.response(ShownBot(bot, access))
    }

    /// Times are minutes since midnight, days 0 for Monday to 6.
    private static func schedule(_ fields: JSONFields) throws -> BotSchedule {
        guard case .array(let values) = try fields.required("days") else {
            throw RequestError.wrongType("days", expected: "a list of numbers from 0 to 6")
        }
        var days = 0
        for value in values {
            guard case .number(let number) = value, let day = Int(exactly: number), (0..<7).contains(day) else {
                throw HostingError.invalidSchedule
            }
            days |= 1 << day
        }
        guard let start = try fields.count("start").flatMap({ Int(exactly: $0) }),
            let stop = try fields.count("stop").flatMap({ Int(exactly: $0) })
        else { throw HostingError.invalidSchedule }
        return try BotSchedule(zone: fields.requiredText("zone"), start: start, stop: stop, days: days)
    }
}

extension WebContext {
    /// Whoever asks, as the bots know it.
    func caller() throws -> BotCaller { try signedIn().botCaller }
}

extension JSONFields {
    func duration() throws -> ApprovalDuration {
        guard let months = try count("months") else { throw RequestError.missingField("months") }
        guard let duration = Int(exactly: months).flatMap(ApprovalDuration.init) else {
            throw HostingError.invalidDuration
        }
        return duration
    }

    /// The version of what the caller saw; nil to change it whatever it is.
    func version() throws -> Int? { try count("version").flatMap { Int(exactly: $0) } }
}

private enum BulkAction: String, CaseIterable {
    case approve
    case renew
    case reject
    case stop

    var takesTime: Bool { self == .approve || self == .renew }
}

private struct BulkAnswer: Encodable {
    struct Failure: Encodable {
        let bot: String
        let code: String
        let message: String
    }

    var done: [String] = []
    var failed: [Failure] = []
}

private struct ListedShares: Encodable {
    struct Share: Encodable {
        let account: String
        let mayOperate: Bool
        let since: Date
    }

    let shares: [Share]

    init(_ shares: [BotShare]) {
        self.shares = shares.map {
            Share(account: $0.account.description, mayOperate: $0.mayOperate, since: $0.at)
        }
    }
}

private struct ListedOffers: Encodable {
    struct Offer: Encodable {
        let bot: String
        let name: String
        let offeredAt: Date
    }

    let offers: [Offer]

    init(_ offers: [BotTransfer]) {
        self.offers = offers.map { Offer(bot: $0.bot.description, name: $0.botName, offeredAt: $0.at) }
    }
}

private struct ListedNotices: Encodable {
    struct Notice: Encodable {
        let id: Int
        let kind: String
        let bot: String?
        let botName: String
        let detail: String?
        let at: Date
    }

    let notices: [Notice]

    init(_ notices: [BotNotice]) {
        self.notices = notices.map { notice in
            Notice(
                id: notice.id,
                kind: notice.kind.rawValue,
                bot: notice.bot?.description,
                botName: notice.botName,
                detail: notice.detail,
                at: notice.createdAt
            )
        }
    }
}
