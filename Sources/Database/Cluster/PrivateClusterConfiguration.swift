import Foundation

/// Where the private server lives and what is special about it.
package struct PrivateClusterConfiguration: Sendable, Equatable {
    /// The folder in which everything of the server is kept; the server's own files are in `postgres` below it.
    package var folder: String
    /// The folder with `initdb` and `postgres`; nil looks below `/usr/lib/postgresql`.
    package var programs: String?
    /// The folder of the socket; nil is `socket` in the folder, or one in the system's temporary folder if that is too deep.
    package var socketFolder: String?
    /// Settings of the server beside our own, by name.
    package var settings: [String: String]

    package init(
        folder: String,
        programs: String? = nil,
        socketFolder: String? = nil,
        settings: [String: String] = [:]
    ) {
        // The server has another working directory, in which a relative path would mean something else.
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        self.programs = programs
        self.socketFolder = socketFolder
        self.settings = settings
    }

    var files: ClusterFiles { ClusterFiles(folder: folder) }

    /// All settings, as the server's command line takes them.
    func arguments(socketFolder: String) -> [String] {
        var all = Self.standard
        all["unix_socket_directories"] = "\"\(socketFolder)\""
        all.merge(settings) { _, special in special }
        return all.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    /// Small, durable, alone on its machine, and with a log that quotes no data.
    private static let standard = [
        "cluster_name": "wharf",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        // More than any pool of ours has.
        "max_connections": "224",
        "shared_buffers": "64MB",
        "huge_pages": "off",
        "jit": "off",
        "max_parallel_workers": "0",
        "autovacuum_max_workers": "2",
        "max_wal_size": "256MB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "fsync": "on",
        "client_connection_check_interval": "10s",
        // Of statements only; errors go to their callers, and their texts quote data.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_line_prefix": "%m [%p] ",
        "logging_collector": "off",
    ]
}

/// The files of a cluster, by what they are for.
struct ClusterFiles: Sendable, Equatable {
    let folder: String

    /// The server's own files.
    var server: String { "\(folder)/postgres" }
    /// A server folder that is being made; one found at the start is a leftover.
    var unfinishedServer: String { "\(folder)/postgres.new" }
    /// There as long as a new server folder may not have reached the disk.
    var unsynchronised: String { "\(folder)/postgres.unsynchronised" }
    /// Locked by the process to which the folder belongs.
    var lock: String { "\(folder)/postgres.lock" }
    var log: String { "\(folder)/postgres.log" }
    var socketFolder: String { "\(folder)/socket" }
    var version: String { "\(server)/PG_VERSION" }
    /// Written by a running server; its first line is the process, its fifth the socket's folder.
    var postmaster: String { "\(server)/postmaster.pid" }
}
