internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// `/api/bots/ID/answers` and `/api/bots/ID/chats`: how a bot answers, for programs.
struct ConductAPI: Sendable {
    let control: BotControl

    var routes: [Route] {
        [
            .get("/api/bots/{id}/answers", .api(.botsRead)) { _, context in try await show(context) },
            .patch("/api/bots/{id}/answers", .api(.botsWrite)) { request, context in
                try await change(request, context)
            },
            .get("/api/bots/{id}/chats", .api(.botsRead)) { _, context in
                let chats = try await control.chats(of: context.botID(), for: context.signedIn().botCaller)
                return try JSONText.response(ShownChats(chats))
            },
            .get("/api/bots/{id}/chats/{chat}", .api(.botsRead)) { _, context in
                let chat = context.chat
                let caller = try context.signedIn().botCaller
                let settings = try await control.chat(chat, of: context.botID(), for: caller)
                return try JSONText.response(ShownChat(chat: chat, settings: settings))
            },
            .patch("/api/bots/{id}/chats/{chat}", .api(.botsWrite)) { request, context in
                try await changeChat(request, context)
            },
            .delete("/api/bots/{id}/chats/{chat}", .api(.botsWrite)) { _, context in
                try await control.forget(context.chat, of: context.botID(), by: context.signedIn().botCaller)
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }

    private func show(_ context: WebContext) async throws -> Response {
        let shown = try await control.conduct(of: context.botID(), for: context.signedIn().botCaller)
        return try JSONText.response(ShownAnswers(shown))
    }

    /// What is left out stays, and null makes it as usual.
    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ConductFields.names + ["version"])
        try await control.changeConduct(
            of: context.botID(),
            by: context.signedIn().botCaller,
            version: fields.count("version").flatMap { Int(exactly: $0) }
        ) { settings in
            settings = try fields.merged(into: settings, names: ConductFields.names)
        }
        return try await show(context)
    }

    private func changeChat(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ConductFields.chatNames)
        let chat = context.chat
        let settings = try await control.change(
            chat,
            of: context.botID(),
            by: context.signedIn().botCaller
        ) { settings in
            settings = try fields.merged(into: settings, names: ConductFields.chatNames)
        }
        return try JSONText.response(ShownChat(chat: chat, settings: settings))
    }
}

extension WebContext {
    fileprivate var chat: String { parameters.get("chat")?.removingPercentEncoding ?? "" }
}

/// The settings that programs may change, by the names of their fields.
enum ConductFields {
    static let names = [
        "prefixes", "mode", "owners", "admins", "language", "timeZone", "readsMessages", "autoTyping", "autoReact",
        "showsOnline", "rejectsCalls", "callAnswer", "viewsStatuses", "reactsToStatuses", "savesStatuses",
        "keepsDeleted", "warnLimit", "commandsPerMinute", "welcome", "goodbye",
    ]
    static let chatNames = [
        "isSilent", "prefixes", "disabledCommands", "disabledCategories", "enabledCommands", "isForAdmins", "links",
        "flood", "words", "bots", "keepsDeleted", "slowMode", "welcome", "goodbye", "isWelcoming", "isSayingGoodbye",
        "warnLimit", "warnAction", "hours", "isTalking",
    ]
}

extension JSONFields {
    /// A value whose fields are replaced by those that were sent; a null leaves a field out.
    func merged<Value: Codable>(into value: Value, names: [String]) throws -> Value {
        guard var members = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any] else {
            throw RequestError.notAnObject
        }
        for name in names {
            guard let sent = sent(name) else { continue }
            if sent == .null {
                members[name] = nil
            } else {
                let bytes = try JSONEncoder().encode([sent])
                members[name] = (try JSONSerialization.jsonObject(with: bytes) as? [Any])?.first
            }
        }
        let merged = try JSONSerialization.data(withJSONObject: members)
        do {
            return try JSONDecoder().decode(Value.self, from: merged)
        } catch let error as DecodingError {
            throw RequestError.invalidField(error.place, message: "This is not of the kind that the field takes.")
        }
    }
}

extension DecodingError {
    /// The field that could not be read, such as `links.action`.
    var place: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        return path.filter { $0.intValue == nil }.map(\.stringValue).joined(separator: ".")
    }
}

struct ShownAnswers: Encodable {
    let version: Int
    let settings: ConductSettings
    let effective: Effective

    /// What holds, everything considered.
    struct Effective: Encodable {
        let prefixes: [String]
        let mode: String
        let owners: [String]
        let admins: [String]
        let language: String
        let timeZone: String
        let warnLimit: Int
        let commandsPerMinute: Int
        let readsMessages: Bool
        let showsOnline: Bool
        let rejectsCalls: Bool
        let viewsStatuses: Bool
        let savesStatuses: Bool
        let keepsDeleted: Bool
    }

    init(_ shown: ShownConduct) {
        version = shown.version
        settings = shown.settings
        let conduct = shown.effective
        effective = Effective(
            prefixes: conduct.prefixes,
            mode: conduct.mode.rawValue,
            owners: conduct.owners,
            admins: conduct.admins,
            language: conduct.language.rawValue,
            timeZone: conduct.timeZone.identifier,
            warnLimit: conduct.warnLimit,
            commandsPerMinute: conduct.commandsPerMinute,
            readsMessages: conduct.flags.contains(.readsMessages),
            showsOnline: conduct.flags.contains(.showsOnline),
            rejectsCalls: conduct.flags.contains(.rejectsCalls),
            viewsStatuses: conduct.flags.contains(.viewsStatuses),
            savesStatuses: conduct.flags.contains(.savesStatuses),
            keepsDeleted: conduct.flags.contains(.keepsDeleted)
        )
    }
}

struct ShownChat: Encodable {
    let chat: String
    let settings: ChatSettings
}

struct ShownChats: Encodable {
    let chats: [ShownChat]

    init(_ chats: [String: ChatSettings]) {
        self.chats = chats.sorted { $0.key < $1.key }.map { ShownChat(chat: $0.key, settings: $0.value) }
    }
}
