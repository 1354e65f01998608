internal import Accounts
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Stands before every handler: finds out who asks, and lets in whom the route's rule lets in.
///
/// A form (POST to a page, unless the route is `open`) is read here and must carry the token of our own page; the handler
/// finds it in `context.form`. A call of the API that comes with a cookie must name the token in `X-CSRF-Token`.
struct Gate: Sendable {
    let accounts: AccountsService
    let cookie: LoginCookie
    let tokens: FormTokens
    let origins: OriginPolicy
    let limits = APILimits()
    /// Calls within a minute until an administrator sets others.
    let callsPerMinute: Int
    let writesPerMinute: Int

    /// Nil when the handler may go on; else the answer.
    func admit(_ request: Request, _ context: inout WebContext, to route: Route) async throws -> Response? {
        if route.path.hasPrefix("/api/") {
            let settings = await accounts.panelSettingsOrLast()
            let isSet = settings.changed.contains(.callsPerMinute)
            try limits.take(address: context.client.network, of: isSet ? settings.callsPerMinute : callsPerMinute)
        }
        switch route.access {
        case .open: return nil
        case .visitors:
            context.viewer = try await browser(request, context)
            try await readForm(request, &context, route)
            return nil
        case .signedIn: return try await admitBrowser(request, &context, route, nil)
        case .may(let permission): return try await admitBrowser(request, &context, route, permission)
        case .api(let scope):
            try await admitProgram(request, &context, route, scope)
            return nil
        }
    }

    private func admitBrowser(
        _ request: Request,
        _ context: inout WebContext,
        _ route: Route,
        _ permission: Permission?
    ) async throws -> Response? {
        guard let viewer = try await browser(request, context) else {
            guard !route.isForMachines else { throw RequestError.loginNeeded }
            return Redirect.toLogin(from: request)
        }
        context.viewer = viewer
        context.logger[metadataKey: "account.id"] = "\(viewer.account.id)"
        if let permission {
            guard viewer.may(permission) else { throw RequestError.notPermitted }
            guard try await accounts.isReady(viewer, for: permission) else {
                return Redirect.to("/verify-email")
            }
        }
        try await readForm(request, &context, route)
        return nil
    }

    private func admitProgram(
        _ request: Request,
        _ context: inout WebContext,
        _ route: Route,
        _ scope: APIScope
    ) async throws {
        let viewer: Viewer
        if let authorization = request.headers[.authorization] {
            guard let token = Self.bearer(authorization),
                let found = try await accounts.viewer(bearer: token, caller: context.caller(request))
            else { throw RequestError.loginNeeded }
            viewer = found
        } else {
            guard let found = try await browser(request, context) else { throw RequestError.loginNeeded }
            viewer = found
            if route.isWrite {
                try origins.check(request)
                try tokens.check(request.headers[.csrfToken], of: request)
            }
        }
        context.viewer = viewer
        context.logger[metadataKey: "account.id"] = "\(viewer.account.id)"
        guard viewer.may(scope) else { throw RequestError.scopeMissing(scope.rawValue) }
        guard try await accounts.isReady(viewer, for: scope.permission) else { throw AccountsError.emailNotVerified }
        if route.isWrite {
            let settings = await accounts.panelSettingsOrLast()
            let isSet = settings.changed.contains(.writesPerMinute)
            try limits.take(account: viewer.account.id, of: isSet ? settings.writesPerMinute : writesPerMinute)
        }
    }

    private func browser(_ request: Request, _ context: WebContext) async throws -> Viewer? {
        guard let token = cookie.token(of: request) else { return nil }
        return try await accounts.viewer(cookie: token, caller: context.caller(request))
    }

    private func readForm(_ request: Request, _ context: inout WebContext, _ route: Route) async throws {
        guard route.method == .post else { return }
        try origins.check(request)
        let form: FormFields
        if let uploadLimit = route.uploadLimit, request.mediaType == "multipart/form-data" {
            form = try await FormFields(request, uploadLimit: uploadLimit, limit: route.formLimit)
        } else {
            form = try await FormFields(request, limit: route.formLimit)
        }
        try tokens.check(form["csrf"], of: request)
        context.form = form
    }

    private static func bearer(_ field: String) -> SecretToken? {
        let parts = field.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 4_096 else { return nil }
        return SecretToken(String(parts[1]))
    }
}

extension WebContext {
    /// Whoever asks; only for handlers of routes that let nobody else in.
    func signedIn() throws -> Viewer {
        guard let viewer else { throw InternalError() }
        return viewer
    }

    func caller(_ request: Request) -> Caller {
        Caller(
            address: client.description,
            network: client.network.description,
            userAgent: request.headers[.userAgent] ?? ""
        )
    }
}
