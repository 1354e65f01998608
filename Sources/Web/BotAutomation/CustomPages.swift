internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// What `/bots/ID/custom` shows.
struct CustomPage: CommandPage {
    struct Entry: Sendable {
        let customName: String
        let customCall: String
        let customURL: String
        let customSummary: String?
        let customKind: String
        let customWho: String?
        let customIsOn: Bool
    }

    struct MenuRow: Sendable {
        let choiceTitle: String?
        let choiceText: String?
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let commands: [Entry]
    let hasCommands: Bool
    let editorTitle: String
    let editorIsOpen: Bool
    /// The command that is changed; nil for a new one.
    let editorName: String?
    let basics: [FormLine]
    let text: FormLine
    let file: FileChoice
    let menu: [MenuRow]
    let menuError: String?
    let menuLimit: Int
    let request: [FormLine]
    let webhook: [FormLine]
    let hasWebhook: Bool
    let hasSecret: Bool
    /// Shown this once.
    let secret: String?
    let previewWords: FormLine
    let previewSample: FormLine
    let preview: String?
    let previewProblem: String?
    let places: [PlaceHelp]
}

/// `/bots/ID/custom`: commands that are put together without programming, with a preview.
struct CustomPages: Sendable {
    let desk: CommandDesk

    /// Menus hold texts, and letters that a form writes as three.
    private static let formLimit = 1 << 20

    private var control: BotControl { desk.control }

    /// Why the page is shown.
    private enum Occasion {
        case visit(String?)
        case previewing
        case uploaded
        case secret(of: String, String)
        case refused(keepsForm: Bool, any UserFacingError)
    }

    var routes: [Route] {
        [
            .get("/bots/{id}/custom", .may(.bots)) { request, context in
                try await show(request, context, .visit(request.uri.queryParameters["command"].map { String($0) }))
            },
            desk.form("custom", formLimit: Self.formLimit) { id, caller, form in
                try await save(id, caller, form)
            } again: { request, context, error in
                try await show(request, context, .refused(keepsForm: true, error))
            },
            .post("/bots/{id}/custom/preview", .may(.bots), formLimit: Self.formLimit) { request, context in
                try await show(request, context, .previewing)
            },
            desk.upload("custom", formLimit: Self.formLimit) { request, context, error in
                let occasion = error.map { Occasion.refused(keepsForm: true, $0) } ?? .uploaded
                return try await show(request, context, occasion)
            },
            desk.form("custom/switch") { id, caller, form in
                var command = try await control.customCommand(form["command"] ?? "", of: id, for: caller)
                command.isOn.toggle()
                try await control.save(command, of: id, by: caller)
                return "custom"
            } again: { request, context, error in
                try await show(request, context, .refused(keepsForm: false, error))
            },
            desk.form("custom/delete") { id, caller, form in
                try await control.deleteCommand(form["command"] ?? "", of: id, by: caller)
                return "custom"
            } again: { request, context, error in
                try await show(request, context, .refused(keepsForm: false, error))
            },
            .post("/bots/{id}/custom/secret", .may(.bots)) { request, context in
                let name = context.form["command"] ?? ""
                let secret = try await control.renewSecret(
                    of: name,
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return try await show(request, context, .secret(of: name, secret))
            },
        ]
    }

    private func save(_ id: BotID, _ caller: BotCaller, _ form: FormFields) async throws -> String {
        let command = try form.command()
        let isNew = form["command"] == nil
        if isNew, try await control.customCommands(of: id, for: caller).contains(where: { $0.name == command.name }) {
            throw RequestError.invalidField("name", message: "The bot has a command of that name: change that one.")
        }
        try await control.save(command, of: id, by: caller)
        // Where there is a secret to be made, the editor stays open.
        return command.content.webhook == nil ? "custom" : "custom?command=\(command.name)#editor"
    }

    private func show(_ request: Request, _ context: WebContext, _ occasion: Occasion) async throws -> Response {
        let refusal: (any UserFacingError)? = if case .refused(_, let error) = occasion { error } else { nil }
        let visit = try await desk.visit(.custom, request, context, error: refusal)
        let commands = try await control.customCommands(of: visit.id, for: visit.caller)
        var name: String?
        var form: FormFields?
        var error = refusal
        var secret: String?
        var answer: String?
        switch occasion {
        case .visit(let named): name = named
        case .secret(let named, let made): (name, secret) = (named, made)
        case .uploaded: form = context.form
        case .refused(let keepsForm, _): if keepsForm { form = context.form }
        case .previewing:
            form = context.form
            do {
                let command = try context.form.command()
                answer = try await control.preview(
                    command,
                    text: context.form["words"] ?? "",
                    response: context.form.lines("sample"),
                    of: visit.id,
                    for: visit.caller
                )
                if command.content.webhook != nil { answer = visit.strings("commands.preview.webhook") }
            } catch {
                guard let known = userFacing(error), error as? HostingError == nil else { throw error }
                return try await page(
                    visit,
                    request,
                    context,
                    commands,
                    form,
                    named: form?["command"],
                    known,
                    nil,
                    nil
                )
            }
        }
        if name != nil, !commands.contains(where: { $0.name == name }) { throw RequestError.notFound }
        if refusal != nil, form == nil { error = nil }
        return try await page(
            visit,
            request,
            context,
            commands,
            form,
            named: name ?? form?["command"],
            error,
            answer,
            secret
        )
    }

    private func page(
        _ visit: CommandDesk.Visit,
        _ request: Request,
        _ context: WebContext,
        _ commands: [CustomCommand],
        _ form: FormFields?,
        named name: String?,
        _ error: (any UserFacingError)?,
        _ answer: String?,
        _ secret: String?
    ) async throws -> Response {
        let strings = visit.strings
        let edited = commands.first { $0.name == name }
        let files = try await control.files(of: visit.id, for: visit.caller)
        let prefix = try await control.conduct(of: visit.id, for: visit.caller).effective.prefixes.first ?? ""
        let lines = FormLines(strings: strings, group: "commands.custom", form: form, error: error)
        let isPreview = visit.error == nil
        let content = CustomLines(command: edited, lines: lines, strings: strings)
        let page = CustomPage(
            title: visit.title(.custom),
            frame: visit.frame,
            commands: commands.map { Self.entry($0, prefix, visit) },
            hasCommands: !commands.isEmpty,
            editorTitle: edited.map { strings("commands.custom.change", ["name": prefix + $0.name]) }
                ?? strings("commands.custom.new"),
            editorIsOpen: edited != nil || form != nil || commands.isEmpty,
            editorName: edited?.name,
            basics: content.basics,
            text: content.text,
            file: FileChoice(files, edited?.file?.text, lines, base: visit.base, part: .custom),
            menu: content.menu,
            menuError: error?.field == "menu" ? error.map(strings.message) : nil,
            menuLimit: CustomContent.choiceLimit,
            request: content.request,
            webhook: content.webhook,
            hasWebhook: edited?.content.webhook != nil,
            hasSecret: edited?.hasSecret == true,
            secret: secret,
            previewWords: content.words,
            previewSample: content.sample,
            preview: answer.flatMap { $0.isEmpty ? nil : $0 },
            previewProblem: isPreview ? error.map(strings.message) : nil,
            places: PlaceHelp.templates(strings, withResponse: true)
        )
        return try await desk.response(page, of: .botCustom, visit, request, context)
    }

    private static func entry(_ command: CustomCommand, _ prefix: String, _ visit: CommandDesk.Visit)
        -> CustomPage.Entry
    {
        let strings = visit.strings
        let content = command.content
        let kind = content.webhook != nil ? "webhook" : content.request != nil ? "request" : "text"
        let who = content.isForOwners == true ? "owners" : content.isForAdmins == true ? "admins" : nil
        return CustomPage.Entry(
            customName: command.name,
            customCall: prefix + command.name,
            customURL: "\(visit.base)/custom?command=\(command.name)#editor",
            customSummary: command.summary.isEmpty ? nil : command.summary,
            customKind: strings("commands.custom_kind.\(kind)"),
            customWho: who.map { strings("commands.custom_who.\($0)") },
            customIsOn: command.isOn
        )
    }
}

/// The lines of the editor of one command.
private struct CustomLines {
    let command: CustomCommand?
    let lines: FormLines
    let strings: Strings

    private var content: CustomContent? { command?.content }

    var basics: [FormLine] {
        let kind = content?.webhook != nil ? "webhook" : content?.request != nil ? "request" : "text"
        let who = content?.isForOwners == true ? "owners" : content?.isForAdmins == true ? "admins" : "everybody"
        let name = lines.text("name", nil, placeholder: "prices", limit: 24, isRequired: true)
        let rest = [
            lines.text("summary", command?.summary, limit: CustomCommand.summaryLimit),
            lines.choice(
                "kind",
                kind,
                ["text", "request", "webhook"].map { ($0, strings("commands.custom_kind.\($0)")) }
            ),
            lines.choice(
                "who",
                who,
                ["everybody", "admins", "owners"].map { ($0, strings("commands.custom_who.\($0)")) }
            ),
            lines.check("isOn", command?.isOn ?? true),
        ]
        return command == nil ? [name] + rest : rest
    }

    var text: FormLine { lines.area("text", content?.text, rows: 5, limit: TextTemplate.templateLimit) }

    /// What there is, and two more that are empty.
    var menu: [CustomPage.MenuRow] {
        let rows: [(title: String, text: String)]
        if let form = lines.form {
            rows = form.choices
        } else {
            rows = content?.menu?.map { ($0.title, $0.text) } ?? []
        }
        let shown = rows.prefix(CustomContent.choiceLimit + 1).map {
            CustomPage.MenuRow(
                choiceTitle: $0.title.isEmpty ? nil : $0.title,
                choiceText: $0.text.isEmpty ? nil : $0.text
            )
        }
        let empty = CustomPage.MenuRow(choiceTitle: nil, choiceText: nil)
        return shown + Array(repeating: empty, count: shown.isEmpty ? 2 : 1)
    }

    var request: [FormLine] {
        let request = content?.request
        return [
            lines.choice("request.method", request?.method ?? "GET", [("GET", "GET"), ("POST", "POST")]),
            lines.text(
                "request.url",
                request?.url,
                placeholder: "https://api.example.com/prices?q={1}",
                limit: CustomContent.addressLimit
            ),
            lines.text(
                "request.hosts",
                request?.hosts.joined(separator: " "),
                placeholder: "api.example.com",
                limit: 2_600
            ),
            lines.number("request.seconds", request?.seconds, in: CustomContent.waits, placeholder: "5"),
            lines.area("request.body", request?.body, rows: 3, limit: TextTemplate.templateLimit),
        ]
    }

    var webhook: [FormLine] {
        [
            lines.text(
                "webhook.url",
                content?.webhook?.url,
                placeholder: "https://example.com/hook",
                limit: CustomContent.addressLimit
            ),
            lines.number("webhook.seconds", content?.webhook?.seconds, in: CustomContent.waits, placeholder: "10"),
        ]
    }

    private var tries: FormLines {
        FormLines(strings: strings, group: "commands.preview", form: lines.form, error: nil)
    }

    var words: FormLine { tries.text("words", nil, placeholder: strings("commands.preview.example"), limit: 500) }

    var sample: FormLine {
        tries.area("sample", nil, rows: 2, placeholder: #"{"price": 5}"#, limit: TextTemplate.templateLimit)
    }
}

extension FormFields {
    /// The rows of a menu that hold something.
    fileprivate var choices: [(title: String, text: String)] {
        let texts = all("choice-text")
        return all("choice-title").enumerated().map { index, title in
            let text = texts.indices.contains(index) ? texts[index].replacing("\r\n", with: "\n") : ""
            return (String(title.trimmed), String(text.trimmed))
        }.filter { !$0.title.isEmpty || !$0.text.isEmpty }
    }

    /// The command that the editor's form describes; a kind's fields alone count that is chosen.
    fileprivate func command() throws -> CustomCommand {
        var content = CustomContent()
        switch self["who"] {
        case "owners": content.isForOwners = true
        case "admins": content.isForAdmins = true
        default: break
        }
        let kind = self["kind"] ?? "text"
        if kind == "webhook" {
            content.webhook = CustomContent.Webhook(
                url: self["webhook.url"] ?? "",
                seconds: try number("webhook.seconds", in: CustomContent.waits) ?? 10
            )
        } else {
            content.text = lines("text") ?? ""
            let menu = choices.map { CustomContent.Choice(title: $0.title, text: $0.text) }
            content.menu = menu.isEmpty ? nil : menu
        }
        if kind == "request" {
            content.request = CustomContent.Request(
                method: self["request.method"] ?? "GET",
                url: self["request.url"] ?? "",
                body: lines("request.body"),
                seconds: try number("request.seconds", in: CustomContent.waits) ?? 5,
                hosts: (words("request.hosts") ?? []).map { $0.lowercased() }
            )
        }
        return CustomCommand(
            name: self["command"] ?? self["name"]?.lowercased() ?? "",
            summary: self["summary"] ?? "",
            content: content,
            file: kind == "webhook" ? nil : try file(),
            isOn: isOn("isOn")
        )
    }
}
