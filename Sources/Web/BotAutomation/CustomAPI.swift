internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// `/api/bots/ID/custom-commands`: commands that somebody puts together, for programs.
struct CustomAPI: Sendable {
    let control: BotControl

    private static let fields = [
        "summary", "text", "menu", "request", "webhook", "file", "forAdmins", "forOwners", "on",
    ]
    /// Menus hold texts.
    private static let bodyLimit = 512 * 1024

    var routes: [Route] {
        [
            .get("/api/bots/{id}/custom-commands", .api(.botsRead)) { _, context in
                let commands = try await control.customCommands(
                    of: context.botID(),
                    for: context.signedIn().botCaller
                )
                return try JSONText.response(ShownCustoms(commands: commands.map { ShownCustom($0) }))
            },
            .put("/api/bots/{id}/custom-commands/{name}", .api(.botsWrite)) { request, context in
                try await save(request, context)
            },
            .delete("/api/bots/{id}/custom-commands/{name}", .api(.botsWrite)) { _, context in
                try await control.deleteCommand(
                    context.customName,
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
            .post("/api/bots/{id}/custom-commands/{name}/preview", .api(.botsRead)) { request, context in
                try await preview(request, context)
            },
            .post("/api/bots/{id}/custom-commands/{name}/secret", .api(.botsWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                let secret = try await control.renewSecret(
                    of: context.customName,
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return try JSONText.response(NewSecret(secret: secret))
            },
        ]
    }

    private func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: Self.fields, limit: Self.bodyLimit)
        let (id, caller) = (try context.botID(), try context.signedIn().botCaller)
        let command = try fields.command(context.customName)
        let secret = try await control.save(command, of: id, by: caller)
        let saved = try await control.customCommand(command.name, of: id, for: caller)
        return try JSONText.response(ShownCustom(saved, secret: secret))
    }

    private func preview(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["command", "words", "response"], limit: Self.bodyLimit)
        let sent = try JSONFields(fields.required("command"), known: Self.fields)
        let command = try sent.command(context.customName)
        let answer = try await control.preview(
            command,
            text: fields.text("words") ?? "",
            response: fields.text("response"),
            of: context.botID(),
            for: context.signedIn().botCaller
        )
        return try JSONText.response(Preview(answer: answer))
    }

    private struct NewSecret: Encodable {
        let secret: String
    }

    private struct Preview: Encodable {
        let answer: String
    }
}

extension WebContext {
    fileprivate var customName: String { parameters.get("name")?.removingPercentEncoding?.lowercased() ?? "" }
}

extension JSONFields {
    /// A command of one's own as a whole; what is left out is empty.
    fileprivate func command(_ name: String) throws -> CustomCommand {
        var content = CustomContent(
            text: try text("text") ?? "",
            isForAdmins: try flag("forAdmins") == true ? true : nil,
            isForOwners: try flag("forOwners") == true ? true : nil
        )
        content.menu = try list("menu").map { entry in
            let fields = try JSONFields(entry, known: ["title", "text"])
            return CustomContent.Choice(title: try fields.requiredText("title"), text: try fields.requiredText("text"))
        }
        if content.menu?.isEmpty == true { content.menu = nil }
        if let sent = try value("request") {
            let fields = try JSONFields(sent, known: ["method", "url", "body", "seconds", "hosts"])
            content.request = CustomContent.Request(
                method: try fields.text("method") ?? "GET",
                url: try fields.requiredText("url"),
                body: try fields.text("body"),
                seconds: try fields.wholeNumber("seconds") ?? 5,
                hosts: try fields.texts("hosts")
            )
        }
        if let sent = try value("webhook") {
            let fields = try JSONFields(sent, known: ["url", "seconds"])
            content.webhook = CustomContent.Webhook(
                url: try fields.requiredText("url"),
                seconds: try fields.wholeNumber("seconds") ?? 10
            )
        }
        return CustomCommand(
            name: name,
            summary: try text("summary") ?? "",
            content: content,
            file: try identifier("file"),
            isOn: try flag("on") ?? true
        )
    }

    /// The elements of a list; none when the field is missing or null.
    private func list(_ name: String) throws(RequestError) -> [JSONValue] {
        switch try value(name) {
        case nil, .null: return []
        case .array(let elements): return elements
        default: throw .wrongType(name, expected: "a list")
        }
    }
}

struct ShownCustoms: Encodable {
    let commands: [ShownCustom]
}

struct ShownCustom: Encodable {
    let name: String
    let summary: String
    let text: String
    let menu: [CustomContent.Choice]
    let request: CustomContent.Request?
    let webhook: CustomContent.Webhook?
    let hasSecret: Bool
    /// Of a webhook that has just got its first one.
    let secret: String?
    let file: String?
    let forAdmins: Bool
    let forOwners: Bool
    let on: Bool

    init(_ command: CustomCommand, secret: String? = nil) {
        self.secret = secret
        name = command.name
        summary = command.summary
        text = command.content.text
        menu = command.content.menu ?? []
        request = command.content.request
        webhook = command.content.webhook
        hasSecret = command.hasSecret
        file = command.file?.text
        forAdmins = command.content.isForAdmins == true
        forOwners = command.content.isForOwners == true
        on = command.isOn
    }
}
