/// What can go wrong with a statement.
///
/// It names objects of the schema at most: never a parameter, and never a text of the server, which quotes data.
package enum DatabaseError: Error, Equatable {
    case uniqueViolation(constraint: String)
    case foreignKeyViolation(constraint: String)
    case checkViolation(constraint: String)
    case notNullViolation(column: String)
    /// Another transaction came in between; the whole transaction may be tried again.
    case serialisationFailure
    /// Two transactions waited for each other and this one gave way; it may be tried again.
    case deadlock
    /// The connection broke after the statement was sent: whether it was carried out is unknown.
    case connectionLost
    /// No connection could be made, and nothing was sent. The state is the server's reason, if it gave one.
    case unreachable(sqlState: String?)
    /// The statement took longer than allowed and was stopped.
    case timeout
    /// Every connection stayed in use for as long as a caller may wait, or too many callers waited already.
    case poolExhausted
    /// The caller's task was cancelled; a statement under way was stopped.
    case cancelled
    /// The pool has been closed.
    case closed
    /// A transaction was to be committed in which a statement had failed; it was rolled back.
    case transactionAborted
    /// The transaction is over, or was used outside of its closure.
    case transactionEnded
    /// `queryOne` gave more than one row.
    case moreThanOneRow
    /// The parameter in this place (from 1) cannot be held by PostgreSQL: a text with a NUL, or a time out of range.
    case unsendableParameter(position: Int)
    /// Any other error of the server, by its five-letter state.
    case other(sqlState: String)
}

extension DatabaseError {
    /// Whether the same transaction may well succeed when it is tried again.
    package var isTransient: Bool {
        switch self {
        case .serialisationFailure, .deadlock: true
        default: false
        }
    }

    /// Whether the same may well succeed a little later: the database is busy, or away.
    package var mayPass: Bool {
        switch self {
        case .connectionLost, .unreachable, .timeout, .poolExhausted, .serialisationFailure, .deadlock: true
        default: false
        }
    }

    /// Reads the server's report.
    init(report: QueryResult) {
        guard let state = report.errorField(.sqlState) else {
            // libpq itself made this result: the connection broke.
            self = .connectionLost
            return
        }
        let constraint = report.errorField(.constraint) ?? ""
        switch state {
        case "23505": self = .uniqueViolation(constraint: constraint)
        case "23503": self = .foreignKeyViolation(constraint: constraint)
        case "23514": self = .checkViolation(constraint: constraint)
        case "23502": self = .notNullViolation(column: report.errorField(.column) ?? "")
        case "40001": self = .serialisationFailure
        case "40P01": self = .deadlock
        case "57014": self = .cancelled
        case "57P01", "57P02", "57P03", "57P05": self = .connectionLost
        case _ where state.hasPrefix("08"): self = .connectionLost
        default: self = .other(sqlState: state)
        }
    }

    /// The name of the kind of error, for metrics: one of a closed set.
    var metricClass: String {
        switch self {
        case .uniqueViolation: "unique_violation"
        case .foreignKeyViolation: "foreign_key_violation"
        case .checkViolation: "check_violation"
        case .notNullViolation: "not_null_violation"
        case .serialisationFailure: "serialisation_failure"
        case .deadlock: "deadlock"
        case .connectionLost: "connection_lost"
        case .unreachable: "unreachable"
        case .timeout: "timeout"
        case .poolExhausted: "pool_exhausted"
        case .cancelled: "cancelled"
        case .closed: "closed"
        case .transactionAborted: "transaction_aborted"
        case .transactionEnded: "transaction_ended"
        case .moreThanOneRow: "more_than_one_row"
        case .unsendableParameter: "unsendable_parameter"
        case .other: "other"
        }
    }
}
