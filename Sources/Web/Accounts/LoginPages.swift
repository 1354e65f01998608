internal import Accounts
internal import Bots
internal import Fleet
internal import HTTPTypes
internal import Hummingbird

/// `/login`, `/register`, `/logout` and the choice of a language.
struct LoginPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let cookie: LoginCookie
    let isHTTPS: Bool
    /// Whose maintenance keeps new accounts out as well.
    var hosting: Hosting?

    var routes: [Route] {
        [
            .get("/login", .visitors) { request, context in showLogin(request, context) },
            .post("/login", .visitors) { request, context in try await logIn(request, context) },
            .post("/login/code", .visitors) { request, context in try await logInWithCode(request, context) },
            .get("/register", .visitors) { request, context in
                try await showRegister(request, context)
            },
            .post("/register", .visitors) { request, context in try await register(request, context) },
            .post("/logout", .signedIn) { _, context in
                try await accounts.logOut(context.signedIn())
                return Redirect.to("/login", cookies: [cookie.removal, Flash.cookie("logged_out")])
            },
            .post("/language", .visitors) { request, context in try await chooseLanguage(request, context) },
        ]
    }

    private func showLogin(_ request: Request, _ context: WebContext) -> Response {
        let next = request.uri.queryParameters["next"].flatMap { ReturnPath(String($0)) }
        if context.viewer != nil { return Redirect.to(next?.text ?? "/dashboard") }
        return panel.publicResponse(of: .login, to: request) { csrf, strings, toast in
            LoginPage(csrf: csrf, strings: strings, next: next, toast: toast, providers: accounts.providers)
        }
    }

    private func logIn(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        let next = form["next"].flatMap { ReturnPath($0) }
        do {
            let outcome = try await accounts.logIn(
                email: form["email"] ?? "",
                password: form.verbatim("password"),
                caller: context.caller(request)
            )
            switch outcome {
            case .loggedIn(let account, let token):
                return Redirect.to(next?.text ?? "/dashboard", cookies: cookies(token, account))
            case .needsCode(let challenge):
                return panel.publicResponse(of: .loginCode, to: request) { csrf, strings, _ in
                    CodePage(csrf: csrf, strings: strings, challenge: challenge.text, next: next)
                }
            }
        } catch let error as AccountsError {
            return panel.publicResponse(of: .login, to: request, status: error.status, headers: retry(error)) {
                csrf,
                strings,
                _ in
                var page = LoginPage(
                    csrf: csrf,
                    strings: strings,
                    next: next,
                    toast: nil,
                    providers: accounts.providers
                )
                page.email = page.email.again(form, nil, strings)
                page.problem = strings.message(of: error)
                return page
            }
        }
    }

    private func logInWithCode(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        let next = form["next"].flatMap { ReturnPath($0) }
        let challenge = form["challenge"] ?? ""
        do {
            let (account, token) = try await accounts.logIn(
                challenge: SecretToken(challenge),
                code: form["code"] ?? "",
                caller: context.caller(request)
            )
            return Redirect.to(next?.text ?? "/dashboard", cookies: cookies(token, account))
        } catch AccountsError.challengeOver {
            return Redirect.to("/login", cookies: [Flash.cookie("challenge_over")])
        } catch let error as AccountsError {
            return panel.publicResponse(of: .loginCode, to: request, status: error.status, headers: retry(error)) {
                csrf,
                strings,
                _ in
                var page = CodePage(csrf: csrf, strings: strings, challenge: challenge, next: next)
                page.problem = strings.message(of: error)
                return page
            }
        }
    }

    private func showRegister(_ request: Request, _ context: WebContext) async throws -> Response {
        if context.viewer != nil { return Redirect.to("/dashboard") }
        let isOpen = try await accounts.panelSettings().isRegistrationOpen
        return panel.publicResponse(of: .register, to: request) { csrf, strings, _ in
            RegisterPage(csrf: csrf, strings: strings, isOpen: isOpen, providers: accounts.providers)
        }
    }

    private func register(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = context.form
        try await hosting?.requireOpen()
        do {
            let outcome = try await accounts.register(
                email: form["email"] ?? "",
                name: form["name"] ?? "",
                password: form.verbatim("password"),
                language: Language(request),
                caller: context.caller(request)
            )
            switch outcome {
            case .loggedIn(let account, let token):
                return Redirect.to("/dashboard", cookies: cookies(token, account) + [Flash.cookie("registered")])
            case .mailed:
                return panel.publicResponse(of: .notice, to: request) { _, strings, _ in
                    NoticePage("registered", strings, action: ("/login", "login"))
                }
            }
        } catch let error as AccountsError {
            return panel.publicResponse(of: .register, to: request, status: error.status, headers: retry(error)) {
                csrf,
                strings,
                _ in
                var page = RegisterPage(
                    csrf: csrf,
                    strings: strings,
                    isOpen: error != .registrationClosed,
                    providers: accounts.providers
                )
                page.name = page.name.again(form, error, strings)
                page.email = page.email.again(form, error, strings)
                page.password = page.password.again(form, error, strings)
                if error.field == nil { page.problem = strings.message(of: error) }
                return page
            }
        }
    }

    private func chooseLanguage(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let language = context.form["language"].flatMap(Language.init(rawValue:)) else {
            throw RequestError.invalidField("language", message: "There is no such language.")
        }
        if let viewer = context.viewer { try await accounts.setLanguage(language, of: viewer) }
        let back = context.form["return"].flatMap { text in
            ReturnPath(text)?.text ?? (["/login", "/register"].contains(text) ? text : nil)
        }
        return Redirect.to(back ?? "/", cookies: [language.cookie(isHTTPS: isHTTPS)])
    }

    /// Logged in, and in the language that the account chose.
    private func cookies(_ token: SecretToken, _ account: Account) -> [String] {
        [cookie.set(token), account.language?.cookie(isHTTPS: isHTTPS)].compactMap { $0 }
    }

    private func retry(_ error: AccountsError) -> HTTPFields {
        error.retryFields
    }
}
