package import Database
package import Foundation

/// Names one browser that is logged in.
package struct LoginSessionID: Hashable, Sendable, CustomStringConvertible {
    package let uuid: UUID

    package init() {
        uuid = UUID()
    }

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    package init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package var description: String { uuid.uuidString.lowercased() }
}

extension LoginSessionID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> LoginSessionID {
        LoginSessionID(try UUID.decode(cell))
    }
}

/// A browser that is logged in, for its owner's list.
package struct LoginSession: Sendable, Equatable {
    package let id: LoginSessionID
    package let createdAt: Date
    package let lastSeenAt: Date
    package let expiresAt: Date
    package let address: String
    package let userAgent: String
    /// Whether it is an administrator who looks on.
    package let isImpersonated: Bool

    /// Without what tells of the administrator who looks on.
    var withoutForeignTraces: LoginSession {
        guard isImpersonated else { return self }
        return LoginSession(
            id: id,
            createdAt: createdAt,
            lastSeenAt: lastSeenAt,
            expiresAt: expiresAt,
            address: "",
            userAgent: "",
            isImpersonated: true
        )
    }
}
