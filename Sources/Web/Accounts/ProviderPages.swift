internal import Accounts
internal import Bots
internal import HTTPTypes
internal import Hummingbird

/// `/login/with/PROVIDER`: there and back.
struct ProviderPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let cookie: LoginCookie
    let isHTTPS: Bool
    /// Whose maintenance keeps new accounts out as well.
    var hosting: Hosting?

    private var browserCookie: String { isHTTPS ? "__Host-wharf-provider" : "wharf-provider" }

    var routes: [Route] {
        [
            .get("/login/with/{provider}", .visitors) { request, context in try await begin(request, context) },
            .get("/login/with/{provider}/callback", .visitors) { request, context in
                try await finish(request, context)
            },
        ]
    }

    private func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = request.uri.queryParameters
        let isLinking = parameters["link"] != nil
        if isLinking {
            guard context.viewer != nil else { return Redirect.to("/login?next=/settings/security") }
            // Begun on our own page alone. It is no form, because browsers let forms lead to no other site here.
            try panel.tokens.check(parameters["link"].map(String.init), of: request)
        }
        let next = parameters["next"].flatMap { ReturnPath(String($0)) }
        do {
            let (address, browser) = try await accounts.beginAtProvider(
                context.parameters.get("provider") ?? "",
                returnPath: next?.text ?? "/dashboard",
                linking: isLinking ? context.viewer : nil,
                caller: context.caller(request)
            )
            return Redirect.to(address, cookies: [set(browser)])
        } catch AccountsError.confirmationNeeded {
            return Redirect.toConfirmation
        } catch let error as AccountsError where error != .unknownProvider {
            return refused(error, request, isLinking: isLinking)
        }
    }

    private func finish(_ request: Request, _ context: WebContext) async throws -> Response {
        let parameters = request.uri.queryParameters
        let browser = Cookies(request.headers)[browserCookie].map { SecretToken($0) }
        let isClosed = try await hosting?.maintenance() != nil
        do {
            let outcome = try await accounts.finishAtProvider(
                context.parameters.get("provider") ?? "",
                state: parameters["state"].map { String($0.prefix(200)) } ?? "",
                code: parameters["code"].map(String.init),
                browser: browser,
                viewer: context.viewer,
                language: Language(request),
                newcomersGet: isClosed ? HostingError.inMaintenance : nil,
                caller: context.caller(request)
            )
            switch outcome {
            case .loggedIn(let account, let login, let path):
                let language = account.language?.cookie(isHTTPS: isHTTPS)
                let cookies = [removal, cookie.set(login), language].compactMap { $0 }
                return Redirect.to(ReturnPath(path)?.text ?? "/dashboard", cookies: cookies)
            case .needsCode(let challenge, let path):
                return panel.publicResponse(of: .loginCode, to: request, headers: [.setCookie: removal]) {
                    csrf,
                    strings,
                    _ in
                    CodePage(csrf: csrf, strings: strings, challenge: challenge.text, next: ReturnPath(path))
                }
            case .linked:
                return Redirect.to("/settings/security", cookies: [removal, Flash.cookie("identity_linked")])
            }
        } catch let error as AccountsError where error != .unknownProvider {
            return refused(error, request, isLinking: context.viewer != nil)
        }
    }

    private func refused(_ error: AccountsError, _ request: Request, isLinking: Bool) -> Response {
        var headers = error.retryFields
        headers[.setCookie] = removal
        return panel.publicResponse(of: .notice, to: request, status: error.status, headers: headers) {
            _,
            strings,
            _ in
            NoticePage(
                error,
                strings,
                action: isLinking ? ("/settings/security", "settings") : ("/login", "login")
            )
        }
    }

    private func set(_ browser: SecretToken) -> String {
        "\(browserCookie)=\(browser.text); Max-Age=600; Path=/; HttpOnly; SameSite=Lax" + (isHTTPS ? "; Secure" : "")
    }

    private var removal: String {
        "\(browserCookie)=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax" + (isHTTPS ? "; Secure" : "")
    }
}

extension NoticePage {
    /// What went wrong at another site.
    init(_ error: AccountsError, _ strings: Strings, action: (url: String, name: String)) {
        self.init("provider_failed", strings, text: strings.message(of: error), action: action)
    }
}
