package import Database
package import Foundation

/// Names one program that logged in with a password.
package struct APILoginID: Hashable, Sendable, CustomStringConvertible {
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

extension APILoginID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> APILoginID {
        APILoginID(uuid: try UUID.decode(cell))
    }

    private init(uuid: UUID) {
        self.uuid = uuid
    }
}

/// Names one API key; says nothing about the key itself.
package struct APIKeyID: Hashable, Sendable, CustomStringConvertible {
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

extension APIKeyID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> APIKeyID {
        APIKeyID(uuid: try UUID.decode(cell))
    }

    private init(uuid: UUID) {
        self.uuid = uuid
    }
}
