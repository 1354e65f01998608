internal import Database
internal import Foundation

/// How far somebody got with a password.
package enum LoginOutcome: Sendable {
    /// In; the token goes into the browser's cookie.
    case loggedIn(Account, cookie: SecretToken)
    /// The password was right; a code of the second factor is wanted within ten minutes.
    case needsCode(challenge: SecretToken)
}

/// What registering led to.
package enum Registration: Sendable {
    /// In at once; the token goes into the browser's cookie.
    case loggedIn(Account, cookie: SecretToken)
    /// A mail to the address says how it goes on.
    case mailed
}

extension AccountsService {
    /// Makes an account.
    ///
    /// Where addresses have to be proved, whoever asks learns nothing of them: the answer is the same for one that has an account,
    /// whose owner gets a mail about it. Else the browser is logged in at once, and ``AccountsError/emailTaken`` tells.
    package func register(
        email: String,
        name: String,
        password: String,
        language: Language?,
        caller: Caller
    ) async throws -> Registration {
        let cookie = SecretToken.random()
        guard let account = try await register(email, name, password, language, caller, cookie: cookie) else {
            return .mailed
        }
        return .loggedIn(account, cookie: cookie)
    }

    /// Makes an account for a program, which logs in by itself; nil where a mail says how it goes on.
    package func registerProgram(
        email: String,
        name: String,
        password: String,
        language: Language?,
        caller: Caller
    ) async throws -> Account? {
        try await register(email, name, password, language, caller, cookie: nil)
    }

    private func register(
        _ email: String,
        _ name: String,
        _ password: String,
        _ language: Language?,
        _ caller: Caller,
        cookie: SecretToken?
    ) async throws -> Account? {
        let start = ContinuousClock.now
        let settings = try await settings.read(on: database)
        guard settings.isRegistrationOpen else { throw AccountsError.registrationClosed }
        guard let address = EmailAddress(email) else { throw AccountsError.invalidEmail }
        let name = try Self.checkedName(name)
        try Self.checkPassword(password, email: address, name: name)
        try await limits.take(.registration, by: caller.network, configuration.registrations)
        let hash = try await hasher.hash(password)
        let id = AccountID()
        do {
            let account = try await database.withTransaction { transaction in
                try await accounts.insert(
                    id,
                    email: address,
                    isVerified: false,
                    name: name,
                    role: .user,
                    language: language,
                    passwordHash: hash,
                    at: now(),
                    on: transaction
                )
                guard let account = try await accounts.find(id, on: transaction) else {
                    throw AccountsError.unknownAccount
                }
                try await audit.record(.registered, actor: account, account: id, caller: caller, on: transaction)
                try await addVerification(of: account, email: address, on: transaction)
                if let cookie, !settings.needsVerifiedEmail {
                    try await begin(cookie, of: account, caller: caller, on: transaction)
                }
                return account
            }
            outbox.hurry()
            guard settings.needsVerifiedEmail else { return account }
        } catch AccountsError.emailTaken where settings.needsVerifiedEmail {
            if let owner = try await accounts.find(address) { try await tellOwner(owner) }
        }
        // The answer comes at the same time for everybody.
        try await Task.sleep(until: start + configuration.resetAnswerTime, clock: .continuous)
        return nil
    }

    /// Writes to whoever has an address that somebody wanted to register: how to get in, or how to prove it.
    func tellOwner(_ owner: Account) async throws {
        guard owner.status == .active,
            try await limits.allows(.registrationMail, by: owner.email.text, configuration.unaskedMails)
        else { return }
        try await database.withTransaction { transaction in
            if owner.isEmailVerified {
                try await mail(
                    .addressKnown,
                    to: owner,
                    ["link": "\(configuration.address)/forgot"],
                    on: transaction
                )
            } else {
                try await addVerification(of: owner, email: owner.email, on: transaction)
            }
        }
        outbox.hurry()
    }

    /// Checks a password and logs a browser in.
    ///
    /// Unknown addresses, wrong passwords and accounts without one take the same time and get the same answer.
    package func logIn(email: String, password: String, caller: Caller) async throws -> LoginOutcome {
        let (account, hash) = try await checkedAccount(email: email, password: password, caller: caller)
        guard !account.hasSecondFactor else {
            return .needsCode(challenge: try await beginChallenge(for: account, passwordHash: hash))
        }
        let cookie = SecretToken.random()
        try await database.withTransaction { transaction in
            try await requireUnchanged(account, passwordHash: hash, on: transaction)
            try await audit.record(.loggedIn, actor: account, account: account.id, caller: caller, on: transaction)
            try await begin(cookie, of: account, caller: caller, on: transaction)
        }
        return .loggedIn(account, cookie: cookie)
    }

    /// The account behind an address and a password, within the limits, and the hash that the password fits.
    func checkedAccount(
        email: String,
        password: String,
        caller: Caller
    ) async throws -> (account: Account, hash: String) {
        let address = EmailAddress(email)
        let subject = address?.text ?? email.lowercased().storable(254)
        var inAll = configuration.loginsInAll
        inAll.count = try await max(inAll.count, loginLimit().count)
        try await limits.take(.logins, by: caller.network, inAll)
        try await limits.take(.loginAddress, by: caller.network, loginLimit())
        try await limits.take(.loginAccount, by: subject, loginLimit())
        var found: (account: Account, hash: String?)?
        if let address { found = try await accounts.findWithPassword(address) }
        // A password longer than any of ours is not worth hashing, and says so to nobody.
        let candidate = password.utf8.count <= PasswordRules.maximum ? password : ""
        let isRight = try await hasher.verify(candidate, against: found?.hash)
        guard isRight, let found, let hash = found.hash else {
            try await audit.record(
                .loginFailed,
                actor: nil,
                account: found?.account.id,
                subject: subject,
                caller: caller
            )
            throw AccountsError.wrongCredentials
        }
        guard found.account.status == .active else { throw AccountsError.suspended }
        // Nor does a login tell whether a registration has just made the account: its mail has to be answered first.
        guard try await isReadyToLogIn(found.account) else { throw AccountsError.wrongCredentials }
        try await limits.giveBack(.loginAddress, by: caller.network)
        try await limits.forget(.loginAccount, by: subject)
        guard hasher.isOutdated(hash) else { return (found.account, hash) }
        let better = try await hasher.hash(password)
        let isIn = try await accounts.upgradePasswordHash(from: hash, to: better, of: found.account.id)
        return (found.account, isIn ? better : hash)
    }

    private func isReadyToLogIn(_ account: Account) async throws -> Bool {
        guard !account.isEmailVerified, account.lastLoginAt == nil else { return true }
        return try await !settings.current().needsVerifiedEmail
    }

    /// Throws where the account was suspended or its password changed since it was looked at; it stays as it is until the
    /// transaction is over.
    func requireUnchanged(
        _ account: Account,
        passwordHash: String? = nil,
        on transaction: Transaction
    ) async throws {
        guard let found = try await accounts.lockForLogin(account.id, on: transaction) else {
            throw AccountsError.wrongCredentials
        }
        guard found.status == .active else { throw AccountsError.suspended }
        guard passwordHash == nil || found.hash == passwordHash else { throw AccountsError.wrongCredentials }
    }

    /// Opens a browser's session; always with a token of our own, so that none can be planted beforehand.
    func begin(
        _ cookie: SecretToken,
        of account: Account,
        caller: Caller,
        on transaction: Transaction
    ) async throws {
        let now = now()
        let id = LoginSessionID()
        try await loginSessions.insert(
            id,
            of: account.id,
            tokenHash: cookie.hash,
            at: now,
            until: now + configuration.browserIdle,
            caller: caller,
            on: transaction
        )
        try await loginSessions.keep(configuration.browsersPerAccount, of: account.id, with: id, on: transaction)
        try await accounts.setLastLogin(of: account.id, at: now, on: transaction)
    }

    /// Whoever is behind a browser's cookie, if it is good.
    package func viewer(cookie: SecretToken, caller: Caller) async throws -> Viewer? {
        let now = now()
        guard let found = try await loginSessions.find(tokenHash: cookie.hash, at: now) else { return nil }
        var impersonator: Account?
        if let id = found.impersonator {
            impersonator = try await accounts.find(id)
            // Whoever is an administrator no more looks on no longer.
            guard let impersonator, impersonator.status == .active, impersonator.role.may(.administerAccounts) else {
                return nil
            }
        } else if abs(now.timeIntervalSince(found.lastSeenAt)) > 60 {
            let end = min(now + configuration.browserIdle, found.createdAt + configuration.browserLifetime)
            try await loginSessions.touch(found.id, at: now, until: end, caller: caller)
        }
        return Viewer(
            account: found.account,
            credential: .browser(found.id),
            impersonator: impersonator,
            confirmedAt: found.confirmedAt,
            caller: caller
        )
    }

    /// Ends the browser's session that the request came with.
    package func logOut(_ viewer: Viewer) async throws {
        guard case .browser(let id) = viewer.credential else { return }
        guard try await loginSessions.delete(id, of: viewer.account.id) else { return }
        try await audit.record(viewer.impersonator == nil ? .loggedOut : .signedOutAs, by: viewer)
        access.send(viewer.account.id)
    }

    package func setLanguage(_ language: Language, of viewer: Viewer) async throws {
        try await accounts.setLanguage(language, of: viewer.account.id)
    }

    static func checkedName(_ name: String) throws(AccountsError) -> String {
        let plain = String(
            String.UnicodeScalarView(name.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 })
        )
        let words = plain.split(separator: " ").joined(separator: " ")
        // Neither line breaks nor signs that turn the direction of what follows.
        let isPlain = words.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard isPlain, (1...80).contains(words.unicodeScalars.count), words.utf8.count <= 240 else {
            throw .invalidName
        }
        return words
    }

    static func checkPassword(_ password: String, email: EmailAddress?, name: String?) throws(AccountsError) {
        if let problem = PasswordRules.problem(with: password, email: email, name: name) {
            throw .weakPassword(problem)
        }
    }
}

extension String {
    /// The first so many scalars, without the one that PostgreSQL cannot keep.
    func storable(_ limit: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.lazy.filter { $0 != "\0" }.prefix(limit)))
    }
}

extension Date {
    static func + (date: Date, duration: Duration) -> Date {
        date.addingTimeInterval(duration / .seconds(1))
    }
}
