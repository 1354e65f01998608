internal import Accounts
internal import Bots
internal import Fleet
internal import HTTPTypes
internal import Hummingbird

/// Pages that lie behind links in mails, and those that have such mails sent: forgotten passwords, proofs of addresses,
/// invitations, the first administrator.
struct AccountPages: Sendable {
    let accounts: AccountsService
    let panel: PanelPages
    let cookie: LoginCookie
    let isHTTPS: Bool
    /// Whose maintenance keeps new accounts out as well.
    var hosting: Hosting?

    var routes: [Route] {
        [
            .get("/forgot", .visitors) { request, _ in
                panel.publicResponse(of: .form, to: request) { csrf, strings, _ in
                    FormPage.forgot(csrf: csrf, strings)
                }
            },
            .post("/forgot", .visitors) { request, context in try await forgot(request, context) },
            .get("/reset/{token}", .visitors) { request, context in try await showReset(request, context) },
            .post("/reset/{token}", .visitors) { request, context in try await reset(request, context) },
            .get("/verify-email", .signedIn) { request, context in try await showVerify(request, context) },
            .post("/verify-email", .signedIn) { request, context in try await sendVerification(request, context) },
            .get("/verify-email/{token}", .visitors) { request, context in
                try await showVerification(request, context)
            },
            .post("/verify-email/{token}", .visitors) { request, context in try await verify(request, context) },
            .get("/invitation/{token}", .visitors) { request, context in try await showInvitation(request, context) },
            .post("/invitation/{token}", .visitors) { request, context in try await accept(request, context) },
            .get("/setup/{token}", .visitors) { request, context in try await showSetUp(request, context) },
            .post("/setup/{token}", .visitors) { request, context in try await setUp(request, context) },
        ]
    }

    // MARK: Forgotten passwords

    private func forgot(_ request: Request, _ context: WebContext) async throws -> Response {
        do {
            try await accounts.askForReset(email: context.form["email"] ?? "", caller: context.caller(request))
            return panel.publicResponse(of: .notice, to: request) { _, strings, _ in
                NoticePage("reset_sent", strings, action: ("/login", "login"))
            }
        } catch let error as AccountsError {
            return again(error, request, context) { .forgot(csrf: $0, $1) }
        }
    }

    private func showReset(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        guard try await accounts.isResetGood(token) else { throw AccountsError.linkOver }
        return panel.publicResponse(of: .form, to: request) { csrf, strings, _ in
            FormPage.reset(csrf: csrf, strings, token: token)
        }
    }

    private func reset(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        do {
            try await accounts.resetPassword(
                token,
                to: context.form.verbatim("password"),
                caller: context.caller(request)
            )
            return Redirect.to("/login", cookies: [cookie.removal, Flash.cookie("password_set")])
        } catch let error as AccountsError where error != .linkOver {
            return again(error, request, context) { .reset(csrf: $0, $1, token: token) }
        }
    }

    // MARK: Proofs of addresses

    private func showVerify(_ request: Request, _ context: WebContext) async throws -> Response {
        let viewer = try context.signedIn()
        guard !viewer.account.isEmailVerified else { return Redirect.to("/dashboard") }
        return panel.publicResponse(of: .form, to: request) { csrf, strings, toast in
            var page = FormPage.resend(csrf: csrf, strings, email: viewer.account.email.text)
            page.toast = toast
            return page
        }
    }

    private func sendVerification(_ request: Request, _ context: WebContext) async throws -> Response {
        try await accounts.sendVerification(to: context.signedIn())
        return Redirect.to("/verify-email", cookies: [Flash.cookie("verification_sent")])
    }

    private func showVerification(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        guard try await accounts.isVerificationGood(token) else { throw AccountsError.linkOver }
        // Programs that look through mails follow links; they do not press buttons.
        return panel.publicResponse(of: .form, to: request) { csrf, strings, _ in
            FormPage.verify(csrf: csrf, strings, token: token)
        }
    }

    private func verify(_ request: Request, _ context: WebContext) async throws -> Response {
        try await accounts.verifyEmail(context.linkToken, by: context.viewer, caller: context.caller(request))
        return Redirect.to(context.viewer == nil ? "/login" : "/dashboard", cookies: [Flash.cookie("email_verified")])
    }

    // MARK: Invitations

    private func showInvitation(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        guard let offer = try await accounts.invitation(token) else { throw AccountsError.unknownInvitation }
        let viewer = context.viewer
        return panel.publicResponse(of: .form, to: request) { csrf, strings, _ in
            viewer?.account.email == offer.email
                ? FormPage.join(csrf: csrf, strings, offer, token: token)
                : FormPage.invitation(csrf: csrf, strings, offer, token: token)
        }
    }

    private func accept(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        guard let offer = try await accounts.invitation(token) else { throw AccountsError.unknownInvitation }
        if let viewer = context.viewer, viewer.account.email == offer.email {
            try await accounts.accept(token, by: viewer)
            return Redirect.to("/dashboard", cookies: [Flash.cookie("joined")])
        }
        try await hosting?.requireOpen()
        do {
            let (account, login) = try await accounts.accept(
                token,
                name: context.form["name"] ?? "",
                password: context.form.verbatim("password"),
                language: Language(request),
                caller: context.caller(request)
            )
            return loggedIn(account, login, flash: "joined")
        } catch let error as AccountsError where error != .unknownInvitation {
            return again(error, request, context) { .invitation(csrf: $0, $1, offer, token: token) }
        }
    }

    // MARK: The first administrator

    private func showSetUp(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        guard try await accounts.isSetUpGood(token) else { throw AccountsError.linkOver }
        return panel.publicResponse(of: .form, to: request) { csrf, strings, _ in
            FormPage.setUp(csrf: csrf, strings, token: token)
        }
    }

    private func setUp(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = context.linkToken
        do {
            let (account, login) = try await accounts.setUp(
                token,
                email: context.form["email"] ?? "",
                name: context.form["name"] ?? "",
                password: context.form.verbatim("password"),
                language: Language(request),
                caller: context.caller(request)
            )
            return loggedIn(account, login, flash: "set_up")
        } catch let error as AccountsError where error != .linkOver {
            return again(error, request, context) { .setUp(csrf: $0, $1, token: token) }
        }
    }

    private func loggedIn(_ account: Account, _ login: SecretToken, flash: String) -> Response {
        Redirect.to("/dashboard", cookies: [cookie.set(login), Flash.cookie(flash)])
    }

    /// The form once more, with what was typed and what is wrong with it.
    private func again(
        _ error: AccountsError,
        _ request: Request,
        _ context: WebContext,
        _ page: (_ csrf: String, _ strings: Strings) -> FormPage
    ) -> Response {
        panel.publicResponse(of: .form, to: request, status: error.status, headers: error.retryFields) {
            csrf,
            strings,
            _ in page(csrf, strings).again(context.form, error, strings)
        }
    }
}

extension WebContext {
    /// What the address ends in, where that is a secret.
    var linkToken: SecretToken {
        SecretToken(String((parameters.get("token") ?? "").prefix(100)))
    }
}
