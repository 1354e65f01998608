internal import Database
package import Foundation

/// A person's login.
package struct Account: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        case active
        /// Keeps everything and may do nothing.
        case suspended
    }

    package let id: AccountID
    package let email: EmailAddress
    package let emailVerifiedAt: Date?
    package let name: String
    package let role: Role
    package let status: Status
    /// What was chosen; nil follows the browser.
    package let language: Language?
    package let hasPassword: Bool
    package let passwordChangedAt: Date?
    package let hasSecondFactor: Bool
    package let createdAt: Date
    package let lastLoginAt: Date?
    /// Whose team an agent belongs to.
    package let teamOwner: AccountID?

    package var isEmailVerified: Bool { emailVerifiedAt != nil }

    /// The account whose bots, contacts and conversations are shown: the own ones, or for an agent the team's.
    package var workspace: AccountID { teamOwner ?? id }
}

extension Account {
    /// The columns that `init(_:)` reads, of `accounts` under its own name.
    static var columns: SQL {
        """
        accounts.id, accounts.email, accounts.email_verified_at, accounts.name, accounts.role, accounts.status,
        accounts.language, accounts.password_hash IS NOT NULL AS has_password, accounts.password_changed_at,
        accounts.totp_enabled_at IS NOT NULL AS has_second_factor, accounts.created_at, accounts.last_login_at,
        (SELECT owner_id FROM team_members WHERE member_id = accounts.id) AS team_owner
        """
    }

    init(_ row: Row) throws {
        id = try row.decode("id")
        email = try row.decode("email")
        emailVerifiedAt = try row.decodeIfPresent("email_verified_at")
        name = try row.decode("name")
        role = try Self.word(row.decode("role"), "role")
        status = try Self.word(row.decode("status"), "status")
        language = try row.decodeIfPresent("language", as: String.self).flatMap(Language.init)
        hasPassword = try row.decode("has_password")
        passwordChangedAt = try row.decodeIfPresent("password_changed_at")
        hasSecondFactor = try row.decode("has_second_factor")
        createdAt = try row.decode("created_at")
        lastLoginAt = try row.decodeIfPresent("last_login_at")
        teamOwner = try row.decodeIfPresent("team_owner")
    }

    private static func word<Word: RawRepresentable>(
        _ text: String,
        _ column: String
    ) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            throw RowError.invalidValue(column: column, expected: "\(Word.self)")
        }
        return word
    }
}
