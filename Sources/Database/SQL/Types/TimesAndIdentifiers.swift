package import FoundationEssentials

/// A point in time is a `timestamptz`, to the microsecond.
///
/// A `timestamp` without a zone is not a point in time and is refused. Infinite times have no counterpart.
extension Date: SQLEncodable, SQLDecodable {
    /// 2000-01-01 00:00 UTC, from which PostgreSQL counts microseconds.
    private static let postgresEpoch: Double = 946_684_800

    package static var sqlType: SQLType { .timestamptz }

    package var sqlValue: SQLValue {
        guard let count = postgresMicroseconds else { return SQLValue(type: .timestamptz, content: .unsendable) }
        return .integer(count, type: .timestamptz)
    }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> Date {
        try cell.require(.timestamptz)
        return try cell.withBytes { bytes throws(SQLCellError) in
            var reader = BinaryFormReader(bytes)
            return try Date(postgresMicroseconds: try reader.integer())
        }
    }

    /// PostgreSQL's count of microseconds; nil if it is out of range.
    var postgresMicroseconds: Int64? {
        let microseconds = ((timeIntervalSince1970 - Self.postgresEpoch) * 1_000_000).rounded()
        // The outermost two mean "infinity".
        guard let count = Int64(exactly: microseconds), count != .max, count != .min else { return nil }
        return count
    }

    init(postgresMicroseconds count: Int64) throws(SQLCellError) {
        guard count != .max, count != .min else { throw .invalidValue }
        self.init(timeIntervalSince1970: Double(count) / 1_000_000 + Self.postgresEpoch)
    }
}

extension UUID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { .uuid }

    package var sqlValue: SQLValue {
        .binary(withUnsafeBytes(of: uuid) { Array($0) }, type: .uuid)
    }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> UUID {
        try cell.require(.uuid)
        return try cell.withBytes { bytes throws(SQLCellError) in
            var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            guard bytes.count == MemoryLayout.size(ofValue: uuid) else { throw .invalidValue }
            withUnsafeMutableBytes(of: &uuid) { $0.copyMemory(from: bytes) }
            return UUID(uuid: uuid)
        }
    }
}
