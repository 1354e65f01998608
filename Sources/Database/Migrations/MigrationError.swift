/// Why the schema could not be brought up to date, in words for whoever starts Wharf.
package enum MigrationError: Error, Equatable {
    case unreadable(String)
    case malformedName(String)
    case duplicateNumber(Int)
    case gap(missing: Int)
    /// The file differs from the one that was applied.
    case changed(file: String)
    /// The database has steps that these files do not know: it was used by a newer Wharf.
    case databaseIsNewer(database: Int, files: Int)
    /// A file with this number was applied under another name.
    case renamed(file: String, appliedAs: String)
    /// A statement of the file failed; the line is counted from 1.
    case failed(file: String, line: Int, sqlState: String)
    /// The file ended the transaction in which it runs.
    case endsTransaction(file: String)
    /// Another process has been migrating for longer than we wait.
    case busy
    case database(DatabaseError)
}

extension MigrationError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path): "The migrations in \(path) cannot be read."
        case .malformedName(let name): "The migration \(name) is not named NNNN_name.sql."
        case .duplicateNumber(let number): "Two migrations have the number \(number)."
        case .gap(let missing): "The migration with the number \(missing) is missing."
        case .changed(let file):
            "The migration \(file) was changed after it had been applied; restore it and add a new one."
        case .databaseIsNewer(let database, let files):
            "The database is at migration \(database), but this Wharf knows only \(files); use the newer Wharf."
        case .renamed(let file, let appliedAs): "The migration \(file) was applied as \(appliedAs)."
        case .failed(let file, let line, let sqlState):
            "The migration \(file) failed at line \(line) with SQL state \(sqlState)."
        case .endsTransaction(let file): "The migration \(file) contains COMMIT or ROLLBACK, which it must not."
        case .busy: "Another process has been migrating the database for too long."
        case .database(let error): "The database could not be migrated: \(error)"
        }
    }
}
