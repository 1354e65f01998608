internal import Accounts
internal import Foundation
internal import Hummingbird

/// `/settings/keys` and `/settings/team`.
struct KeyPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages

    var routes: [Route] {
        [
            .get("/settings/keys", .signedIn) { request, context in try await keys(request, context) },
            .post("/settings/keys", .signedIn) { request, context in try await make(request, context) },
            .post("/settings/keys/{id}/revoke", .signedIn) { _, context in
                guard let id = APIKeyID(context.parameters.get("id") ?? "") else { throw AccountsError.unknownKey }
                try await accounts.revokeKey(id, by: context.signedIn())
                return Redirect.to("/settings/keys", cookies: [Flash.cookie("key_revoked")])
            },
        ]
    }

    private func keys(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil,
        made: SecretToken? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var page = KeysPage(viewer, try await accounts.apiKeys(of: viewer), strings: strings, now: Date())
        page.madeKey = made?.text
        if let error { page = page.again(context.form, error, strings) }
        return try await panel.response(
            page,
            of: .settingsKeys,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }

    private func make(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        do {
            // The new key is shown in the answer to the form itself: it is nowhere else to be had.
            let (_, text) = try await accounts.makeKey(
                name: form["name"] ?? "",
                scopes: Set(form.all("scope")),
                expiresAt: form["days"].flatMap { Double($0) }.map { Date().addingTimeInterval($0 * 86_400) },
                by: context.signedIn()
            )
            return try await keys(request, context, made: text)
        } catch AccountsError.confirmationNeeded {
            return Redirect.toConfirmation
        } catch let error as AccountsError {
            return try await keys(request, context, error)
        }
    }
}

/// `/settings/keys`.
struct KeysPage: PanelPage {
    struct Key: Sendable {
        let keyName: String
        let keyPrefix: String
        let keyScopes: String
        let keyFacts: String
        let keyIsOver: Bool
        let keyRevokeURL: String
        let keyConfirm: String
    }

    struct Scope: Sendable {
        let scopeName: String
        let scopeID: String
        let scopeText: String
        let scopeIsOn: Bool
    }

    let panelPlace = PanelPlace.settings
    let title: String
    let subNavigation: [SubEntry]
    let keys: [Key]
    let hasKeys: Bool
    let empty: EmptyState?
    var scopes: [Scope]
    var name: Field
    let days: [Choice]
    var madeKey: String?
    var problem: String?

    init(_ viewer: Viewer, _ keys: [APIKey], strings: Strings, now: Date) {
        title = "\(strings("settings.nav.keys")) · Wharf"
        subNavigation = SettingsPlace.keys.navigation(viewer, strings)
        self.keys = keys.map { key in
            let used =
                key.lastUsedAt.map { strings("settings.keys.used", ["time": strings.distance(to: $0, from: now)]) }
                ?? strings("settings.keys.unused")
            let end =
                key.expiresAt.map { strings("settings.keys.until", ["day": strings.day($0)]) }
                ?? strings("settings.keys.forever")
            return Key(
                keyName: key.name,
                keyPrefix: key.prefix + "…",
                keyScopes: key.scopes.map(\.rawValue).sorted().joined(separator: ", "),
                keyFacts: "\(used) · \(end)",
                keyIsOver: key.expiresAt.map { $0 <= now } ?? false,
                keyRevokeURL: "/settings/keys/\(key.id)/revoke",
                keyConfirm: strings("settings.keys.revoke_confirm", ["name": key.name])
            )
        }
        hasKeys = !keys.isEmpty
        empty =
            keys.isEmpty
            ? EmptyState(
                emptyIcon: "key",
                emptyTitle: strings("settings.keys.empty"),
                emptyText: strings("settings.keys.empty_text")
            ) : nil
        scopes = APIScope.allCases.filter { viewer.may($0) }.map { scope in
            let name = scope.rawValue.replacing(":", with: "_")
            return Scope(
                scopeName: scope.rawValue,
                scopeID: "scope-\(name)",
                scopeText: strings("scopes.\(name)"),
                scopeIsOn: false
            )
        }
        name = Field(
            "name",
            strings("settings.keys.name"),
            hint: strings("settings.keys.name_hint"),
            autocomplete: "off",
            maxLength: 60
        )
        days =
            [30, 90, 365].map { Choice("\($0)", strings.counted("time.days", $0), isSelected: $0 == 90) }
            + [Choice("", strings("settings.keys.forever"), isSelected: false)]
    }

    func again(_ form: FormFields, _ error: AccountsError, _ strings: Strings) -> KeysPage {
        var page = self
        page.name = name.again(form, error, strings)
        let chosen = Set(form.all("scope"))
        page.scopes = scopes.map {
            Scope(
                scopeName: $0.scopeName,
                scopeID: $0.scopeID,
                scopeText: $0.scopeText,
                scopeIsOn: chosen.contains($0.scopeName)
            )
        }
        if case .unknownScope("") = error {
            page.problem = strings("settings.keys.no_scope")
        } else if error.field != "name" {
            page.problem = strings.message(of: error)
        }
        return page
    }
}
