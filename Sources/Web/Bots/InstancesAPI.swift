internal import Accounts
internal import Bots
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The API that panels of the older kind speak, with its own names and shapes.
struct InstancesAPI: Sendable {
    let hosting: Hosting
    let people: AccountsService
    let version: String

    var routes: [Route] {
        [
            .get("/api/health", .open) { _, _ in
                try InstanceJSON.response(
                    InstanceHealth(
                        status: "ok",
                        service: "wharf",
                        version: version,
                        server: hosting.server,
                        timestamp: Date()
                    )
                )
            },
            .get("/api/server-info", .api(.botsRead)) { _, context in try await info(context) },
            .get("/api/instances", .api(.botsRead)) { request, context in try await list(request, context) },
            .post("/api/instances", .api(.botsWrite), keyedLimit: Route.standardBodyLimit) { request, context in
                try await create(request, context)
            },
            .get("/api/instances/{id}", .api(.botsRead)) { _, context in
                let (bot, _) = try await hosting.find(context.botID(), for: context.signedIn().botCaller)
                return try InstanceJSON.response(Instance(bot))
            },
            .delete("/api/instances/{id}", .api(.botsWrite)) { _, context in
                let id = try context.botID()
                try await hosting.delete(id, confirmation: nil, by: context.signedIn().botCaller)
                return try InstanceJSON.response(InstanceMessage(message: "Bot deleted", instanceId: id.description))
            },
            .post("/api/instances/{id}/approve", .api(.admin), keyedLimit: Route.standardBodyLimit) {
                request,
                context in
                try await grant(request, context, "Bot approved", hosting.approve)
            },
            .post("/api/instances/{id}/renew", .api(.admin), keyedLimit: Route.standardBodyLimit) { request, context in
                try await grant(request, context, "Bot renewed", hosting.renew)
            },
            .post("/api/instances/{id}/stop", .api(.botsWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                let bot = try await hosting.stop(context.botID(), by: context.signedIn().botCaller)
                return try InstanceJSON.response(
                    InstanceMessage(message: "Bot stopped", instanceId: bot.id.description)
                )
            },
            // It may ask WhatsApp for a code, which is a change, whatever its method says.
            .get("/api/instances/{id}/pairing-code", .api(.botsWrite), isWrite: true) { _, context in
                try await code(context, isFresh: false)
            },
            .post("/api/instances/{id}/regenerate-code", .api(.botsWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                return try await code(context, isFresh: true)
            },
        ]
    }

    private func info(_ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let counts = try await hosting.counts(for: viewer.botCaller.isAdministrator ? nil : viewer.account.id)
        return try InstanceJSON.response(
            ServerInfo(
                serverName: hosting.server,
                totalBots: counts.values.reduce(0, +),
                newBots: counts[.new] ?? 0,
                approvedBots: counts[.approved] ?? 0,
                expiredBots: counts[.expired] ?? 0
            )
        )
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        var query = BotQuery()
        if let status = request.uri.queryParameters["status"] {
            guard let approval = BotApproval(rawValue: String(status)) else {
                throw RequestError.invalidField("status", message: "The status is new, approved or expired.")
            }
            query.approval = approval
        }
        var instances: [Instance] = []
        while true {
            let page = try await hosting.list(query, for: viewer.botCaller, all: viewer.botCaller.isAdministrator)
            instances += page.bots.map { Instance($0.bot) }
            query.page += 1
            guard query.page < page.pages else { break }
        }
        return try InstanceJSON.response(instances)
    }

    private func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["name", "phone_number", "owner_id"])
        var wanted = NewBot(name: try fields.requiredText("name"))
        wanted.phone = try fields.requiredText("phone_number")
        wanted.prefix = await people.panelSettingsOrLast().botPrefix
        let viewer = try context.signedIn()
        var owner: AccountID?
        if let text = try fields.text("owner_id") {
            guard let id = AccountID(text) else {
                throw RequestError.invalidField("owner_id", message: "The owner's id is that of an account.")
            }
            owner = id
        }
        let bot = try await hosting.create(wanted, by: viewer.botCaller, owner: owner)
        return try InstanceJSON.response(
            Instance(bot),
            status: .created,
            headers: [.location: "/api/instances/\(bot.id)"]
        )
    }

    private func grant(
        _ request: Request,
        _ context: WebContext,
        _ message: String,
        _ work: (BotID, ApprovalDuration, BotCaller, Int?) async throws -> Bot
    ) async throws -> Response {
        let id = try context.botID()
        let fields = try await request.jsonFields(known: ["duration_months", "version"])
        guard let months = try fields.count("duration_months") else {
            throw RequestError.missingField("duration_months")
        }
        guard let duration = Int(exactly: months).flatMap(ApprovalDuration.init) else {
            throw HostingError.invalidDuration
        }
        let seen = try fields.count("version").flatMap { Int(exactly: $0) }
        let bot = try await work(id, duration, try context.signedIn().botCaller, seen)
        return try InstanceJSON.response(
            GrantedInstance(
                message: message,
                instanceId: bot.id.description,
                durationMonths: duration.rawValue,
                expiresAt: bot.expiresAt,
                port: nil
            )
        )
    }

    private func code(_ context: WebContext, isFresh: Bool) async throws -> Response {
        let id = try context.botID()
        let code = try await hosting.pairingCode(of: id, isFresh: isFresh, by: context.signedIn().botCaller)
        return try InstanceJSON.response(
            InstanceCode(instanceId: id.description, pairingCode: code.code, expiresAt: code.expiresAt)
        )
    }
}

/// Answers whose names are those of the older API: `server_name` for `serverName`.
enum InstanceJSON {
    static func response(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        encoder.keyEncodingStrategy = .convertToSnakeCase
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.cacheControl] = "no-store"
        let body = try encoder.encode(value)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

struct InstanceHealth: Encodable {
    let status: String
    let service: String
    let version: String
    let server: String
    let timestamp: Date
}

struct ServerInfo: Encodable {
    let serverName: String
    let totalBots: Int
    let newBots: Int
    let approvedBots: Int
    let expiredBots: Int
}

struct InstanceMessage: Encodable {
    let message: String
    let instanceId: String
}

struct InstanceCode: Encodable {
    let instanceId: String
    let pairingCode: String
    let expiresAt: Date
}

struct GrantedInstance: Encodable {
    let message: String
    let instanceId: String
    let durationMonths: Int
    let expiresAt: Date?
    /// Bots have no port of their own here; the field is part of the shape.
    let port: Int?

    private enum CodingKeys: String, CodingKey {
        case message
        case instanceId
        case durationMonths
        case expiresAt
        case port
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(message, forKey: .message)
        try container.encode(instanceId, forKey: .instanceId)
        try container.encode(durationMonths, forKey: .durationMonths)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(port, forKey: .port)
    }
}

struct Instance: Encodable {
    let id: String
    let name: String
    let phoneNumber: String?
    let status: String
    let serverName: String
    let ownerId: String?
    let durationMonths: Int?
    let connection: String
    let createdAt: Date
    let updatedAt: Date
    let approvedAt: Date?
    let expiresAt: Date?

    init(_ bot: Bot) {
        id = bot.id.description
        name = bot.name
        phoneNumber = bot.phone
        status = bot.approval.value.rawValue
        serverName = bot.server
        ownerId = bot.account?.description
        durationMonths = bot.duration?.rawValue
        connection = bot.run.value.rawValue
        createdAt = bot.createdAt
        updatedAt = bot.updatedAt
        approvedAt = bot.approvedAt
        expiresAt = bot.expiresAt
    }
}
