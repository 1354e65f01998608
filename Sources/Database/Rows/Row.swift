/// One row of a result.
package struct Row: Sendable {
    private let result: QueryResult
    private let index: Int

    init(result: QueryResult, index: Int) {
        self.result = result
        self.index = index
    }

    /// Reads a column that is never null.
    ///
    /// - Throws: ``RowError`` when there is no such column, its value is null, or it is not a `Value`.
    package func decode<Value: SQLDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(RowError) -> Value {
        guard let value = try decodeIfPresent(column, as: type) else { throw .unexpectedNull(column: column) }
        return value
    }

    /// Reads a column that may be null.
    package func decodeIfPresent<Value: SQLDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(RowError) -> Value? {
        guard let position = result.index(of: column) else { throw .missingColumn(column) }
        guard !result.isNull(row: index, column: position) else { return nil }
        do throws(SQLCellError) {
            return try Value.decode(SQLCell(result: result, row: index, column: position))
        } catch {
            switch error {
            case .wrongType: throw .wrongType(column: column, expected: "\(Value.self)")
            case .invalidValue: throw .invalidValue(column: column, expected: "\(Value.self)")
            }
        }
    }
}

/// Shows the names of the columns, never a value.
extension Row: CustomStringConvertible, CustomReflectable {
    package var description: String { "Row(\(result.columns.map(\.name).joined(separator: ", ")))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a column could not be read; a mistake in the statement or in the schema, not in the data of a user.
package enum RowError: Error, Equatable {
    case missingColumn(String)
    case unexpectedNull(column: String)
    /// The column's type in the database cannot be read as the type asked for.
    case wrongType(column: String, expected: String)
    /// The type is right, but this value has no counterpart.
    case invalidValue(column: String, expected: String)
}
