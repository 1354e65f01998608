import Fleet
import Foundation
import HTTPClient
import WhatsApp
import WhatsAppWire

/// A custom command as the pipeline runs it.
struct CustomRun: Command {
    let custom: CustomCommand
    let declaration: CommandDeclaration

    init(_ custom: CustomCommand) {
        self.custom = custom
        var permissions: CommandPermissions = []
        if custom.content.isForAdmins == true { permissions.insert(.groupAdmin) }
        if custom.content.isForOwners == true { permissions.insert(.owner) }
        declaration = CommandDeclaration(
            custom.name,
            .automation,
            Phrase(same: "\(custom.summary)"),
            arguments: [
                CommandArgument(
                    "text",
                    "teks",
                    .text,
                    optional: true,
                    Phrase(en: "What the command is given.", id: "Isian untuk perintah ini.")
                )
            ],
            permissions: permissions,
            timeLimit: .seconds(45)
        )
    }

    func run(_ context: CommandContext) async throws {
        let content = custom.content
        if let webhook = content.webhook { return try await WebhookRun(custom, webhook).run(context) }
        var values = await TemplateValues(context)
        if let request = content.request { values.response = try await ask(request, values, context) }
        let text = custom.text(values, context.language)
        let mentions = text.contains(context.sender.mention) ? [context.sender.jid] : []
        try await context.answer(text, file: custom.file, mentions: mentions)
    }

    private func ask(_ request: CustomContent.Request, _ values: TemplateValues, _ context: CommandContext) async throws
        -> [UInt8]
    {
        let address = values.fill(request.url, escape: SafeAddress.escaped)
        guard let url = CommandArguments.webAddress(address), let host = url.host,
            SafeAddress.isAllowed(host, by: request.hosts)
        else {
            throw CommandRefusal(
                Phrase(
                    en: "This command's address is not among those that it may ask.",
                    id: "Alamat perintah ini tidak termasuk yang boleh ditanya."
                )
            )
        }
        var order = HTTPRequest(request.method == "POST" ? .post : .get, address)
        if request.method == "POST" {
            order.headers = [HTTPHeader("Content-Type", "application/json")]
            order.body = Array(values.fill(request.body ?? "", escape: Self.escapedJSON).utf8)
        }
        order.timeout = .seconds(request.seconds)
        order.responseLimit = 256 << 10
        order.isPublicOnly = context.services.asksPublicOnly
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await context.services.http.send(order)
        } catch {
            throw CommandRefusal(Phrase(en: "The address does not answer.", id: "Alamatnya tidak menjawab."))
        }
        guard (200..<300).contains(response.status) else {
            throw CommandRefusal(
                Phrase(
                    en: "The address has answered with \(response.status).",
                    id: "Alamatnya menjawab dengan \(response.status)."
                )
            )
        }
        return response.body
    }

    /// A value that must stay inside of a text in JSON.
    private static func escapedJSON(_ value: String) -> String {
        let data = (try? JSONEncoder().encode([value])) ?? Data()
        return String(String(decoding: data, as: UTF8.self).dropFirst(2).dropLast(2))
    }
}

extension TemplateValues {
    init(_ context: CommandContext) async {
        await self.init(context.message, context.sender, context.bot, context.session, context.services)
        prefix = context.prefix
        text = context.arguments.text
        words = context.arguments.words
    }

    init(
        _ message: HeardMessage,
        _ sender: Person,
        _ bot: LiveBot,
        _ session: Session,
        _ services: CommandServices
    ) async {
        self.init()
        name = String((message.pushName ?? sender.number ?? "").prefix(100))
        mention = sender.mention
        number = sender.number ?? ""
        self.bot = bot.conduct.name
        prefix = bot.conduct.prefixes.first ?? ""
        now = services.time.date()
        zone = bot.conduct.timeZone
        text = String(message.text.prefix(2_000))
        words = text.split(whereSeparator: \.isWhitespace).prefix(9).map(String.init)
        guard message.isGroup, let metadata = try? await session.metadata(of: message.chat) else { return }
        group = metadata.subject
        members = "\(metadata.members.count)"
        description = metadata.description?.text ?? ""
    }
}

extension CommandContext {
    /// Answers with a text, a file of the bot, or both.
    func answer(_ text: String, file id: UUID?, mentions: [JID]) async throws {
        guard let id, let file = try await FileRepository(database: store.database).find(id, of: bot.id) else {
            guard !text.isEmpty else { return }
            try await reply(verbatim: text, mentions: mentions)
            return
        }
        let content = try await file.content(session, caption: text.isEmpty ? nil : text)
        try await reply(content, mentions: mentions)
        if !text.isEmpty, !file.kind.hasCaption { try await reply(verbatim: text, mentions: mentions) }
    }
}
