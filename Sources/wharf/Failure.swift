import Database
import Fleet
import Foundation
import NIOCore
import Settings
import Web
import WhatsAppSandbox

/// How the program ends; the numbers from 64 on are those of `sysexits.h`.
enum ExitStatus: Int32 {
    case failure = 1
    case usage = 64
    case unavailable = 69
    case configuration = 78
}

/// An error as the person at the terminal gets it: a line each, and the status.
struct Failure: Error {
    let lines: [String]
    let status: ExitStatus

    init(_ line: String, status: ExitStatus = .failure) {
        self.init(lines: [line], status: status)
    }

    private init(lines: [String], status: ExitStatus) {
        self.lines = lines
        self.status = status
    }

    /// Words for an error of whatever layer.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure:
            self = failure
        case let error as SettingsError:
            self.init(lines: error.problems.map(\.description), status: .configuration)
        case let error as ShareFolderError:
            self.init(error.description, status: .configuration)
        case let error as ClusterError:
            self.init(error.description, status: .unavailable)
        case let error as MigrationError:
            self.init(Self.text(of: error), status: .unavailable)
        case let error as DatabaseError:
            self.init(Self.text(of: error), status: .unavailable)
        case let error as KeyFileError:
            self.init(Self.text(of: error), status: .unavailable)
        case SandboxError.unusableSnapshot(let path, let reason):
            self.init("the snapshot \(path) cannot be used: \(reason)", status: .configuration)
        case SandboxError.unusableTLSPort(let port, let reason):
            self.init("the sandbox cannot listen on its TLS port \(port): \(reason)", status: .unavailable)
        default:
            self.init("\(error)")
        }
    }

    /// What keeps a server from listening on its address; anything else as it is.
    init(_ error: any Error, listeningOn host: String, port: Int, option: String) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            self.init("\(host):\(port) is in use already; choose another port with \(option)", status: .unavailable)
        case EACCES:
            self.init(
                "\(host):\(port) may not be listened on by this user; choose another port with \(option)",
                status: .unavailable
            )
        case EADDRNOTAVAIL:
            self.init("\(host) is not an address of this machine", status: .configuration)
        default:
            self.init(error)
        }
    }

    private static func text(of error: MigrationError) -> String {
        guard case .database(let error) = error else { return error.description }
        return text(of: error)
    }

    private static func text(of error: DatabaseError) -> String {
        switch error {
        case .unreachable(sqlState: nil): "the database cannot be reached"
        case .unreachable(sqlState: "28P01"), .unreachable(sqlState: "28000"): "the database does not let this user in"
        case .unreachable(sqlState: "3D000"): "the database named in DATABASE_URL does not exist"
        case .unreachable(sqlState: "53300"): "the database has no connections left"
        case .unreachable(.some(let state)): "the database cannot be reached (SQL state \(state))"
        case .poolExhausted, .timeout: "the database does not answer in time"
        case .connectionLost: "the connection to the database was lost"
        case .other(let state): "the database refuses a statement (SQL state \(state))"
        default: "the database failed: \(error)"
        }
    }

    private static func text(of error: KeyFileError) -> String {
        switch error {
        case .unreadable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .damaged(let path) where path.hasSuffix(AddressKey.fileName):
            "\(path) is damaged; delete it, and counts of attempts start anew"
        case .damaged(let path): "\(path) is damaged; put back a copy of it"
        }
    }
}
