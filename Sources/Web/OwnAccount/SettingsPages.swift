internal import Accounts
internal import Bots
internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Outreach
internal import QRCodes

/// `/settings/…`: the own account.
struct SettingsPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let cookie: LoginCookie
    /// Nil where no bots run.
    let hosting: Hosting?
    let links: ShortLinks?

    var routes: [Route] {
        [
            .get("/settings", .signedIn) { request, context in try await profile(request, context) },
            .post("/settings/name", .signedIn) { request, context in
                try await change(request, context, "/settings", "saved") {
                    try await accounts.changeName(to: context.form["name"] ?? "", by: $0)
                } again: {
                    try await profile(request, context, $0)
                }
            },
            .post("/settings/email", .signedIn) { request, context in
                try await change(request, context, "/settings", "email_change_sent", isSensitive: true) {
                    try await accounts.askForEmailChange(to: context.form["email"] ?? "", by: $0)
                } again: {
                    try await profile(request, context, $0)
                }
            },
            .get("/settings/security", .signedIn) { request, context in try await security(request, context) },
            .post("/settings/confirm", .signedIn) { request, context in
                try await change(request, context, "/settings/security", "confirmed", isSensitive: true) { _ in
                } again: {
                    try await security(request, context, $0)
                }
            },
            .post("/settings/password", .signedIn) { request, context in
                try await change(request, context, "/settings/security", "password_changed", isSensitive: true) {
                    try await accounts.changePassword(to: context.form.verbatim("password"), by: $0)
                } again: {
                    try await security(request, context, $0)
                }
            },
            .post("/settings/two-factor", .signedIn) { request, context in
                try await change(request, context, "/settings/security", nil, isSensitive: true) {
                    _ = try await accounts.proposeSecondFactor(for: $0)
                } again: {
                    try await security(request, context, $0)
                }
            },
            .post("/settings/two-factor/on", .signedIn) { request, context in
                try await codes(request, context) {
                    try await accounts.enableSecondFactor(code: context.form["code"] ?? "", by: $0)
                }
            },
            .post("/settings/two-factor/codes", .signedIn) { request, context in
                try await codes(request, context) {
                    try await accounts.renewRecoveryCodes(by: $0)
                }
            },
            .post("/settings/two-factor/off", .signedIn) { request, context in
                try await change(request, context, "/settings/security", "two_factor_off", isSensitive: true) {
                    try await accounts.disableSecondFactor(by: $0)
                } again: {
                    try await security(request, context, $0)
                }
            },
            .post("/settings/unlink/{provider}", .signedIn) { request, context in
                try await change(request, context, "/settings/security", "identity_unlinked", isSensitive: true) {
                    try await accounts.unlink(context.parameters.get("provider") ?? "", by: $0)
                } again: {
                    try await security(request, context, $0)
                }
            },
            .get("/settings/devices", .signedIn) { request, context in try await devices(request, context) },
            .post("/settings/devices/others", .signedIn) { _, context in
                try await accounts.revokeOthers(by: context.signedIn())
                return Redirect.to("/settings/devices", cookies: [Flash.cookie("devices_revoked")])
            },
            .post("/settings/devices/{id}/revoke", .signedIn) { _, context in
                guard let id = LoginSessionID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownLoginSession
                }
                try await accounts.revoke(id, by: context.signedIn())
                return Redirect.to("/settings/devices", cookies: [Flash.cookie("device_revoked")])
            },
            .post("/settings/devices/programs/{id}/revoke", .signedIn) { _, context in
                guard let id = APILoginID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownLoginSession
                }
                try await accounts.revoke(id, by: context.signedIn())
                return Redirect.to("/settings/devices", cookies: [Flash.cookie("device_revoked")])
            },
            .get("/settings/data", .signedIn) { request, context in try await data(request, context) },
            .post("/settings/export", .signedIn) { _, context in try await export(context) },
            .post("/settings/delete", .signedIn) { request, context in try await delete(request, context) },
        ]
    }

    // MARK: Pages

    private func profile(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var page = ProfilePage(viewer, strings: strings, needsPassword: needsPassword(viewer))
        if let error { page = page.again(context.form, error, strings) }
        return try await response(page, .settingsProfile, request, context, error)
    }

    private func security(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        let isOn = viewer.account.hasSecondFactor
        var page = SecurityPage(
            viewer,
            strings: strings,
            needsPassword: needsPassword(viewer),
            mustLogInAgain: !accounts.isConfirmed(viewer) && !viewer.account.hasPassword,
            codesLeft: isOn ? try await accounts.recoveryCodesLeft(of: viewer) : 0,
            proposal: try await accounts.proposedSecondFactor(of: viewer),
            providers: accounts.providers,
            identities: try await accounts.identities(of: viewer)
        )
        if let error { page = page.again(context.form, error, strings) }
        return try await response(page, .settingsSecurity, request, context, error)
    }

    private func devices(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        let page = DevicesPage(
            viewer,
            try await accounts.loginSessions(of: viewer),
            try await accounts.programs(of: viewer),
            strings: panel.strings(request),
            now: Date()
        )
        return try await panel.response(page, of: .settingsDevices, to: request, context)
    }

    private func data(
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError? = nil
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = panel.strings(request)
        var page = DataPage(viewer, strings: strings, needsPassword: needsPassword(viewer))
        if let error { page.problem = strings.message(of: error) }
        return try await response(page, .settingsData, request, context, error)
    }

    // MARK: What they do

    private func codes(
        _ request: Request,
        _ context: WebContext,
        _ make: (Viewer) async throws -> [String]
    ) async throws -> Response {
        do {
            let viewer = try await confirmed(context)
            let page = RecoveryCodesPage(try await make(viewer), strings: panel.strings(request))
            return try await panel.response(page, of: .settingsCodes, to: request, context)
        } catch let error as AccountsError {
            return try await security(request, context, error)
        }
    }

    private func export(_ context: WebContext) async throws -> Response {
        let document = try await accounts.export(context.signedIn(), withBotsOf: hosting, links)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"wharf-account.json\"",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: document))
        )
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        do {
            let viewer = try await confirmed(context)
            guard context.form["email"]?.lowercased() == viewer.account.email.text else {
                throw AccountsError.invalidEmail
            }
            try await accounts.delete(viewer)
            return Redirect.to("/login", cookies: [cookie.removal, Flash.cookie("account_deleted")])
        } catch let error as AccountsError {
            return try await data(request, context, error)
        }
    }

    /// Runs a change and goes back to its page; when it fails the page comes with what was typed.
    private func change(
        _ request: Request,
        _ context: WebContext,
        _ path: String,
        _ flash: String?,
        isSensitive: Bool = false,
        _ work: (Viewer) async throws -> Void,
        again: (AccountsError) async throws -> Response
    ) async throws -> Response {
        do {
            let viewer = isSensitive ? try await confirmed(context) : try context.signedIn()
            try await work(viewer)
            return Redirect.to(path, cookies: flash.map { [Flash.cookie($0)] } ?? [])
        } catch let error as AccountsError {
            return try await again(error)
        }
    }

    /// The viewer, whose password has been asked for where that was long ago.
    private func confirmed(_ context: WebContext) async throws -> Viewer {
        let viewer = try context.signedIn()
        guard !accounts.isConfirmed(viewer) else { return viewer }
        let password = context.form.verbatim("current")
        guard !password.isEmpty else { throw AccountsError.confirmationNeeded }
        return try await accounts.confirm(viewer, password: password)
    }

    private func needsPassword(_ viewer: Viewer) -> Bool {
        !accounts.isConfirmed(viewer) && viewer.account.hasPassword
    }

    private func response(
        _ page: some PanelPage,
        _ template: PageTemplate,
        _ request: Request,
        _ context: WebContext,
        _ error: AccountsError?
    ) async throws -> Response {
        try await panel.response(
            page,
            of: template,
            to: request,
            context,
            status: error?.status ?? .ok,
            headers: error?.retryFields ?? [:]
        )
    }
}
