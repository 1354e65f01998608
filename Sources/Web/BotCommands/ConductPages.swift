internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// Lines of a form below one heading.
struct LineGroup: Sendable {
    let groupTitle: String
    let groupLines: [FormLine]
}

/// What `/bots/ID/answers` shows.
struct ConductPage: CommandPage {
    let title: String
    let frame: CommandFrame
    var problem: String?
    let version: Int
    let groups: [LineGroup]
    let places: [PlaceHelp]
}

/// `/bots/ID/answers`: how a bot answers.
struct ConductPages: Sendable {
    let desk: CommandDesk

    var routes: [Route] {
        [
            .get("/bots/{id}/answers", .may(.bots)) { request, context in try await show(request, context) },
            desk.form("answers") { id, caller, form in
                try await desk.control.changeConduct(of: id, by: caller, version: form.version) { settings in
                    try form.read(into: &settings)
                }
                return "answers"
            } again: { request, context, error in
                try await show(request, context, error)
            },
        ]
    }

    private func show(_ request: Request, _ context: WebContext, _ error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let visit = try await desk.visit(.answers, request, context, error: error)
        let shown = try await desk.control.conduct(of: visit.id, for: visit.caller)
        let page = ConductPage(
            title: visit.title(.answers),
            frame: visit.frame,
            version: visit.form?.version ?? shown.version,
            groups: Self.groups(shown, visit.lines("commands.answers"), visit.strings),
            places: PlaceHelp.greetings(visit.strings)
        )
        return try await desk.response(page, of: .botAnswers, visit, request, context)
    }

    private static func groups(_ shown: ShownConduct, _ lines: FormLines, _ strings: Strings) -> [LineGroup] {
        let (settings, standard) = (shown.settings, shown.standard)
        let usual: (String) -> String = { strings("bots.env.standard", ["value": $0]) }
        let flag: (String, Bool?, BotConduct.Flags) -> FormLine = { name, value, flag in
            let word = strings(standard.flags.contains(flag) ? "commands.on" : "commands.off")
            return lines.flag(name, value, usual: usual(word))
        }
        let modes = BotMode.allCases.map { ($0.rawValue, strings("commands.mode.\($0.rawValue)")) }
        let languages = BotLanguage.allCases.map { ($0.rawValue, strings("commands.language.\($0.rawValue)")) }
        let typing = AutoTyping.allCases.map { ($0.rawValue, strings("commands.typing.\($0.rawValue)")) }
        let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }.map { ($0, $0) }
        let prefixes = settings.prefixes
        return [
            LineGroup(
                groupTitle: strings("commands.answers.group.whom"),
                groupLines: [
                    lines.text(
                        "prefixes",
                        prefixes?.filter { !$0.isEmpty }.joined(separator: " "),
                        placeholder: standard.prefixes.joined(separator: " "),
                        limit: 60
                    ),
                    lines.check("bare", prefixes.map { $0.isEmpty || $0.contains("") } ?? false),
                    lines.choice(
                        "mode",
                        settings.mode?.rawValue ?? "",
                        [("", usual(strings("commands.mode.\(standard.mode.rawValue)")))] + modes
                    ),
                    lines.area("owners", settings.owners?.joined(separator: "\n"), rows: 2, limit: 400),
                    lines.area("admins", settings.admins?.joined(separator: "\n"), rows: 2, limit: 400),
                ]
            ),
            LineGroup(
                groupTitle: strings("commands.answers.group.manner"),
                groupLines: [
                    lines.choice(
                        "language",
                        settings.language?.rawValue ?? "",
                        [("", usual(strings("commands.language.\(standard.language.rawValue)")))] + languages
                    ),
                    lines.choice(
                        "timeZone",
                        settings.timeZone ?? "",
                        [("", usual(standard.timeZone.identifier)), ("UTC", "UTC")] + zones
                    ),
                    lines.choice(
                        "autoTyping",
                        settings.autoTyping?.rawValue ?? "",
                        [("", usual(strings("commands.typing.off")))] + typing
                    ),
                    flag("readsMessages", settings.readsMessages, .readsMessages),
                    lines.text(
                        "autoReact",
                        settings.autoReact?.joined(separator: " "),
                        placeholder: "👍 ❤️ 🎉",
                        limit: 120
                    ),
                    flag("showsOnline", settings.showsOnline, .showsOnline),
                    lines.number(
                        "commandsPerMinute",
                        settings.commandsPerMinute,
                        in: ConductSettings.rates,
                        placeholder: "\(standard.commandsPerMinute)"
                    ),
                ]
            ),
            LineGroup(
                groupTitle: strings("commands.answers.group.calls"),
                groupLines: [
                    flag("rejectsCalls", settings.rejectsCalls, .rejectsCalls),
                    lines.area("callAnswer", settings.callAnswer, rows: 2, limit: ConductSettings.textLimit),
                    flag("viewsStatuses", settings.viewsStatuses, .viewsStatuses),
                    lines.text("reactsToStatuses", settings.reactsToStatuses, placeholder: "💚", limit: 12),
                    flag("savesStatuses", settings.savesStatuses, .savesStatuses),
                ]
            ),
            LineGroup(
                groupTitle: strings("commands.answers.group.groups"),
                groupLines: [
                    lines.area("welcome", settings.welcome, limit: ConductSettings.textLimit),
                    lines.area("goodbye", settings.goodbye, limit: ConductSettings.textLimit),
                    lines.number(
                        "warnLimit",
                        settings.warnLimit,
                        in: ConductSettings.warnLimits,
                        placeholder: "\(standard.warnLimit)"
                    ),
                    flag("keepsDeleted", settings.keepsDeleted, .keepsDeleted),
                ]
            ),
        ]
    }
}

/// A place of a text that is filled, and with what.
struct PlaceHelp: Sendable {
    let placeName: String
    let placeHelp: String

    init(_ name: String, _ help: String) {
        placeName = "{\(name)}"
        placeHelp = help
    }

    /// Those that texts for members who come and go may use.
    static func greetings(_ strings: Strings) -> [PlaceHelp] {
        ["mention", "name", "number", "group", "members", "description"].map {
            PlaceHelp($0, strings("commands.place.\($0)"))
        }
    }
}

extension FormFields {
    /// Takes over what the form of a bot's answers says.
    fileprivate func read(into settings: inout ConductSettings) throws {
        let prefixes = self["prefixes"]?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        settings.prefixes =
            prefixes.isEmpty ? (isOn("bare") ? [] : nil) : prefixes + (isOn("bare") ? [""] : [])
        settings.mode = try choice("mode")
        settings.owners = numbers("owners")
        settings.admins = numbers("admins")
        settings.language = try choice("language")
        settings.timeZone = self["timeZone"]
        settings.autoTyping = try choice("autoTyping")
        settings.readsMessages = flag("readsMessages")
        settings.autoReact = words("autoReact")
        settings.showsOnline = flag("showsOnline")
        settings.commandsPerMinute = try number("commandsPerMinute", in: ConductSettings.rates)
        settings.rejectsCalls = flag("rejectsCalls")
        settings.callAnswer = lines("callAnswer")
        settings.viewsStatuses = flag("viewsStatuses")
        settings.reactsToStatuses = self["reactsToStatuses"]
        settings.savesStatuses = flag("savesStatuses")
        settings.welcome = lines("welcome")
        settings.goodbye = lines("goodbye")
        settings.warnLimit = try number("warnLimit", in: ConductSettings.warnLimits)
        settings.keepsDeleted = flag("keepsDeleted")
    }

    /// Phone numbers as people write them, one a line or parted by commas, as their digits.
    private func numbers(_ name: String) -> [String]? {
        guard let text = self[name] else { return nil }
        let parts = text.split { $0.isNewline || $0 == "," || $0 == ";" }
        return parts.map { part in
            let isPlain = part.allSatisfy { $0.isASCII && ($0.isNumber || $0 == " " || "+-.()".contains($0)) }
            // What is no number stays as it is, so that it is refused.
            return isPlain ? part.filter(\.isNumber) : String(part.trimmed)
        }.filter { !$0.isEmpty }
    }
}
