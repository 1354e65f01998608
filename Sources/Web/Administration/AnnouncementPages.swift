internal import Accounts
internal import Foundation
internal import Hummingbird

/// `/admin/announcements`: sentences above everybody's pages.
struct AnnouncementPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages

    var routes: [Route] {
        [
            .get("/admin/announcements", .may(.changeSettings)) { request, context in
                try await announcements(request, context)
            },
            .post("/admin/announcements", .may(.changeSettings)) { request, context in
                try await announce(request, context)
            },
            .post("/admin/announcements/{id}/remove", .may(.changeSettings)) { _, context in
                guard let id = AnnouncementID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownAnnouncement
                }
                try await accounts.removeAnnouncement(id, by: context.signedIn())
                return Redirect.to("/admin/announcements", cookies: [Flash.cookie("announcement_removed")])
            },
        ]
    }

    private func announcements(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let strings = panel.strings(request)
        var page = AnnouncementsPage(
            try context.signedIn(),
            try await accounts.allAnnouncements(),
            strings: strings,
            now: Date()
        )
        if let error {
            page.message = page.message.again(context.form, error, strings)
            page.kinds = page.kinds.chosen(context.form["kind"])
            page.days = page.days.chosen(context.form["days"] ?? "")
        }
        return try await panel.response(
            page,
            of: .adminAnnouncements,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func announce(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        do {
            try await accounts.announce(
                form["message"] ?? "",
                kind: form["kind"].flatMap(Announcement.Kind.init(rawValue:)) ?? .info,
                until: Self.end(form["days"]),
                by: context.signedIn()
            )
            return Redirect.to("/admin/announcements", cookies: [Flash.cookie("announced")])
        } catch let error as AccountsError {
            return try await announcements(request, context, error)
        }
    }

    /// So many days from now, ten years at most; nil for an announcement without an end.
    private static func end(_ days: String?) -> Date? {
        days.flatMap { Int($0) }.map { Date().addingTimeInterval(Double(min(max($0, 1), 3_650)) * 86_400) }
    }
}

/// `/admin/announcements`.
struct AnnouncementsPage: PanelPage {
    struct Line: Sendable {
        let lineText: String
        let lineKind: String
        let lineKindText: String
        let lineFacts: String
        let lineURL: String
    }

    let panelPlace = PanelPlace.admin
    let title: String
    let subNavigation: [SubEntry]
    let lines: [Line]
    let hasLines: Bool
    let empty: EmptyState?
    var message: Field
    var kinds: [Choice]
    var days: [Choice]

    init(_ viewer: Viewer, _ all: [Announcement], strings: Strings, now: Date) {
        title = "\(strings("admin.nav.announcements")) · Wharf"
        subNavigation = AdminPlace.announcements.navigation(viewer, strings)
        lines = all.map { announcement in
            let end = announcement.endsAt.map {
                strings(
                    $0 <= now ? "admin.announcements.over" : "admin.announcements.until",
                    ["day": strings.moment($0)]
                )
            }
            return Line(
                lineText: announcement.message,
                lineKind: announcement.kind == .warning ? "warning" : "good",
                lineKindText: strings("admin.announcements.kind.\(announcement.kind.rawValue)"),
                lineFacts: end ?? strings("admin.announcements.forever"),
                lineURL: "/admin/announcements/\(announcement.id)/remove"
            )
        }
        hasLines = !all.isEmpty
        empty =
            all.isEmpty
            ? EmptyState(
                emptyIcon: "megaphone",
                emptyTitle: strings("admin.announcements.empty"),
                emptyText: strings("admin.announcements.empty_text")
            ) : nil
        message = Field("message", strings("admin.announcements.message"), autocomplete: "off", maxLength: 500)
        kinds = Announcement.Kind.allCases.map {
            Choice($0.rawValue, strings("admin.announcements.kind.\($0.rawValue)"), isSelected: $0 == .info)
        }
        days =
            [1, 3, 7, 30].map { Choice("\($0)", strings.counted("time.days", $0), isSelected: $0 == 7) }
            + [Choice("", strings("admin.announcements.forever"), isSelected: false)]
    }
}
