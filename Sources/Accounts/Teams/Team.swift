package import Database
package import Foundation

/// Names one invitation into a team.
package struct InvitationID: Hashable, Sendable, CustomStringConvertible {
    package let uuid: UUID

    package init() {
        uuid = UUID()
    }

    package init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package var description: String { uuid.uuidString.lowercased() }
}

extension InvitationID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> InvitationID {
        InvitationID(uuid: try UUID.decode(cell))
    }

    private init(uuid: UUID) {
        self.uuid = uuid
    }
}

/// An agent, as the team's owner sees it.
package struct TeamMember: Sendable, Equatable {
    package let id: AccountID
    package let name: String
    package let email: EmailAddress
    package let joinedAt: Date
    package let lastLoginAt: Date?
}

/// An invitation that nobody has taken yet.
package struct TeamInvitation: Sendable, Equatable {
    package let id: InvitationID
    package let email: EmailAddress
    package let createdAt: Date
    package let expiresAt: Date
}

/// An invitation as the one who holds its link sees it.
package struct OfferedInvitation: Sendable, Equatable {
    package let owner: String
    package let email: EmailAddress
}
