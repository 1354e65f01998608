internal import Database
internal import Foundation

extension AccountsService {
    /// Logs a program in; with a second factor, `code` is its current code or a recovery code.
    package func logInProgram(
        email: String,
        password: String,
        code: String?,
        caller: Caller
    ) async throws -> APITokens {
        let (account, hash) = try await checkedAccount(email: email, password: password, caller: caller)
        if account.hasSecondFactor {
            guard let code else { throw AccountsError.wrongCode }
            try await checkCode(code, of: account, caller: caller)
        }
        let (id, refresh) = (APILoginID(), SecretToken.random())
        let now = now()
        try await database.withTransaction { transaction in
            try await requireUnchanged(account, passwordHash: hash, on: transaction)
            try await apiLogins.insert(
                id,
                of: account.id,
                refreshHash: refresh.hash,
                at: now,
                until: now + configuration.refreshLifetime,
                caller: caller,
                on: transaction
            )
            try await apiLogins.keep(configuration.programsPerAccount, of: account.id, with: id, on: transaction)
            try await accounts.setLastLogin(of: account.id, at: now, on: transaction)
            try await audit.record(
                .loggedIn,
                actor: account,
                account: account.id,
                subject: "api",
                caller: caller,
                on: transaction
            )
        }
        return try tokens(of: account, login: id, refresh: refresh)
    }

    /// Exchanges a refresh token for new tokens.
    ///
    /// A token that was used before has two holders, and nobody knows which is the right one: the login is ended.
    package func refresh(_ token: SecretToken, caller: Caller) async throws -> APITokens {
        let now = now()
        let fresh = SecretToken.random()
        let outcome: (login: APILoginID, account: AccountID)? = try await database.withTransaction { transaction in
            guard let used = try await apiLogins.use(token.hash, at: now, on: transaction) else {
                throw AccountsError.invalidToken
            }
            guard !used.wasUsed else {
                try await apiLogins.delete(used.login, of: used.account, on: transaction)
                try await audit.record(
                    .tokenReused,
                    actor: nil,
                    account: used.account,
                    caller: caller,
                    on: transaction
                )
                return nil
            }
            try await apiLogins.addToken(fresh.hash, to: used.login, at: now, on: transaction)
            try await apiLogins.extend(
                used.login,
                at: now,
                until: now + configuration.refreshLifetime,
                on: transaction
            )
            return (used.login, used.account)
        }
        guard let outcome else { throw AccountsError.tokenReused }
        return try tokens(of: try await account(outcome.account), login: outcome.login, refresh: fresh)
    }

    /// Ends the login that a program's token belongs to.
    package func logOutProgram(_ viewer: Viewer) async throws {
        guard case .accessToken(let id) = viewer.credential else { return }
        try await database.withTransaction { transaction in
            guard try await apiLogins.delete(id, of: viewer.account.id, on: transaction) else { return }
            try await audit.record(.loggedOut, by: viewer, subject: "api", on: transaction)
        }
    }

    /// The programs that are logged in with the account's password.
    package func programs(of viewer: Viewer) async throws -> [ProgramLogin] {
        try await apiLogins.all(of: viewer.account.id, at: now())
    }

    /// Logs one program out.
    package func revoke(_ id: APILoginID, by viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            guard try await apiLogins.delete(id, of: viewer.account.id, on: transaction) else {
                throw AccountsError.unknownLoginSession
            }
            try await audit.record(.sessionRevoked, by: viewer, subject: "api", on: transaction)
        }
        access.send(viewer.account.id)
    }

    func viewer(accessToken: SecretToken, caller: Caller) async throws -> Viewer? {
        let now = now()
        guard let token = AccessToken(accessToken.text, key: keys.accessTokens, at: now),
            let account = try await apiLogins.account(of: token.login, at: now), account.id == token.account
        else { return nil }
        return Viewer(
            account: account,
            credential: .accessToken(token.login),
            confirmedAt: .distantPast,
            caller: caller
        )
    }

    private func tokens(of account: Account, login: APILoginID, refresh: SecretToken) throws -> APITokens {
        let access = AccessToken(
            account: account.id,
            login: login,
            expiresAt: now() + configuration.accessTokenLifetime
        )
        return APITokens(
            accessToken: SecretToken(try access.text(key: keys.accessTokens)),
            expiresIn: configuration.accessTokenLifetime,
            refreshToken: refresh,
            account: account
        )
    }
}
