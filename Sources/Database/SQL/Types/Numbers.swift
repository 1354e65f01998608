/// Numbers have exact types: `Int` and `Int64` are `bigint`, `Int32` is `integer`, `Int16` is `smallint`.
///
/// The server casts on assignment, so an `Int` may go into any integer column (out of range is its error `22003`). A function
/// that wants an `integer` needs an `Int32` or a cast in the statement.
extension Int: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .int8 }
    package var sqlValue: SQLValue { .integer(Int64(self), type: .int8) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Int {
        try decodeInteger(cell)
    }
}

extension Int64: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .int8 }
    package var sqlValue: SQLValue { .integer(self, type: .int8) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Int64 {
        try decodeInteger(cell)
    }
}

extension Int32: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .int4 }
    package var sqlValue: SQLValue { .integer(self, type: .int4) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Int32 {
        try decodeInteger(cell)
    }
}

extension Int16: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .int2 }
    package var sqlValue: SQLValue { .integer(self, type: .int2) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Int16 {
        try decodeInteger(cell)
    }
}

extension Double: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .float8 }
    package var sqlValue: SQLValue { .integer(bitPattern, type: .float8) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Double {
        try cell.require(.float8, .float4)
        return try cell.withBytes { bytes throws(SQLCellError) in
            var reader = BinaryFormReader(bytes)
            return cell.type == .float8
                ? Double(bitPattern: try reader.integer())
                : Double(Float(bitPattern: try reader.integer()))
        }
    }
}

extension Bool: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .bool }
    package var sqlValue: SQLValue { .binary([self ? 1 : 0], type: .bool) }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Bool {
        try cell.require(.bool)
        return try cell.withBytes { bytes throws(SQLCellError) in
            var reader = BinaryFormReader(bytes)
            return try reader.integer(UInt8.self) != 0
        }
    }
}

/// Any integer column can be read as any integer, as long as the value fits.
private func decodeInteger<Number: FixedWidthInteger>(_ cell: SQLCell) throws(SQLCellError) -> Number {
    let wide = try cell.withBytes { bytes throws(SQLCellError) -> Int64 in
        var reader = BinaryFormReader(bytes)
        switch cell.type {
        case .int8: return try reader.integer(Int64.self)
        case .int4: return Int64(try reader.integer(Int32.self))
        case .int2: return Int64(try reader.integer(Int16.self))
        default: throw .wrongType
        }
    }
    guard let value = Number(exactly: wide) else { throw .invalidValue }
    return value
}
