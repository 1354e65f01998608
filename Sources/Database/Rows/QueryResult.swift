import CLibPQ

/// What the server answered to one statement: owns libpq's result and lends out its values.
///
/// Rows share it, so that nothing is copied before it is decoded.
// SAFETY: a `PGresult` does not change once libpq has handed it over; the reading functions used here take it as constant,
// libpq documents concurrent reading of one result as safe, and it is freed exactly once, when nobody refers to it any more.
package final class QueryResult: @unchecked Sendable {
    struct Column: Sendable {
        let name: String
        let type: SQLType
    }

    let columns: [Column]
    let rowCount: Int
    private let indexes: [String: Int]
    private let result: OpaquePointer

    /// Takes over `result` and frees it at the end.
    init(_ result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columns = (0..<PQnfields(result)).map { index in
            Column(
                name: PQfname(result, index).map { String(cString: $0) } ?? "",
                type: SQLType(oid: PQftype(result, index))
            )
        }
        indexes = Dictionary(zip(columns.map(\.name), columns.indices), uniquingKeysWith: { first, _ in first })
    }

    deinit {
        PQclear(result)
    }

    /// The rows that an INSERT, UPDATE, DELETE or MERGE changed, or that a SELECT gave; 0 for everything else.
    var affectedRows: Int {
        PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// The command that was carried out, for example `COMMIT`.
    var command: String {
        PQcmdStatus(result).map { String(cString: $0) } ?? ""
    }

    var status: ExecStatusType { PQresultStatus(result) }

    var rows: [Row] {
        (0..<rowCount).map { Row(result: self, index: $0) }
    }

    func index(of column: String) -> Int? {
        indexes[column]
    }

    func isNull(row: Int, column: Int) -> Bool {
        PQgetisnull(result, Int32(clamping: row), Int32(clamping: column)) == 1
    }

    func withBytes<R>(
        row: Int,
        column: Int,
        _ body: (UnsafeRawBufferPointer) throws(SQLCellError) -> R
    ) throws(SQLCellError) -> R {
        let (row, column) = (Int32(clamping: row), Int32(clamping: column))
        let length = Int(PQgetlength(result, row, column))
        return try body(UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length))
    }

    /// A part of the server's error report, if this is one.
    func errorField(_ field: ErrorField) -> String? {
        PQresultErrorField(result, field.rawValue).map { String(cString: $0) }
    }
}

/// The parts of an error report that hold no data of the application, by the letter they have on the wire.
enum ErrorField: Int32 {
    case sqlState = 67  // C
    case position = 80  // P
    case column = 99  // c
    case constraint = 110  // n
}
