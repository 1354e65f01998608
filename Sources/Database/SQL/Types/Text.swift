/// Text goes without a type, so that it also fits `jsonb`, `inet` and enum columns.
///
/// A text that holds a NUL cannot be stored by PostgreSQL; sending it throws ``DatabaseError/unsendableParameter(position:)``.
extension String: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .inferred }
    package var sqlValue: SQLValue { .text(self, type: .inferred) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> String {
        if cell.type == .jsonb { return try JSONText.decode(cell).text }
        guard textTypes.contains(cell.type) || cell.type.isUserDefined else { throw .wrongType }
        return try cell.withBytes(String.init(wireForm:))
    }

    private static let textTypes: Set<SQLType> = [.text, .varchar, .bpchar, .name, .unknown, .json]

    init(wireForm bytes: UnsafeRawBufferPointer) throws(SQLCellError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidValue }
        self = text
    }
}

/// A JSON document as text, for `jsonb` and `json` columns.
package struct JSONText: Sendable, Equatable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

extension JSONText: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .jsonb }
    package var sqlValue: SQLValue { .text(text, type: .jsonb) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> JSONText {
        try cell.require(.jsonb, .json)
        return try cell.withBytes { bytes throws(SQLCellError) in
            var document = bytes[...]
            // The binary form of jsonb is its text after a version number, which has been 1 since it exists.
            if cell.type == .jsonb {
                guard document.popFirst() == 1 else { throw .invalidValue }
            }
            return JSONText(try String(wireForm: UnsafeRawBufferPointer(rebasing: document)))
        }
    }
}
