internal import Accounts
internal import Bots
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/api/login`, `/api/account/…`: accounts for programs.
struct AccountAPI: Sendable {
    let accounts: AccountsService
    /// Whose maintenance keeps new accounts out as well.
    var hosting: Hosting?

    var routes: [Route] {
        [
            .post("/api/login", .open) { request, context in try await logIn(request, context) },
            .post("/api/login/refresh", .open) { request, context in try await refresh(request, context) },
            .post("/api/register", .open) { request, context in try await register(request, context) },
            .post("/api/password/forgot", .open) { request, context in
                let fields = try await request.jsonFields(known: ["email"], limit: 8 * 1024)
                try await accounts.askForReset(email: fields.requiredText("email"), caller: context.caller(request))
                return Response(status: .accepted, headers: [.cacheControl: "no-store"])
            },
            .post("/api/password/reset", .open) { request, context in
                let fields = try await request.jsonFields(known: ["token", "password"], limit: 8 * 1024)
                try await accounts.resetPassword(
                    SecretToken(String(try fields.requiredText("token").prefix(100))),
                    to: fields.requiredText("password"),
                    caller: context.caller(request)
                )
                return Self.done
            },
            .post("/api/email/verify", .open) { request, context in
                let fields = try await request.jsonFields(known: ["token"], limit: 8 * 1024)
                let token = SecretToken(String(try fields.requiredText("token").prefix(100)))
                try await accounts.verifyEmail(token, caller: context.caller(request))
                return Self.done
            },
            .post("/api/account/verification", .api(.accountWrite)) { _, context in
                try await accounts.sendVerification(to: context.signedIn())
                return Response(status: .accepted, headers: [.cacheControl: "no-store"])
            },
            .post("/api/logout", .api(.accountRead)) { _, context in
                try await accounts.logOutProgram(context.signedIn())
                return Self.done
            },
            .get("/api/account", .api(.accountRead)) { _, context in
                try JSONText.response(ShownAccount(context.signedIn().account))
            },
            .patch("/api/account", .api(.accountWrite)) { request, context in try await change(request, context) },
            .get("/api/account/keys", .api(.accountRead)) { _, context in
                let keys = try await accounts.apiKeys(of: context.signedIn())
                return try JSONText.response(ListedKeys(keys: keys.map { ShownKey($0) }))
            },
            .post("/api/account/keys", .api(.accountWrite), keyedLimit: Route.standardBodyLimit) { request, context in
                try await makeKey(request, context)
            },
            .delete("/api/account/keys/{id}", .api(.accountWrite)) { _, context in
                guard let id = APIKeyID(context.parameters.get("id") ?? "") else { throw AccountsError.unknownKey }
                try await accounts.revokeKey(id, by: context.signedIn())
                return Self.done
            },
            .get("/api/account/devices", .api(.accountRead)) { _, context in
                let sessions = try await accounts.loginSessions(of: context.signedIn())
                return try JSONText.response(ListedDevices(devices: sessions.map { ShownDevice($0) }))
            },
            .delete("/api/account/devices/{id}", .api(.accountWrite)) { _, context in
                guard let id = LoginSessionID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownLoginSession
                }
                try await accounts.revoke(id, by: context.signedIn())
                return Self.done
            },
            .get("/api/account/programs", .api(.accountRead)) { _, context in
                let viewer = try context.signedIn()
                let programs = try await accounts.programs(of: viewer)
                return try JSONText.response(ListedPrograms(programs: programs.map { ShownProgram($0, viewer) }))
            },
            .delete("/api/account/programs/{id}", .api(.accountWrite)) { _, context in
                guard let id = APILoginID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownLoginSession
                }
                try await accounts.revoke(id, by: context.signedIn())
                return Self.done
            },
            .get("/api/account/team", .api(.accountRead)) { _, context in
                let (members, invitations) = try await accounts.team(of: context.signedIn())
                return try JSONText.response(ShownTeam(members, invitations))
            },
            .post("/api/account/team/invitations", .api(.accountWrite), keyedLimit: Route.standardBodyLimit) {
                request,
                context in
                let fields = try await request.jsonFields(known: ["email"])
                try await accounts.invite(fields.requiredText("email"), by: context.signedIn())
                return Response(status: .accepted, headers: [.cacheControl: "no-store"])
            },
            .delete("/api/account/team/invitations/{id}", .api(.accountWrite)) { _, context in
                guard let id = InvitationID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownInvitation
                }
                try await accounts.withdraw(id, by: context.signedIn())
                return Self.done
            },
            .delete("/api/account/team/members/{id}", .api(.accountWrite)) { _, context in
                guard let id = AccountID(context.parameters.get("id") ?? "") else {
                    throw AccountsError.unknownAccount
                }
                try await accounts.remove(id, by: context.signedIn())
                return Self.done
            },
        ]
    }

    private static var done: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

    /// `username` is another name for `email`, which programs of an older panel send.
    private func logIn(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["email", "username", "password", "code"], limit: 8 * 1024)
        guard let email = try fields.text("email") ?? fields.text("username") else {
            throw RequestError.missingField("email")
        }
        let tokens = try await accounts.logInProgram(
            email: email,
            password: fields.requiredText("password"),
            code: fields.text("code"),
            caller: context.caller(request)
        )
        return try JSONText.response(IssuedTokens(tokens), headers: [.cacheControl: "no-store"])
    }

    private func register(_ request: Request, _ context: WebContext) async throws -> Response {
        try await hosting?.requireOpen()
        let fields = try await request.jsonFields(known: ["email", "name", "password"], limit: 8 * 1024)
        let account = try await accounts.registerProgram(
            email: fields.requiredText("email"),
            name: fields.requiredText("name"),
            password: fields.requiredText("password"),
            language: Language(request),
            caller: context.caller(request)
        )
        // Where addresses have to be proved, a mail says how it goes on, and whether there was an account already.
        guard let account else { return Response(status: .accepted, headers: [.cacheControl: "no-store"]) }
        return try JSONText.response(ShownAccount(account), status: .created)
    }

    private func refresh(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["refreshToken"], limit: 8 * 1024)
        let token = SecretToken(String(try fields.requiredText("refreshToken").prefix(200)))
        let tokens = try await accounts.refresh(token, caller: context.caller(request))
        return try JSONText.response(IssuedTokens(tokens), headers: [.cacheControl: "no-store"])
    }

    private func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["name", "language"])
        let viewer = try context.signedIn()
        let language = try fields.choice("language", Language.self)
        let name = try fields.text("name")
        guard name != nil || language != nil else { throw RequestError.missingField("name") }
        if let name { try await accounts.changeName(to: name, by: viewer) }
        if let language { try await accounts.setLanguage(language, of: viewer) }
        return try JSONText.response(ShownAccount(try await accounts.account(viewer.account.id)))
    }

    private func makeKey(_ request: Request, _ context: WebContext) async throws -> Response {
        let fields = try await request.jsonFields(known: ["name", "scopes", "expiresAt"])
        var expiresAt: Date?
        if let text = try fields.text("expiresAt") {
            guard let date = try? Date(text, strategy: .iso8601) else { throw AccountsError.invalidExpiry }
            expiresAt = date
        }
        let (key, text) = try await accounts.makeKey(
            name: fields.requiredText("name"),
            scopes: Set(fields.texts("scopes")),
            expiresAt: expiresAt,
            by: context.signedIn()
        )
        return try JSONText.response(ShownKey(key, text: text), status: .created)
    }
}
