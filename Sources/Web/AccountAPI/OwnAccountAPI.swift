internal import Accounts
internal import Bots
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Outreach

/// What the settings pages do, for scripts of our own pages and, where nothing has to be confirmed, for programs.
///
/// Sensitive changes want a browser whose person has just typed the password: `POST /api/account/confirm`.
struct OwnAccountAPI: Sendable {
    let accounts: AccountsService
    let cookie: LoginCookie
    /// Nil where no bots run.
    let hosting: Hosting?
    let links: ShortLinks?

    var routes: [Route] {
        [
            act("confirm", ["password"]) { fields, viewer in
                _ = try await accounts.confirm(viewer, password: fields.requiredText("password"))
            },
            act("email", ["email"], status: .accepted) { fields, viewer in
                try await accounts.askForEmailChange(to: fields.requiredText("email"), by: viewer)
            },
            act("password", ["password"]) { fields, viewer in
                try await accounts.changePassword(to: fields.requiredText("password"), by: viewer)
            },
            .post("/api/account/two-factor", .api(.accountWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                let proposed = try await accounts.proposeSecondFactor(for: context.signedIn())
                return try secret(ProposedFactor(secret: proposed.secret, address: proposed.address), .created)
            },
            .post("/api/account/two-factor/on", .api(.accountWrite)) { request, context in
                let code = try await request.jsonFields(known: ["code"]).requiredText("code")
                return try secret(
                    RecoveryCodes(codes: try await accounts.enableSecondFactor(code: code, by: context.signedIn()))
                )
            },
            .post("/api/account/two-factor/codes", .api(.accountWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                return try secret(RecoveryCodes(codes: try await accounts.renewRecoveryCodes(by: context.signedIn())))
            },
            .delete("/api/account/two-factor", .api(.accountWrite)) { _, context in
                try await accounts.disableSecondFactor(by: context.signedIn())
                return done()
            },
            .get("/api/account/identities", .api(.accountRead)) { _, context in
                let identities = try await accounts.identities(of: context.signedIn())
                return try JSONText.response(ListedIdentities(identities))
            },
            .delete("/api/account/identities/{provider}", .api(.accountWrite)) { _, context in
                try await accounts.unlink(context.parameters.get("provider") ?? "", by: context.signedIn())
                return done()
            },
            .delete("/api/account/devices", .api(.accountWrite)) { _, context in
                try await accounts.revokeOthers(by: context.signedIn())
                return done()
            },
            act("team/leave", []) { _, viewer in try await accounts.leaveTeam(viewer) },
            .get("/api/account/export", .api(.accountRead)) { _, context in
                let viewer = try context.signedIn()
                let document = try await accounts.export(viewer, withBotsOf: hosting, links)
                return Response(
                    status: .ok,
                    headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                    body: .init(byteBuffer: ByteBuffer(bytes: document))
                )
            },
            .delete("/api/account", .api(.accountWrite)) { _, context in
                try await accounts.delete(context.signedIn())
                var response = done()
                response.headers[.setCookie] = cookie.removal
                return response
            },
        ]
    }

    private func act(
        _ name: String,
        _ known: [String],
        status: HTTPResponse.Status = .noContent,
        _ work: @escaping @Sendable (JSONFields, Viewer) async throws -> Void
    ) -> Route {
        .post("/api/account/\(name)", .api(.accountWrite)) { request, context in
            let fields = try await request.jsonFields(known: known, limit: 8 * 1024, isOptional: known.isEmpty)
            try await work(fields, context.signedIn())
            return done(status)
        }
    }

    private func done(_ status: HTTPResponse.Status = .noContent) -> Response {
        Response(status: status)
    }

    /// What is shown this once.
    private func secret(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Response {
        try JSONText.response(value, status: status)
    }
}

private struct ProposedFactor: Encodable {
    let secret: String
    let address: String
}

private struct RecoveryCodes: Encodable {
    let codes: [String]
}

private struct ListedIdentities: Encodable {
    struct Identity: Encodable {
        let provider: String
        let email: String
        let linkedAt: Date
    }

    let identities: [Identity]

    init(_ identities: [LinkedIdentity]) {
        self.identities = identities.map {
            Identity(provider: $0.provider, email: $0.email, linkedAt: $0.createdAt)
        }
    }
}
