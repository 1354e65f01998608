/// A value that can be read from a column.
///
/// Identifiers and enums get it for nothing: a `RawRepresentable` type whose raw value is decodable only declares the conformance.
package protocol SQLDecodable {
    static func decode(_ cell: SQLCell) throws(SQLCellError) -> Self
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Self {
        guard let value = Self(rawValue: try RawValue.decode(cell)) else { throw .invalidValue }
        return value
    }
}

/// Why a value could not be read.
package enum SQLCellError: Error, Equatable {
    /// The column has another type than the one asked for.
    case wrongType
    /// The type is right, but this value has no counterpart here, such as the time `infinity`.
    case invalidValue
}

/// One value of a result that is not null, in its type's binary form.
package struct SQLCell: Sendable {
    let type: SQLType
    private let result: QueryResult
    private let row: Int
    private let column: Int

    init(result: QueryResult, row: Int, column: Int) {
        self.type = result.columns[column].type
        self.result = result
        self.row = row
        self.column = column
    }

    /// Lends the bytes, for the time of the call.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(SQLCellError) -> R) throws(SQLCellError) -> R {
        try result.withBytes(row: row, column: column, body)
    }

    func require(_ types: SQLType...) throws(SQLCellError) {
        guard types.contains(type) else { throw .wrongType }
    }
}
