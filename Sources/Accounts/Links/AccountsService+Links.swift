internal import Database
internal import Foundation

extension AccountsService {
    /// Sends the link that proves an account's address once more.
    package func sendVerification(to viewer: Viewer) async throws {
        guard !viewer.account.isEmailVerified else { return }
        try await limits.take(.verification, by: viewer.account.id.description, resetLimit())
        try await database.withTransaction { transaction in
            try await addVerification(of: viewer.account, email: viewer.account.email, on: transaction)
        }
        outbox.hurry()
    }

    /// Puts the link down that proves an address: the account's own, or one that it wants to have.
    func addVerification(of account: Account, email: EmailAddress, on transaction: Transaction) async throws {
        let token = SecretToken.random()
        try await links.replace(
            .verifyEmail,
            of: account.id,
            email: email,
            hash: token.hash,
            at: now(),
            until: now() + configuration.verificationLifetime,
            on: transaction
        )
        try await mail(
            .verifyEmail,
            to: email,
            language: account.language ?? .english,
            ["name": account.name, "link": "\(configuration.address)/verify-email/\(token.text)"],
            on: transaction
        )
    }

    /// Whether a link of this kind would be taken now.
    package func isVerificationGood(_ token: SecretToken) async throws -> Bool {
        try await links.find(token.hash, .verifyEmail, at: now()) != nil
    }

    package func isResetGood(_ token: SecretToken) async throws -> Bool {
        try await links.find(token.hash, .resetPassword, at: now()) != nil
    }

    /// Takes the proof of an address, and changes the account's address where it is another one.
    ///
    /// Whoever is logged in meanwhile proves the address of the own account and of no other.
    package func verifyEmail(_ token: SecretToken, by viewer: Viewer? = nil, caller: Caller) async throws {
        guard let id = try await links.find(token.hash, .verifyEmail, at: now())?.account else {
            throw AccountsError.linkOver
        }
        guard viewer == nil || viewer?.account.id == id else { throw AccountsError.notAllowed }
        try await database.withTransaction { transaction in
            guard let account = try await accounts.lock(id, on: transaction),
                let link = try await links.take(token.hash, .verifyEmail, at: now(), on: transaction),
                let email = link.email.flatMap({ EmailAddress($0) })
            else { throw AccountsError.linkOver }
            try await accounts.setEmail(email, of: id, at: now(), on: transaction)
            try await audit.record(
                account.email == email ? .emailVerified : .emailChanged,
                actor: account,
                account: id,
                caller: caller,
                before: account.email == email ? nil : ["email": account.email.text],
                after: ["email": email.text],
                on: transaction
            )
            if account.email != email {
                try await links.voidAll(of: id, on: transaction)
                // The old address is told, should it not have been its owner.
                try await mail(.emailChanged, to: account, ["email": email.text], on: transaction)
            }
        }
        outbox.hurry()
    }

    /// Sends a link to choose a new password, if there is such an account; takes as long if there is none.
    package func askForReset(email: String, caller: Caller) async throws {
        let start = ContinuousClock.now
        guard let address = EmailAddress(email) else { throw AccountsError.invalidEmail }
        try await limits.take(.resetAddress, by: caller.network, resetLimit())
        // Whoever asks too often for somebody else causes no further mail, and keeps nobody from the mails there were: the newest
        // link stays good for longer than this ever waits.
        var mails = try await resetLimit()
        mails.longestWait = min(mails.longestWait, configuration.resetLifetime / 4)
        if let account = try await accounts.find(address), account.status == .active,
            try await limits.allows(.resetAccount, by: address.text, mails)
        {
            let token = SecretToken.random()
            try await database.withTransaction { transaction in
                try await links.replace(
                    .resetPassword,
                    of: account.id,
                    email: address,
                    hash: token.hash,
                    at: now(),
                    until: now() + configuration.resetLifetime,
                    on: transaction
                )
                let link = "\(configuration.address)/reset/\(token.text)"
                try await mail(.resetPassword, to: account, ["link": link], on: transaction)
                try await audit.record(.resetAsked, actor: nil, account: account.id, caller: caller, on: transaction)
            }
            outbox.hurry()
        }
        // The answer comes at the same time for everybody.
        try await Task.sleep(until: start + configuration.resetAnswerTime, clock: .continuous)
    }

    /// Sets a new password by a link, logs the account out everywhere and revokes its keys.
    package func resetPassword(_ token: SecretToken, to password: String, caller: Caller) async throws {
        guard let link = try await links.find(token.hash, .resetPassword, at: now()), let id = link.account,
            let account = try await accounts.find(id)
        else { throw AccountsError.linkOver }
        try Self.checkPassword(password, email: account.email, name: account.name)
        try await limits.take(.password, by: "link:\(token.text)", loginLimit())
        let hash = try await hasher.hash(password)
        try await database.withTransaction { transaction in
            // Asked for again, because the hash took its time; a link to an address of former days opens nothing.
            guard let account = try await accounts.lock(id, on: transaction), link.email == account.email.text,
                try await links.take(token.hash, .resetPassword, at: now(), on: transaction) != nil
            else { throw AccountsError.linkOver }
            if !account.isEmailVerified {
                // Whoever made the account had not shown that the address was theirs: no way in of theirs stays.
                try await identityRepository.unlinkAll(from: id, on: transaction)
                try await secondFactors.forget(id, on: transaction)
            }
            try await apiKeys.deleteAll(of: id, on: transaction)
            try await accounts.setPasswordHash(hash, of: id, at: now(), on: transaction)
            // The link came by mail, so the address is its owner's.
            try await accounts.setEmail(account.email, of: id, at: now(), on: transaction)
            try await links.voidAll(of: id, on: transaction)
            try await loginSessions.deleteAll(of: id, on: transaction)
            try await apiLogins.deleteAll(of: id, on: transaction)
            try await mail(.passwordChanged, to: account, on: transaction)
            try await audit.record(.passwordReset, actor: account, account: id, caller: caller, on: transaction)
        }
        outbox.hurry()
        access.send(id)
        try await limits.forget(.loginAccount, by: account.email.text)
    }
}
