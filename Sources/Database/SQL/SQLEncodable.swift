/// A value that may be interpolated into an ``SQL`` literal.
///
/// Identifiers and enums get it for nothing: a `RawRepresentable` type whose raw value is encodable only declares the conformance.
package protocol SQLEncodable {
    static var sqlType: SQLType { get }
    var sqlValue: SQLValue { get }
}

extension SQLEncodable where Self: RawRepresentable, RawValue: SQLEncodable {
    package static var sqlType: SQLType { RawValue.sqlType }
    package var sqlValue: SQLValue { rawValue.sqlValue }
}

/// A value that may stand in an array parameter or be read from an array column.
package protocol SQLArrayElement {
    static var sqlArrayType: SQLType { get }
    static func sqlValue(ofArray elements: [Self]) -> SQLValue
    static func array(from cell: SQLCell) throws(SQLCellError) -> [Self]
}

extension Array: SQLEncodable where Element: SQLArrayElement {
    package static var sqlType: SQLType { Element.sqlArrayType }
    package var sqlValue: SQLValue { Element.sqlValue(ofArray: self) }
}

extension Array: SQLDecodable where Element: SQLArrayElement {
    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> [Element] {
        try Element.array(from: cell)
    }
}
