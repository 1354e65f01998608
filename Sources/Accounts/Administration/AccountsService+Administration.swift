internal import Database
package import Foundation

extension AccountsService {
    /// Accounts, one more than `limit` where there are more.
    package func search(_ search: AccountSearch, limit: Int, by viewer: Viewer) async throws -> [Account] {
        guard viewer.may(.administerAccounts) else { throw AccountsError.notAllowed }
        return try await accounts.search(search, limit: limit)
    }

    package func browsers(of id: AccountID, by viewer: Viewer) async throws -> [LoginSession] {
        guard viewer.may(.administerAccounts) else { throw AccountsError.notAllowed }
        return try await loginSessions.all(of: id, at: now())
    }

    package func setRole(_ role: Role, of id: AccountID, by viewer: Viewer) async throws {
        try await change(id, by: viewer) { account, transaction in
            guard account.role != role else { return }
            if role != .admin { try await keepOneAdministrator(besides: account, on: transaction) }
            // An agent of a team stays one as long as it is in there.
            guard role == .agent || account.teamOwner == nil else { throw AccountsError.otherTeam }
            try await accounts.setRole(role, of: id, on: transaction)
            try await loginSessions.endLookingOn(by: id, on: transaction)
            try await audit.record(
                .roleChanged,
                by: viewer,
                account: id,
                subject: account.email.text,
                before: ["role": account.role.rawValue],
                after: ["role": role.rawValue],
                on: transaction
            )
        }
    }

    /// Shuts an account out and logs it out everywhere, or lets it in again.
    package func setStatus(_ status: Account.Status, of id: AccountID, by viewer: Viewer) async throws {
        try await change(id, by: viewer) { account, transaction in
            guard account.status != status else { return }
            if status == .suspended { try await keepOneAdministrator(besides: account, on: transaction) }
            try await accounts.setStatus(status, of: id, on: transaction)
            if status == .suspended {
                try await loginSessions.deleteAll(of: id, on: transaction)
                try await apiLogins.deleteAll(of: id, on: transaction)
            }
            try await audit.record(
                status == .suspended ? .suspended : .restored,
                by: viewer,
                account: id,
                subject: account.email.text,
                before: ["status": account.status.rawValue],
                after: ["status": status.rawValue],
                on: transaction
            )
        }
    }

    /// Takes the second factor from somebody who has lost it.
    package func resetSecondFactor(of id: AccountID, by viewer: Viewer) async throws {
        try await change(id, by: viewer) { account, transaction in
            guard try await secondFactors.disable(id, on: transaction) else { throw AccountsError.secondFactorOff }
            try await audit.record(
                .secondFactorReset,
                by: viewer,
                account: id,
                subject: account.email.text,
                on: transaction
            )
        }
    }

    /// Opens a browser's session as somebody else, for an hour; everything done in it is logged under the administrator's name.
    package func signIn(as id: AccountID, by viewer: Viewer) async throws -> SecretToken {
        guard case .browser(let session) = viewer.credential else { throw AccountsError.notAllowed }
        let cookie = SecretToken.random()
        try await change(id, by: viewer) { account, transaction in
            // Whoever is one of us may do all that we may; as them we would hide behind their name.
            guard account.role != .admin, account.status == .active else { throw AccountsError.notAllowed }
            try await loginSessions.insert(
                LoginSessionID(),
                of: id,
                tokenHash: cookie.hash,
                at: now(),
                until: now() + .seconds(3_600),
                caller: viewer.caller,
                impersonator: (viewer.account.id, session),
                on: transaction
            )
            try await audit.record(.signedInAs, by: viewer, account: id, subject: account.email.text, on: transaction)
        }
        return cookie
    }

    /// Ends looking on, and goes on with the administrator's own session, if that has not been ended meanwhile.
    package func stopSigningIn(_ viewer: Viewer) async throws -> SecretToken {
        guard let administrator = viewer.impersonator, case .browser(let session) = viewer.credential else {
            throw AccountsError.notAllowed
        }
        let cookie = SecretToken.random()
        try await database.withTransaction { transaction in
            guard
                try await loginSessions.resume(
                    from: session,
                    of: administrator.id,
                    tokenHash: cookie.hash,
                    at: now(),
                    on: transaction
                ),
                try await loginSessions.delete(session, of: viewer.account.id, on: transaction)
            else { throw AccountsError.notAllowed }
            try await audit.record(.signedOutAs, by: viewer, on: transaction)
        }
        access.send(viewer.account.id)
        return cookie
    }

    // MARK: Announcements

    /// What is to be read above every page now.
    package func announcements() async throws -> [Announcement] {
        try await board.shown(at: now())
    }

    package func allAnnouncements() async throws -> [Announcement] {
        try await board.all()
    }

    package func announce(
        _ message: String,
        kind: Announcement.Kind,
        until end: Date?,
        by viewer: Viewer
    ) async throws {
        guard viewer.may(.changeSettings) else { throw AccountsError.notAllowed }
        let now = now()
        let scalars = message.unicodeScalars
        guard (1...500).contains(scalars.count), !scalars.contains("\0"), end.map({ $0 > now }) ?? true else {
            throw AccountsError.invalidAnnouncement
        }
        let announcement = Announcement(id: AnnouncementID(), kind: kind, message: message, startsAt: now, endsAt: end)
        try await database.withTransaction { transaction in
            try await board.insert(announcement, on: transaction)
            try await audit.record(.announced, by: viewer, after: ["message": message], on: transaction)
        }
        board.forget()
    }

    package func removeAnnouncement(_ id: AnnouncementID, by viewer: Viewer) async throws {
        guard viewer.may(.changeSettings) else { throw AccountsError.notAllowed }
        try await database.withTransaction { transaction in
            guard let message = try await board.delete(id, on: transaction) else {
                throw AccountsError.unknownAnnouncement
            }
            try await audit.record(.announcementRemoved, by: viewer, before: ["message": message], on: transaction)
        }
        board.forget()
    }

    /// Runs a change to somebody else's account, which stays as it is meanwhile.
    ///
    /// Nobody does that with a key or a token: it wants a browser whose person has just proved who it is.
    private func change(
        _ id: AccountID,
        by viewer: Viewer,
        _ body: (Account, Transaction) async throws -> Void
    ) async throws {
        guard viewer.impersonator == nil, viewer.may(.administerAccounts) else { throw AccountsError.notAllowed }
        guard id != viewer.account.id else { throw AccountsError.ownAccount }
        try requireConfirmation(viewer)
        // Two administrators who act on each other may lock each other out for a moment.
        try await database.withTransaction(retries: .standard) { transaction in
            guard let account = try await accounts.lock(id, on: transaction) else { throw AccountsError.unknownAccount }
            try await body(account, transaction)
        }
        access.send(id)
    }
}
