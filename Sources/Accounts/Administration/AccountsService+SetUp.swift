internal import Database
internal import Foundation

extension AccountsService {
    /// The one-time link by which the first administrator is made; nil where there is one already.
    ///
    /// Each start makes a new link and voids the old one.
    ///
    /// - Returns: its path, to stand behind the server's address.
    package func setUpPath() async throws -> String? {
        guard try await accounts.administrators(besides: nil, on: database) == 0 else { return nil }
        let token = SecretToken.random()
        try await database.withTransaction { transaction in
            try await links.replace(
                .setUp,
                of: nil,
                email: nil,
                hash: token.hash,
                at: now(),
                until: now() + .seconds(7 * 86_400),
                on: transaction
            )
        }
        return "/setup/\(token.text)"
    }

    package func isSetUpGood(_ token: SecretToken) async throws -> Bool {
        guard try await accounts.administrators(besides: nil, on: database) == 0 else { return false }
        return try await links.find(token.hash, .setUp, at: now()) != nil
    }

    /// Makes the first administrator by the link that the server printed.
    package func setUp(
        _ token: SecretToken,
        email: String,
        name: String,
        password: String,
        language: Language,
        caller: Caller
    ) async throws -> (account: Account, cookie: SecretToken) {
        guard try await isSetUpGood(token) else { throw AccountsError.linkOver }
        let cookie = SecretToken.random()
        let (address, name, hash) = try await checked(email, name, password)
        let account = try await database.withTransaction { transaction in
            guard try await links.take(token.hash, .setUp, at: now(), on: transaction) != nil else {
                throw AccountsError.linkOver
            }
            let account = try await addAdministrator(address, name, hash, language, caller, on: transaction)
            try await begin(cookie, of: account, caller: caller, on: transaction)
            return account
        }
        return (account, cookie)
    }

    /// Makes the administrator whom the environment names, unless there is one of that address; false when there was.
    ///
    /// Throws for a password that is too weak, so that the server does not start with it.
    package func provideAdministrator(email: String, password: String) async throws -> Bool {
        if let address = EmailAddress(email), let account = try await accounts.find(address) {
            guard account.role == .admin else { throw AccountsError.emailTaken }
            return false
        }
        let (address, name, hash) = try await checked(email, "Administrator", password)
        try await database.withTransaction { transaction in
            _ = try await addAdministrator(address, name, hash, .english, .console, on: transaction)
        }
        return true
    }

    private func checked(
        _ email: String,
        _ name: String,
        _ password: String
    ) async throws -> (EmailAddress, String, String) {
        guard let address = EmailAddress(email) else { throw AccountsError.invalidEmail }
        let name = try Self.checkedName(name)
        try Self.checkPassword(password, email: address, name: name)
        return (address, name, try await hasher.hash(password))
    }

    private func addAdministrator(
        _ email: EmailAddress,
        _ name: String,
        _ hash: String,
        _ language: Language,
        _ caller: Caller,
        on transaction: Transaction
    ) async throws -> Account {
        let id = AccountID()
        try await accounts.insert(
            id,
            email: email,
            isVerified: true,
            name: name,
            role: .admin,
            language: language,
            passwordHash: hash,
            at: now(),
            on: transaction
        )
        guard let account = try await accounts.find(id, on: transaction) else { throw AccountsError.unknownAccount }
        try await audit.record(.setUp, actor: account, account: id, caller: caller, on: transaction)
        return account
    }
}
