internal import Accounts
internal import Bots
internal import Foundation
internal import Hummingbird

/// What `/bots/ID/statistics` shows.
struct StatisticsPage: CommandPage {
    struct Command: Sendable {
        let useName: String
        let useRuns: String
        let useCount: Int
        let useErrors: String
        let useHasErrors: Bool
        let useTime: String
    }

    struct User: Sendable {
        let userName: String
        let userRuns: String
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let spans: [TabEntry]
    let runs: String
    let errors: String
    let slowest: String
    let most: Int
    let uses: [Command]
    let users: [User]
    let hasUse: Bool
    let empty: EmptyState?
}

/// What `/bots/ID/warnings` shows.
struct WarningsPage: CommandPage {
    struct Member: Sendable {
        let warnedChat: String
        let warnedChatName: String
        let warnedPerson: String
        let warnedName: String
        let warnedCount: String
        let warnedReason: String?
        let warnedAt: String
    }

    let title: String
    let frame: CommandFrame
    var problem: String?
    let members: [Member]
    let hasMembers: Bool
    let empty: EmptyState?
}

/// `/bots/ID/statistics` and `/bots/ID/warnings`: what came of a bot's commands.
struct ActivityPages: Sendable {
    let desk: CommandDesk

    var routes: [Route] {
        [
            .get("/bots/{id}/statistics", .signedIn) { request, context in try await statistics(request, context) },
            .get("/bots/{id}/warnings", .signedIn) { request, context in try await warnings(request, context) },
            desk.form("warnings/reset", .signedIn, flash: "warnings_reset") { id, caller, form in
                try await desk.control.resetWarnings(
                    of: form["person"] ?? "",
                    in: form["chat"] ?? "",
                    bot: id,
                    by: caller
                )
                return "warnings"
            } again: { request, context, error in
                try await warnings(request, context, error)
            },
        ]
    }

    private func statistics(_ request: Request, _ context: WebContext) async throws -> Response {
        let visit = try await desk.visit(.statistics, request, context)
        let strings = visit.strings
        let span = request.uri.queryParameters["span"].flatMap { StatisticsSpan(rawValue: String($0)) } ?? .week
        let shown = try await desk.control.statistics(of: visit.id, span: span, for: visit.caller)
        let page = StatisticsPage(
            title: visit.title(.statistics),
            frame: visit.frame,
            spans: StatisticsSpan.allCases.map { other in
                TabEntry(
                    strings("commands.statistics.span.\(other.rawValue)"),
                    "\(visit.base)/statistics?span=\(other.rawValue)",
                    isCurrent: other == span
                )
            },
            runs: strings.number(shown.runs),
            errors: strings.number(shown.errors),
            slowest: Self.time(shown.p95, strings),
            most: max(1, shown.commands.first?.runs ?? 1),
            uses: shown.commands.map { command in
                StatisticsPage.Command(
                    useName: command.name,
                    useRuns: strings.number(command.runs),
                    useCount: command.runs,
                    useErrors: strings.number(command.errors),
                    useHasErrors: command.errors > 0,
                    useTime: Self.time(command.p95, strings)
                )
            },
            users: shown.users.map { user in
                StatisticsPage.User(userName: PersonName.text(user.person), userRuns: strings.number(user.runs))
            },
            hasUse: !shown.commands.isEmpty,
            empty: shown.commands.isEmpty
                ? EmptyState(
                    emptyIcon: "gauge",
                    emptyTitle: strings("commands.statistics.empty"),
                    emptyText: strings("commands.statistics.empty_text")
                ) : nil
        )
        return try await desk.response(page, of: .botStatistics, visit, request, context)
    }

    /// Times are known up to a power of two.
    private static func time(_ duration: Duration?, _ strings: Strings) -> String {
        guard let duration else { return "–" }
        let milliseconds = Int(duration / .milliseconds(1))
        return milliseconds < 1_000 ? "< \(milliseconds) ms" : "< \((milliseconds + 999) / 1_000) s"
    }

    private func warnings(_ request: Request, _ context: WebContext, _ error: (any UserFacingError)? = nil) async throws
        -> Response
    {
        let visit = try await desk.visit(.warnings, request, context, error: error)
        let strings = visit.strings
        let warned = try await desk.control.warnings(of: visit.id, for: visit.caller)
        let groups = warned.isEmpty ? [:] : try await desk.control.groups(of: visit.id, for: visit.caller)
        let page = WarningsPage(
            title: visit.title(.warnings),
            frame: visit.frame,
            members: warned.map { member in
                WarningsPage.Member(
                    warnedChat: member.chat,
                    warnedChatName: groups[member.chat] ?? PersonName.text(member.chat),
                    warnedPerson: member.person,
                    warnedName: PersonName.text(member.person),
                    warnedCount: strings.number(member.count),
                    warnedReason: member.lastReason,
                    warnedAt: strings.moment(member.lastAt)
                )
            },
            hasMembers: !warned.isEmpty,
            empty: warned.isEmpty
                ? EmptyState(
                    emptyIcon: "shield",
                    emptyTitle: strings("commands.warnings.empty"),
                    emptyText: strings("commands.warnings.empty_text")
                ) : nil
        )
        return try await desk.response(page, of: .botWarnings, visit, request, context)
    }
}

/// How pages name somebody whose JID is known: the phone number, where it is one.
enum PersonName {
    static func text(_ jid: String) -> String {
        let parts = jid.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, parts[1] == "s.whatsapp.net" else { return jid }
        return "+\(parts[0])"
    }
}
