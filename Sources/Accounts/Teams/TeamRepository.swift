internal import Database
internal import Foundation

/// Agents, and invitations to become one.
struct TeamRepository: Sendable {
    let database: Database

    struct Offer {
        let owner: AccountID
        let email: EmailAddress
    }

    func members(of owner: AccountID, on runner: (any StatementRunner)? = nil) async throws -> [TeamMember] {
        try await (runner ?? database).query(
            """
            SELECT accounts.id, accounts.name, accounts.email, team_members.joined_at, accounts.last_login_at
            FROM team_members JOIN accounts ON accounts.id = team_members.member_id
            WHERE team_members.owner_id = \(owner) ORDER BY accounts.name, accounts.id LIMIT 500
            """
        ).map { row in
            TeamMember(
                id: try row.decode("id"),
                name: try row.decode("name"),
                email: try row.decode("email"),
                joinedAt: try row.decode("joined_at"),
                lastLoginAt: try row.decodeIfPresent("last_login_at")
            )
        }
    }

    func invitations(of owner: AccountID, at now: Date) async throws -> [TeamInvitation] {
        try await database.query(
            """
            SELECT id, email, created_at, expires_at FROM team_invitations
            WHERE owner_id = \(owner) AND expires_at > \(now) ORDER BY created_at DESC LIMIT 500
            """
        ).map { row in
            TeamInvitation(
                id: try row.decode("id"),
                email: try row.decode("email"),
                createdAt: try row.decode("created_at"),
                expiresAt: try row.decode("expires_at")
            )
        }
    }

    /// Puts an invitation down in place of an older one to the same address.
    func invite(
        _ email: EmailAddress,
        by owner: AccountID,
        hash: [UInt8],
        at now: Date,
        until end: Date,
        on runner: any StatementRunner
    ) async throws {
        try await runner.execute(
            """
            INSERT INTO team_invitations (id, owner_id, email, token_hash, created_at, expires_at)
            VALUES (\(InvitationID()), \(owner), \(email), \(hash), \(now), \(end))
            ON CONFLICT (owner_id, email) DO UPDATE
            SET token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at
            """
        )
    }

    /// Removes an invitation and names its address; nil when the owner has no such invitation.
    func withdraw(_ id: InvitationID, of owner: AccountID, on runner: any StatementRunner) async throws -> EmailAddress?
    {
        try await runner.queryOne(
            "DELETE FROM team_invitations WHERE id = \(id) AND owner_id = \(owner) RETURNING email"
        )?.decode("email")
    }

    func offer(_ hash: [UInt8], at now: Date) async throws -> Offer? {
        try await database.queryOne(
            "SELECT owner_id, email FROM team_invitations WHERE token_hash = \(hash) AND expires_at > \(now)"
        ).map(Self.offer)
    }

    func take(_ hash: [UInt8], at now: Date, on runner: any StatementRunner) async throws -> Offer? {
        try await runner.queryOne(
            """
            DELETE FROM team_invitations WHERE token_hash = \(hash) AND expires_at > \(now)
            RETURNING owner_id, email
            """
        ).map(Self.offer)
    }

    /// False where the account helps a team already.
    func add(_ member: AccountID, to owner: AccountID, at now: Date, on runner: any StatementRunner) async throws
        -> Bool
    {
        try await runner.execute(
            """
            INSERT INTO team_members (member_id, owner_id, joined_at) VALUES (\(member), \(owner), \(now))
            ON CONFLICT (member_id) DO NOTHING
            """
        ) == 1
    }

    func remove(_ member: AccountID, from owner: AccountID, on runner: any StatementRunner) async throws -> Bool {
        try await runner.execute(
            "DELETE FROM team_members WHERE member_id = \(member) AND owner_id = \(owner)"
        ) == 1
    }

    func removeExpired(at now: Date) async throws {
        try await database.execute("DELETE FROM team_invitations WHERE expires_at <= \(now)")
    }

    private static func offer(_ row: Row) throws -> Offer {
        Offer(owner: try row.decode("owner_id"), email: try row.decode("email"))
    }
}
