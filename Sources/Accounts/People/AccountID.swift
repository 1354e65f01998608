package import Database
package import Foundation

/// Names one account.
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
    package let uuid: UUID

    package init() {
        uuid = UUID()
    }

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the text form; nil for what is none.
    package init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package var description: String { uuid.uuidString.lowercased() }
}

extension AccountID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> AccountID {
        AccountID(try UUID.decode(cell))
    }
}
