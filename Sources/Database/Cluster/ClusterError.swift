/// Why the private database server could not be started, in words for whoever starts Wharf.
package enum ClusterError: Error, Equatable {
    case noPrograms(searched: String)
    case otherVersion(folder: String, folderVersion: String, installed: [Int])
    case damagedFolder(String)
    case folderInUse(String)
    case missingUser(String)
    case missingProgram(String)
    /// The server's user may not pass through this folder.
    case unsearchableFolder(String, user: String)
    case socketPathTooLong(String)
    case foreignFolder(String)
    case file(String, errorNumber: Int32)
    case initialisationFailed(log: String)
    case startFailed(log: String)
    case survivors(folder: String)
    case setUpFailed(DatabaseError)
    case cancelled
}

extension ClusterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noPrograms(let searched):
            "PostgreSQL is not installed: no initdb and postgres in \(searched). "
                + "Install the package postgresql, or set DATABASE_URL."
        case .otherVersion(let folder, let folderVersion, let installed):
            "The database in \(folder) was made by PostgreSQL \(folderVersion), but installed is "
                + (installed.map { "PostgreSQL \($0)" }.joined(separator: ", "))
                + ". Install PostgreSQL \(folderVersion), or move the data over with pg_upgrade."
        case .damagedFolder(let folder):
            "\(folder) is not a database folder that PostgreSQL can use; move it away or restore it from a backup."
        case .folderInUse(let folder):
            "Another Wharf is running on \(folder)."
        case .missingUser(let user):
            "PostgreSQL refuses to run as root, and there is no user \(user) to run it as. "
                + "Install the package postgresql, or do not start Wharf as root."
        case .missingProgram(let program):
            "The program \(program) is missing; install the package util-linux."
        case .unsearchableFolder(let folder, let user):
            "The user \(user), as which PostgreSQL runs, may not pass through \(folder). "
                + "Choose another data folder, or allow it with: chmod o+x \(folder)"
        case .socketPathTooLong(let path):
            "The path of the database socket is longer than 107 bytes: \(path)"
        case .foreignFolder(let folder):
            "\(folder) belongs to another user or is not a folder."
        case .file(let path, let errorNumber):
            "\(path): \(FileSystem.text(of: errorNumber))"
        case .initialisationFailed(let log):
            "initdb could not make the database folder; see \(log)."
        case .startFailed(let log):
            "PostgreSQL did not start; see \(log)."
        case .survivors(let folder):
            "An old PostgreSQL still runs on \(folder) and cannot be stopped."
        case .setUpFailed(let error):
            "The database could not be set up: \(error)"
        case .cancelled:
            "Starting the database was cancelled."
        }
    }
}
