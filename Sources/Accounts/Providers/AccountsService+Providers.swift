internal import Database
internal import Foundation

/// Where a login at a provider led.
package enum ProviderOutcome: Sendable {
    case loggedIn(Account, cookie: SecretToken, returnPath: String)
    case needsCode(challenge: SecretToken, returnPath: String)
    case linked
}

extension AccountsService {
    /// The ways in besides passwords, in the order of the settings.
    package var providers: [Provider] { configuration.providers }

    package func identities(of viewer: Viewer) async throws -> [LinkedIdentity] {
        try await identityRepository.all(of: viewer.account.id)
    }

    /// Begins a login, or for a viewer the linking of an account elsewhere.
    ///
    /// - Returns: where the browser goes, and what goes into a cookie of its own: the answer is taken from that browser alone.
    package func beginAtProvider(
        _ id: String,
        returnPath: String,
        linking viewer: Viewer?,
        caller: Caller
    ) async throws -> (address: String, browser: SecretToken) {
        let provider = try provider(id)
        if let viewer {
            try requireConfirmation(viewer)
            guard try await isReady(viewer, for: .bots) else { throw AccountsError.emailNotVerified }
        }
        try await limits.take(
            .registration,
            by: "oauth:\(caller.network)",
            AttemptLimit(count: 60, window: .seconds(600))
        )
        let (state, browser) = (SecretToken.random(), SecretToken.random())
        let attempt = IdentityRepository.Attempt(
            provider: provider.id,
            nonce: SecretToken.random().text,
            verifier: SecretToken.random().text,
            returnPath: returnPath,
            account: viewer?.account.id
        )
        try await identityRepository.begin(
            attempt,
            stateHash: state.hash,
            browserHash: browser.hash,
            until: now() + .seconds(600)
        )
        let address = try await providerClient.address(provider, outgoing(attempt, state: state.text))
        return (address, browser)
    }

    /// Takes what the browser brought back from a provider.
    ///
    /// `viewer` is whoever is logged in: a linking ends in the account that began it. `refusal` is what those get who have no
    /// account yet, at times when nobody new is let in.
    package func finishAtProvider(
        _ id: String,
        state: String,
        code: String?,
        browser: SecretToken?,
        viewer: Viewer?,
        language: Language,
        newcomersGet refusal: (any Error & Sendable)? = nil,
        caller: Caller
    ) async throws -> ProviderOutcome {
        let provider = try provider(id)
        // Whoever said no there comes back without a code, and not always with the state.
        guard let code, code.utf8.count <= 2_000 else { throw AccountsError.providerFailed(.refused) }
        guard let browser,
            let attempt = try await identityRepository.take(
                stateHash: SecretToken(state).hash,
                browserHash: browser.hash,
                provider: provider.id,
                at: now()
            ), attempt.account == nil || attempt.account == viewer?.account.id
        else { throw AccountsError.providerFailed(.stateMismatch) }
        let identity = try await providerClient.identity(provider, code: code, outgoing(attempt, state: state))
        if attempt.account != nil, let viewer {
            try await link(identity, at: provider, to: viewer)
            return .linked
        }
        let account = try await database.withTransaction { transaction in
            try await self.account(
                for: identity,
                at: provider,
                language: language,
                newcomersGet: refusal,
                caller: caller,
                on: transaction
            )
        }
        outbox.hurry()
        guard account.status == .active else { throw AccountsError.suspended }
        guard !account.hasSecondFactor else {
            let challenge = try await beginChallenge(for: account)
            return .needsCode(challenge: challenge, returnPath: attempt.returnPath)
        }
        let cookie = SecretToken.random()
        try await database.withTransaction { transaction in
            try await requireUnchanged(account, on: transaction)
            try await audit.record(
                .loggedIn,
                actor: account,
                account: account.id,
                subject: provider.id,
                caller: caller,
                on: transaction
            )
            try await begin(cookie, of: account, caller: caller, on: transaction)
        }
        return .loggedIn(account, cookie: cookie, returnPath: attempt.returnPath)
    }

    /// Takes a way in from an account, unless it is the only one.
    package func unlink(_ provider: String, by viewer: Viewer) async throws {
        try requireConfirmation(viewer)
        try await database.withTransaction { transaction in
            let hasPassword = try await accounts.lockPasswordHash(of: viewer.account.id, on: transaction) != nil
            let linked = try await identityRepository.all(of: viewer.account.id, on: transaction)
            guard linked.contains(where: { $0.provider == provider }) else { throw AccountsError.unknownProvider }
            guard hasPassword || linked.count > 1 else { throw AccountsError.lastWayIn }
            _ = try await identityRepository.unlink(provider, from: viewer.account.id, on: transaction)
            try await audit.record(.identityUnlinked, by: viewer, subject: provider, on: transaction)
        }
    }

    private func provider(_ id: String) throws(AccountsError) -> Provider {
        guard let provider = configuration.providers.first(where: { $0.id == id }) else { throw .unknownProvider }
        return provider
    }

    private func outgoing(_ attempt: IdentityRepository.Attempt, state: String) -> ProviderClient.Attempt {
        ProviderClient.Attempt(
            state: state,
            nonce: attempt.nonce,
            verifier: attempt.verifier,
            redirect: "\(configuration.address)/login/with/\(attempt.provider)/callback"
        )
    }

    private func link(_ identity: ProvidedIdentity, at provider: Provider, to viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            let owner = try await identityRepository.account(of: identity.subject, at: provider.id, on: transaction)
            guard owner != viewer.account.id else { return }
            let isLinked = try await identityRepository.link(
                identity,
                at: provider.id,
                to: viewer.account.id,
                at: now(),
                on: transaction
            )
            guard owner == nil, isLinked else { throw AccountsError.identityTaken }
            try await audit.record(
                .identityLinked,
                by: viewer,
                subject: provider.id,
                after: ["email": identity.email.text],
                on: transaction
            )
        }
    }

    /// The account that the identity opens, or a new one.
    ///
    /// An address that has an account here does not open it: whoever has the address elsewhere may not be who made the account.
    private func account(
        for identity: ProvidedIdentity,
        at provider: Provider,
        language: Language,
        newcomersGet refusal: (any Error & Sendable)?,
        caller: Caller,
        on transaction: Transaction
    ) async throws -> Account {
        if let id = try await identityRepository.account(of: identity.subject, at: provider.id, on: transaction),
            let account = try await accounts.find(id, on: transaction)
        {
            try await identityRepository.touch(identity, at: provider.id, at: now(), on: transaction)
            return account
        }
        if let refusal { throw refusal }
        guard try await settings.isRegistrationOpen(on: transaction) else { throw AccountsError.registrationClosed }
        let id = AccountID()
        let given = identity.name.flatMap { try? Self.checkedName(String($0.prefix(80))) }
        do {
            try await accounts.insert(
                id,
                email: identity.email,
                isVerified: true,
                name: given ?? String(identity.email.text.prefix { $0 != "@" }),
                role: .user,
                language: language,
                passwordHash: nil,
                at: now(),
                on: transaction
            )
        } catch AccountsError.emailTaken {
            throw AccountsError.providerEmailTaken
        }
        guard
            try await identityRepository.link(identity, at: provider.id, to: id, at: now(), on: transaction),
            let account = try await accounts.find(id, on: transaction)
        else { throw AccountsError.identityTaken }
        try await audit.record(
            .registered,
            actor: account,
            account: id,
            subject: provider.id,
            caller: caller,
            on: transaction
        )
        return account
    }
}
