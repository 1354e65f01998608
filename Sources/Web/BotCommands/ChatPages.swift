internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// What `/bots/ID/chats` shows.
struct ChatsPage: CommandPage {
    struct Entry: Sendable {
        let chatID: String
        let chatURL: String
        let chatName: String
        let chatSummary: String
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let chats: [Entry]
    let hasChats: Bool
    let chat: FormLine
    /// The groups that the bot is in, to choose from; empty while it does not run.
    let groups: [Choice]
    let hasGroups: Bool
}

/// What the settings of one chat show.
struct ChatPage: CommandPage {
    let title: String
    let frame: CommandFrame
    var problem: String?
    let chatID: String
    let chatName: String
    let groups: [LineGroup]
    let categories: [Choice]
    let places: [PlaceHelp]
}

/// `/bots/ID/chats`: chats in which a bot behaves otherwise.
struct ChatPages: Sendable {
    let desk: CommandDesk

    var routes: [Route] {
        [
            .get("/bots/{id}/chats", .may(.bots)) { request, context in
                let chat = request.uri.queryParameters["chat"].map(String.init)
                return if let chat { try await show(chat, request, context) } else { try await list(request, context) }
            },
            desk.form("chats", flash: nil) { id, caller, form in
                let chat = form["chat"] ?? form["group"] ?? ""
                // Whether it can be one; nothing is written yet.
                _ = try await desk.control.chat(chat, of: id, for: caller)
                return "chats?chat=\(chat.percentEncoded)"
            } again: { request, context, error in
                try await list(request, context, error)
            },
            desk.form("chats/save") { id, caller, form in
                _ = try await desk.control.change(form["chat"] ?? "", of: id, by: caller) { settings in
                    try form.read(into: &settings)
                }
                return "chats"
            } again: { request, context, error in
                try await show(context.form["chat"] ?? "", request, context, error)
            },
            desk.form("chats/forget") { id, caller, form in
                try await desk.control.forget(form["chat"] ?? "", of: id, by: caller)
                return "chats"
            } again: { request, context, error in
                try await list(request, context, error)
            },
        ]
    }

    private func list(_ request: Request, _ context: WebContext, _ error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let visit = try await desk.visit(.chats, request, context, error: error)
        let kept = try await desk.control.chats(of: visit.id, for: visit.caller)
        let names = try await desk.control.groups(of: visit.id, for: visit.caller)
        let chats = kept.map { jid, settings in
            ChatsPage.Entry(
                chatID: jid,
                chatURL: "\(visit.base)/chats?chat=\(jid.percentEncoded)",
                chatName: names[jid] ?? PersonName.text(jid),
                chatSummary: Self.summary(settings, visit.strings)
            )
        }
        let groups = names.filter { kept[$0.key] == nil }.sorted { $0.value < $1.value }
        let page = ChatsPage(
            title: visit.title(.chats),
            frame: visit.frame,
            chats: chats.sorted { ($0.chatName, $0.chatID) < ($1.chatName, $1.chatID) },
            hasChats: !chats.isEmpty,
            chat: visit.lines("commands.chats").text("chat", nil, placeholder: "+1 555 000 1111", limit: 128),
            groups: groups.isEmpty
                ? []
                : [Choice("", visit.strings("commands.chats.choose"), isSelected: true)]
                    + groups.prefix(500).map { Choice($0.key, $0.value, isSelected: false) },
            hasGroups: !groups.isEmpty
        )
        return try await desk.response(page, of: .botChats, visit, request, context)
    }

    private static func summary(_ settings: ChatSettings, _ strings: Strings) -> String {
        let parts: [(String, Bool)] = [
            ("isSilent", settings.isSilent == true), ("isTalking", settings.isTalking == true),
            ("isForAdmins", settings.isForAdmins == true),
            ("prefixes", settings.prefixes != nil),
            (
                "commands",
                settings.disabledCommands != nil || settings.enabledCommands != nil
                    || settings.disabledCategories != nil
            ),
            ("links", settings.links != nil), ("flood", settings.flood != nil), ("words", settings.words != nil),
            ("bots", settings.bots != nil), ("slowMode", settings.slowMode != nil),
            ("welcome", settings.welcome != nil || settings.isWelcoming == true),
            ("goodbye", settings.goodbye != nil || settings.isSayingGoodbye == true),
            ("keepsDeleted", settings.keepsDeleted != nil),
            ("warnLimit", settings.warnLimit != nil || settings.warnAction != nil), ("hours", settings.hours != nil),
        ]
        return parts.filter(\.1).map { strings("commands.chats.summary.\($0.0)") }.joined(separator: ", ")
    }

    private func show(
        _ chat: String,
        _ request: Request,
        _ context: WebContext,
        _ error: (any UserFacingError)? = nil
    ) async throws -> Response {
        let visit = try await desk.visit(.chats, request, context, error: error)
        let settings: ChatSettings
        do {
            settings = try await desk.control.chat(chat, of: visit.id, for: visit.caller)
        } catch is ConductError {
            throw RequestError.notFound
        }
        let names = try await desk.control.groups(of: visit.id, for: visit.caller)
        let off =
            visit.form.map { Set($0.all("category")) }
            ?? Set((settings.disabledCategories ?? []).map(\.rawValue))
        let page = ChatPage(
            title: visit.title(.chats),
            frame: visit.frame,
            chatID: chat,
            chatName: names[chat] ?? PersonName.text(chat),
            groups: Self.groups(settings, visit.lines("commands.chat"), visit.strings),
            categories: CommandCategory.allCases.map {
                Choice(
                    $0.rawValue,
                    visit.strings("commands.category.\($0.rawValue)"),
                    isSelected: off.contains($0.rawValue)
                )
            },
            places: PlaceHelp.greetings(visit.strings)
        )
        return try await desk.response(page, of: .botChat, visit, request, context)
    }

    private static func groups(_ settings: ChatSettings, _ lines: FormLines, _ strings: Strings) -> [LineGroup] {
        let asUsual = strings("commands.chat.as_usual")
        let off = strings("commands.off")
        let actions = ModerationAction.allCases.map { ($0.rawValue, strings("commands.action.\($0.rawValue)")) }
        let rule: (String, ModerationAction?) -> FormLine = { name, action in
            lines.choice(name, action?.rawValue ?? "", [("", off)] + actions)
        }
        return [
            LineGroup(
                groupTitle: strings("commands.chat.group.answers"),
                groupLines: [
                    lines.check("isSilent", settings.isSilent == true),
                    lines.check("isForAdmins", settings.isForAdmins == true),
                    lines.check("isTalking", settings.isTalking == true),
                    lines.text("prefixes", settings.prefixes?.joined(separator: " "), placeholder: asUsual, limit: 60),
                    lines.area(
                        "disabledCommands",
                        settings.disabledCommands?.sorted().joined(separator: " "),
                        rows: 2,
                        limit: 2_000
                    ),
                    lines.area(
                        "enabledCommands",
                        settings.enabledCommands?.sorted().joined(separator: " "),
                        rows: 2,
                        limit: 2_000
                    ),
                ]
            ),
            LineGroup(
                groupTitle: strings("commands.chat.group.order"),
                groupLines: [
                    rule("links", settings.links?.action),
                    lines.area("linksAllowed", settings.links?.allowed.joined(separator: "\n"), rows: 2, limit: 4_000),
                    rule("words", settings.words?.action),
                    lines.area("wordList", settings.words?.words.joined(separator: "\n"), rows: 2, limit: 8_000),
                    rule("flood", settings.flood?.action),
                    lines.number(
                        "floodMessages",
                        settings.flood?.messages,
                        in: ChatSettings.floodMessages,
                        placeholder: "6"
                    ),
                    lines.number(
                        "floodSeconds",
                        settings.flood?.seconds,
                        in: ChatSettings.floodSeconds,
                        placeholder: "8"
                    ),
                    rule("bots", settings.bots),
                    lines.number("slowMode", settings.slowMode, in: ChatSettings.slowModes, placeholder: off),
                    lines.number("warnLimit", settings.warnLimit, in: ConductSettings.warnLimits, placeholder: asUsual),
                    lines.choice("warnAction", settings.warnAction?.rawValue ?? "", [("", asUsual)] + actions),
                    lines.flag("keepsDeleted", settings.keepsDeleted, usual: asUsual),
                ]
            ),
            LineGroup(
                groupTitle: strings("commands.chat.group.members"),
                groupLines: [
                    lines.flag("isWelcoming", settings.isWelcoming, usual: asUsual),
                    lines.area("welcome", settings.welcome, limit: ConductSettings.textLimit),
                    lines.flag("isSayingGoodbye", settings.isSayingGoodbye, usual: asUsual),
                    lines.area("goodbye", settings.goodbye, limit: ConductSettings.textLimit),
                    lines.text("opens", settings.hours?.opens.map(ClockText.write), limit: 5, type: "time"),
                    lines.text("closes", settings.hours?.closes.map(ClockText.write), limit: 5, type: "time"),
                ]
            ),
        ]
    }
}

/// Minutes since midnight as forms write them.
enum ClockText {
    static func write(_ minutes: Int) -> String {
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

extension FormFields {
    /// Takes over what the form of a chat's settings says.
    fileprivate func read(into settings: inout ChatSettings) throws {
        settings.isSilent = isOn("isSilent") ? true : nil
        settings.isForAdmins = isOn("isForAdmins") ? true : nil
        settings.isTalking = isOn("isTalking") ? true : nil
        settings.prefixes = self["prefixes"]?.split(whereSeparator: \.isWhitespace).map(String.init)
        settings.disabledCommands = words("disabledCommands").map(Set.init)
        settings.enabledCommands = words("enabledCommands").map(Set.init)
        let categories = all("category").compactMap { CommandCategory(rawValue: $0) }
        settings.disabledCategories = categories.isEmpty ? nil : Set(categories)
        settings.links = try choice("links", ModerationAction.self).map { action in
            LinkRule(action: action, allowed: (words("linksAllowed") ?? []).map { $0.lowercased() })
        }
        settings.words = try choice("words", ModerationAction.self).map { action in
            let list = self["wordList"]?.split { $0.isNewline || $0 == "," } ?? []
            return WordRule(action: action, words: list.map { $0.trimmed.lowercased() }.filter { !$0.isEmpty })
        }
        let messages = try number("floodMessages", in: ChatSettings.floodMessages)
        let seconds = try number("floodSeconds", in: ChatSettings.floodSeconds)
        settings.flood = try choice("flood", ModerationAction.self).map { action in
            FloodRule(action: action, messages: messages ?? 6, seconds: seconds ?? 8)
        }
        settings.bots = try choice("bots")
        settings.slowMode = try number("slowMode", in: ChatSettings.slowModes)
        settings.warnLimit = try number("warnLimit", in: ConductSettings.warnLimits)
        settings.warnAction = try choice("warnAction")
        settings.keepsDeleted = flag("keepsDeleted")
        settings.isWelcoming = flag("isWelcoming")
        settings.welcome = lines("welcome")
        settings.isSayingGoodbye = flag("isSayingGoodbye")
        settings.goodbye = lines("goodbye")
        let (opens, closes) = (try clock("opens"), try clock("closes"))
        settings.hours = opens == nil && closes == nil ? nil : OpeningHours(opens: opens, closes: closes)
    }

    private func clock(_ name: String) throws -> Int? {
        guard let text = self[name] else { return nil }
        guard let minutes = BotPages.minutes(text) else { throw ConductError(name, .notATime) }
        return minutes
    }
}
