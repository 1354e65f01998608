internal import Accounts
internal import Bots
internal import Fleet
internal import Hummingbird

/// The parts of a bot's commands, each a page of its own.
enum CommandPart: String, CaseIterable, Sendable {
    case commands
    case answers
    case chats
    case rules
    case custom
    case schedules
    case presets
    case statistics
    case warnings

    var access: BotAccess {
        switch self {
        case .commands, .rules, .schedules, .warnings, .statistics: .view
        case .answers, .chats, .custom, .presets: .own
        }
    }
}

/// What stands above every page of a bot's commands.
struct CommandFrame: Sendable {
    let row: BotRow
    let botTabs: [TabEntry]
    let server: String
    /// `/bots/ID`.
    let base: String
    let parts: [TabEntry]
    let mayChange: Bool
    let mayOperate: Bool
}

/// A page of a bot's commands.
protocol CommandPage: PanelPage {
    var frame: CommandFrame { get }
    var problem: String? { get set }
}

extension CommandPage {
    var panelPlace: PanelPlace { .dashboard }
}

/// What a page of a bot's commands is made from.
struct CommandDesk: Sendable {
    let panel: PanelPages
    let control: BotControl

    /// One request for a page of a bot, by somebody who may see that page.
    struct Visit: Sendable {
        let id: BotID
        let caller: BotCaller
        let strings: Strings
        let frame: CommandFrame
        let bot: Bot
        /// What came back from a form, and what is wrong with it.
        var form: FormFields?
        var error: (any UserFacingError)?

        var base: String { frame.base }

        func title(_ part: CommandPart) -> String {
            "\(strings("commands.part.\(part.rawValue)")) · \(bot.name) · Wharf"
        }

        func lines(_ group: String) -> FormLines {
            FormLines(strings: strings, group: group, form: form, error: error)
        }
    }

    func visit(
        _ part: CommandPart,
        _ request: Request,
        _ context: WebContext,
        error: (any UserFacingError)? = nil
    ) async throws -> Visit {
        let caller = try context.signedIn().botCaller
        let strings = panel.strings(request)
        let id = try context.botID()
        let (bot, access) = try await control.services.hosting.find(id, for: caller)
        guard access >= part.access else { throw HostingError.notAllowed }
        let base = "/bots/\(id)"
        let words = BotWords(strings: strings, now: control.services.hosting.time.date())
        let frame = CommandFrame(
            row: BotRow(ListedBot(bot: bot, access: access), words: words),
            botTabs: BotTab.entries(of: id, access, current: .commands, strings),
            server: control.services.hosting.server,
            base: base,
            parts: CommandPart.allCases.filter { access >= $0.access }.map { other in
                TabEntry(
                    strings("commands.part.\(other.rawValue)"),
                    "\(base)/\(other.rawValue)",
                    isCurrent: other == part
                )
            },
            mayChange: access == .own,
            mayOperate: access >= .operate
        )
        return Visit(
            id: id,
            caller: caller,
            strings: strings,
            frame: frame,
            bot: bot,
            form: error == nil ? nil : context.form,
            error: error
        )
    }

    /// The page; above the form stands what is wrong, and in it beside the field where one is at fault.
    func response(
        _ page: some CommandPage,
        of template: PageTemplate,
        _ visit: Visit,
        _ request: Request,
        _ context: WebContext
    ) async throws -> Response {
        var page = page
        page.problem = visit.error.map { visit.strings.message(of: $0) }
        return try await panel.response(
            page,
            of: template,
            to: request,
            context,
            status: visit.error?.status ?? .ok
        )
    }

    /// A form that changes something and leads on; `again` shows the page once more for what cannot be taken.
    func form(
        _ path: String,
        _ access: Access = .may(.bots),
        flash: String? = "saved",
        formLimit: Int = Route.standardFormLimit,
        _ work: @escaping @Sendable (BotID, BotCaller, FormFields) async throws -> String,
        again: @escaping @Sendable (Request, WebContext, any UserFacingError) async throws -> Response
    ) -> Route {
        .post("/bots/{id}/\(path)", access, formLimit: formLimit) { request, context in
            let id = try context.botID()
            let next: String
            do {
                next = try await work(id, try context.signedIn().botCaller, context.form)
            } catch {
                guard let known = userFacing(error), error as? HostingError != .unknownBot else { throw error }
                return try await again(request, context, known)
            }
            return Redirect.to("/bots/\(id)/\(next)", cookies: flash.map { [Flash.cookie($0)] } ?? [])
        }
    }
}

extension BotTab {
    static func entries(of id: BotID, _ access: BotAccess, current: BotTab, _ strings: Strings) -> [TabEntry] {
        allCases.filter { access >= $0.access }.map { other in
            TabEntry(strings("bots.part.\(other.rawValue)"), "/bots/\(id)\(other.path)", isCurrent: other == current)
        }
    }
}
