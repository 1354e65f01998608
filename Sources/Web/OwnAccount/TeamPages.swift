internal import Accounts
internal import Foundation
internal import Hummingbird

/// `/settings/team`: the agents of an account, or for an agent the team that it helps.
struct TeamPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages

    var routes: [Route] {
        [
            .get("/settings/team", .signedIn) { request, context in try await show(request, context) },
            .post("/settings/team", .may(.team)) { request, context in try await invite(request, context) },
            .post("/settings/team/leave", .signedIn) { _, context in
                try await accounts.leaveTeam(context.signedIn())
                return Redirect.to("/settings", cookies: [Flash.cookie("team_left")])
            },
            .post("/settings/team/invitations/{id}/withdraw", .may(.team)) { _, context in
                guard let id = InvitationID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownInvitation
                }
                try await accounts.withdraw(id, by: context.signedIn())
                return Redirect.to("/settings/team", cookies: [Flash.cookie("invitation_withdrawn")])
            },
            .post("/settings/team/members/{id}/remove", .may(.team)) { _, context in
                guard let id = AccountID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownAccount
                }
                try await accounts.remove(id, by: context.signedIn())
                return Redirect.to("/settings/team", cookies: [Flash.cookie("member_removed")])
            },
        ]
    }

    private func show(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        let (members, invitations) = try await accounts.team(of: viewer)
        var owner: String?
        if let id = viewer.account.teamOwner { owner = try await accounts.account(id).name }
        var page = TeamPage(viewer, members, invitations, owner: owner, strings: strings, now: Date())
        if let error {
            page.email = page.email.again(context.form, error, strings)
            if error.field != "email" { page.problem = strings.message(of: error) }
        }
        return try await panel.response(
            page,
            of: .settingsTeam,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func invite(_ request: Request, _ context: WebContext) async throws -> Response {
        do {
            try await accounts.invite(context.form["email"] ?? "", by: context.signedIn())
            return Redirect.to("/settings/team", cookies: [Flash.cookie("invited")])
        } catch let error as AccountsError {
            return try await show(request, context, error)
        }
    }
}

/// `/settings/team`.
struct TeamPage: PanelPage {
    struct Member: Sendable {
        let memberName: String
        let memberFacts: String
        let memberRemoveURL: String
        let memberConfirm: String
    }

    struct Invitation: Sendable {
        let invitationEmail: String
        let invitationFacts: String
        let invitationURL: String
    }

    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    let mayInvite: Bool
    let members: [Member]
    let hasMembers: Bool
    let invitations: [Invitation]
    let hasInvitations: Bool
    let empty: EmptyState?
    /// Whose team the account helps.
    let helping: String?
    var email: Field
    var problem: String?

    init(
        _ viewer: Viewer,
        _ members: [TeamMember],
        _ invitations: [TeamInvitation],
        owner: String?,
        strings: Strings,
        now: Date
    ) {
        title = "\(strings("settings.nav.team")) · Wharf"
        subNavigation = SettingsPlace.team.navigation(viewer, strings)
        mayInvite = viewer.may(.team)
        self.members = members.map { member in
            let seen = member.lastLoginAt.map { strings.distance(to: $0, from: now) } ?? strings("time.never")
            return Member(
                memberName: member.name,
                memberFacts: strings("settings.team.facts", ["email": member.email.text, "seen": seen]),
                memberRemoveURL: "/settings/team/members/\(member.id)/remove",
                memberConfirm: strings("settings.team.remove_confirm", ["name": member.name])
            )
        }
        hasMembers = !members.isEmpty
        self.invitations = invitations.map { invitation in
            Invitation(
                invitationEmail: invitation.email.text,
                invitationFacts: strings(
                    "settings.team.until",
                    ["time": strings.distance(to: invitation.expiresAt, from: now)]
                ),
                invitationURL: "/settings/team/invitations/\(invitation.id)/withdraw"
            )
        }
        hasInvitations = !invitations.isEmpty
        let isEmpty = members.isEmpty && invitations.isEmpty && viewer.may(.team)
        empty =
            isEmpty
            ? EmptyState(
                emptyIcon: "people",
                emptyTitle: strings("settings.team.empty"),
                emptyText: strings("settings.team.empty_text")
            ) : nil
        helping = owner.map { strings("settings.team.helping", ["owner": $0]) }
        email = Field(
            "email",
            strings("settings.team.email"),
            type: "email",
            autocomplete: "off",
            maxLength: 254,
            inputMode: "email"
        )
    }
}
