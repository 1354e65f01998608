internal import Database
internal import Foundation

extension AccountsService {
    package func team(of viewer: Viewer) async throws -> (members: [TeamMember], invitations: [TeamInvitation]) {
        let owner = viewer.account.id
        return (try await teams.members(of: owner), try await teams.invitations(of: owner, at: now()))
    }

    /// Invites somebody to help with the inbox.
    package func invite(_ email: String, by viewer: Viewer) async throws {
        guard viewer.may(.team) else { throw AccountsError.notAllowed }
        guard try await isReady(viewer, for: .team) else { throw AccountsError.emailNotVerified }
        guard let address = EmailAddress(email) else { throw AccountsError.invalidEmail }
        guard address != viewer.account.email else { throw AccountsError.ownInvitation }
        try await limits.take(
            .registration,
            by: "invite:\(viewer.account.id)",
            AttemptLimit(count: 30, window: .seconds(3_600))
        )
        let (members, invitations) = try await team(of: viewer)
        guard !members.contains(where: { $0.email == address }) else { throw AccountsError.alreadyInTeam }
        let open = invitations.count { $0.email != address }
        guard members.count + open < configuration.membersPerTeam else {
            throw AccountsError.teamFull(limit: configuration.membersPerTeam)
        }
        let token = SecretToken.random()
        try await database.withTransaction { transaction in
            try await teams.invite(
                address,
                by: viewer.account.id,
                hash: token.hash,
                at: now(),
                until: now() + configuration.invitationLifetime,
                on: transaction
            )
            try await mail(
                .invitation,
                to: address,
                language: viewer.account.language ?? .english,
                ["owner": viewer.account.name, "link": "\(configuration.address)/invitation/\(token.text)"],
                on: transaction
            )
            try await audit.record(.invited, by: viewer, subject: address.text, on: transaction)
        }
        outbox.hurry()
    }

    package func withdraw(_ id: InvitationID, by viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            guard let email = try await teams.withdraw(id, of: viewer.account.id, on: transaction) else {
                throw AccountsError.unknownInvitation
            }
            try await audit.record(.invitationWithdrawn, by: viewer, subject: email.text, on: transaction)
        }
    }

    /// Takes an agent from the team, and with it its way in to this inbox at once.
    package func remove(_ member: AccountID, by viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            guard try await teams.remove(member, from: viewer.account.id, on: transaction) else {
                throw AccountsError.unknownAccount
            }
            try await audit.record(.removedFromTeam, by: viewer, account: member, on: transaction)
        }
        access.send(member)
    }

    /// Leaves the team that the account helps.
    package func leaveTeam(_ viewer: Viewer) async throws {
        guard let owner = viewer.account.teamOwner else { throw AccountsError.unknownInvitation }
        try await database.withTransaction { transaction in
            guard try await teams.remove(viewer.account.id, from: owner, on: transaction) else {
                throw AccountsError.unknownInvitation
            }
            try await audit.record(.leftTeam, by: viewer, account: owner, on: transaction)
        }
        access.send(viewer.account.id)
    }

    /// What an invitation's link offers; nil when it is over.
    package func invitation(_ token: SecretToken) async throws -> OfferedInvitation? {
        guard let offer = try await teams.offer(token.hash, at: now()), let owner = try await accounts.find(offer.owner)
        else { return nil }
        return OfferedInvitation(owner: owner.name, email: offer.email)
    }

    /// Makes an agent's account by an invitation, and logs its browser in.
    ///
    /// The link came by mail, so the address is proved.
    package func accept(
        _ token: SecretToken,
        name: String,
        password: String,
        language: Language,
        caller: Caller
    ) async throws -> (account: Account, cookie: SecretToken) {
        guard let offer = try await teams.offer(token.hash, at: now()) else { throw AccountsError.unknownInvitation }
        let name = try Self.checkedName(name)
        try Self.checkPassword(password, email: offer.email, name: name)
        try await limits.take(.password, by: "link:\(token.text)", loginLimit())
        let hash = try await hasher.hash(password)
        let (id, cookie) = (AccountID(), SecretToken.random())
        let account = try await database.withTransaction { transaction in
            guard let offer = try await teams.take(token.hash, at: now(), on: transaction) else {
                throw AccountsError.unknownInvitation
            }
            try await accounts.insert(
                id,
                email: offer.email,
                isVerified: true,
                name: name,
                role: .agent,
                language: language,
                passwordHash: hash,
                at: now(),
                on: transaction
            )
            guard try await teams.add(id, to: offer.owner, at: now(), on: transaction),
                let account = try await accounts.find(id, on: transaction)
            else { throw AccountsError.otherTeam }
            try await audit.record(
                .joined,
                actor: account,
                account: offer.owner,
                subject: account.email.text,
                caller: caller,
                on: transaction
            )
            try await begin(cookie, of: account, caller: caller, on: transaction)
            return account
        }
        return (account, cookie)
    }

    /// Takes an invitation with an account that is an agent and helps nobody at the moment.
    package func accept(_ token: SecretToken, by viewer: Viewer) async throws {
        guard viewer.impersonator == nil else { throw AccountsError.notAllowed }
        try await database.withTransaction { transaction in
            guard let offer = try await teams.take(token.hash, at: now(), on: transaction),
                offer.email == viewer.account.email
            else { throw AccountsError.unknownInvitation }
            guard viewer.account.role == .agent,
                try await teams.add(viewer.account.id, to: offer.owner, at: now(), on: transaction)
            else { throw AccountsError.otherTeam }
            try await audit.record(
                .joined,
                by: viewer,
                account: offer.owner,
                subject: viewer.account.email.text,
                on: transaction
            )
        }
    }
}
