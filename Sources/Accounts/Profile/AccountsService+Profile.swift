internal import Database
internal import Foundation

extension AccountsService {
    /// Checks the password once more, for changes that want it.
    ///
    /// An account without a password confirms by logging in again.
    ///
    /// - Returns: the viewer as it is now.
    package func confirm(_ viewer: Viewer, password: String) async throws -> Viewer {
        guard viewer.impersonator == nil, case .browser(let session) = viewer.credential else {
            throw AccountsError.notAllowed
        }
        try await limits.take(.confirmation, by: viewer.account.id.description, loginLimit())
        guard let hash = try await accounts.passwordHash(of: viewer.account.id) else { throw AccountsError.noPassword }
        guard try await hasher.verify(String(password.prefix(PasswordRules.maximum)), against: hash) else {
            try await audit.record(.loginFailed, by: viewer, subject: "confirmation")
            throw AccountsError.wrongCredentials
        }
        try await limits.forget(.confirmation, by: viewer.account.id.description)
        let now = now()
        try await loginSessions.confirm(session, of: viewer.account.id, at: now)
        return Viewer(
            account: viewer.account,
            credential: viewer.credential,
            confirmedAt: now,
            caller: viewer.caller
        )
    }

    package func changeName(to name: String, by viewer: Viewer) async throws {
        let name = try Self.checkedName(name)
        guard name != viewer.account.name else { return }
        try await database.withTransaction { transaction in
            try await accounts.setName(name, of: viewer.account.id, on: transaction)
            try await audit.record(
                .nameChanged,
                by: viewer,
                before: ["name": viewer.account.name],
                after: ["name": name],
                on: transaction
            )
        }
    }

    /// Sends a link to the new address; the change is made when it is followed.
    package func askForEmailChange(to email: String, by viewer: Viewer) async throws {
        try requireConfirmation(viewer)
        guard let address = EmailAddress(email) else { throw AccountsError.invalidEmail }
        try await limits.take(.verification, by: viewer.account.id.description, resetLimit())
        // An address that has an account gets a mail too, and nobody else learns which of the two it was.
        if let owner = try await accounts.find(address) {
            guard owner.id != viewer.account.id else { return }
            try await tellOwner(owner)
        } else {
            try await database.withTransaction { transaction in
                try await addVerification(of: viewer.account, email: address, on: transaction)
            }
        }
        outbox.hurry()
    }

    /// Sets a new password and logs every other browser and program out.
    package func changePassword(to password: String, by viewer: Viewer) async throws {
        try requireConfirmation(viewer)
        guard case .browser(let session) = viewer.credential else { throw AccountsError.notAllowed }
        try Self.checkPassword(password, email: viewer.account.email, name: viewer.account.name)
        try await limits.take(.password, by: viewer.account.id.description, loginLimit())
        let hash = try await hasher.hash(password)
        try await database.withTransaction { transaction in
            try await accounts.setPasswordHash(hash, of: viewer.account.id, at: now(), on: transaction)
            try await links.voidAll(of: viewer.account.id, on: transaction)
            try await loginSessions.deleteAll(of: viewer.account.id, except: session, on: transaction)
            try await apiLogins.deleteAll(of: viewer.account.id, on: transaction)
            try await mail(.passwordChanged, to: viewer.account, on: transaction)
            try await audit.record(.passwordChanged, by: viewer, on: transaction)
        }
        outbox.hurry()
        access.send(viewer.account.id)
    }

    /// The browsers that are logged in.
    ///
    /// From where an administrator looks on is nobody else's business.
    package func loginSessions(of viewer: Viewer) async throws -> [LoginSession] {
        try await loginSessions.all(of: viewer.account.id, at: now()).map(\.withoutForeignTraces)
    }

    package func revoke(_ id: LoginSessionID, by viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            guard try await loginSessions.delete(id, of: viewer.account.id, on: transaction) else {
                throw AccountsError.unknownLoginSession
            }
            try await audit.record(.sessionRevoked, by: viewer, on: transaction)
        }
        access.send(viewer.account.id)
    }

    /// Logs out every browser but this one, and every program.
    package func revokeOthers(by viewer: Viewer) async throws {
        guard case .browser(let session) = viewer.credential else { throw AccountsError.notAllowed }
        try await database.withTransaction { transaction in
            let count = try await loginSessions.deleteAll(of: viewer.account.id, except: session, on: transaction)
            try await apiLogins.deleteAll(of: viewer.account.id, on: transaction)
            try await audit.record(.sessionRevoked, by: viewer, after: ["count": "\(count)"], on: transaction)
        }
        access.send(viewer.account.id)
    }

    /// Everything that is kept about an account here, as one JSON document.
    ///
    /// Whatever opens a door is left out: hashes, keys, tokens. `bots` is what others keep of the account's bots.
    package func export<Bot: Encodable & Sendable, Link: Encodable & Sendable>(
        _ viewer: Viewer,
        bots: [Bot],
        links: [Link]
    ) async throws -> [UInt8] {
        let account = viewer.account
        var filter = AuditFilter()
        filter.account = account.id
        let document = AccountExport(
            account: account,
            sessions: try await loginSessions(of: viewer),
            programs: try await programs(of: viewer),
            keys: try await apiKeys(of: viewer),
            identities: try await identities(of: viewer),
            audit: try await audit.lines(filter, limit: 10_000),
            bots: bots,
            links: links,
            at: now()
        )
        try await audit.record(.exported, by: viewer)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(document))
    }

    /// Deletes an account and everything that belongs to it; the audit log keeps what was done.
    package func delete(_ viewer: Viewer) async throws {
        try requireConfirmation(viewer)
        let account = viewer.account
        try await database.withTransaction(retries: .standard) { transaction in
            try await keepOneAdministrator(besides: account, on: transaction)
            try await audit.record(
                .deleted,
                by: viewer,
                subject: account.email.text,
                before: ["email": account.email.text, "name": account.name],
                on: transaction
            )
            try await accounts.delete(account.id, on: transaction)
        }
        access.send(account.id)
    }

    /// Throws when nobody else runs the place.
    func keepOneAdministrator(besides account: Account, on transaction: Transaction) async throws {
        guard account.role == .admin else { return }
        guard try await accounts.administrators(besides: account.id, on: transaction) > 0 else {
            throw AccountsError.lastAdministrator
        }
    }
}
