/// Which database is used, and how.
package struct DatabaseConfiguration: Sendable, Equatable {
    package enum Server: Sendable, Equatable {
        /// A server that somebody else runs.
        case external(ConnectionString)
        /// A server of our own in the data folder.
        case privateCluster(PrivateClusterConfiguration)
    }

    package var server: Server
    package var pool: PoolConfiguration

    package init(server: Server, pool: PoolConfiguration = PoolConfiguration()) {
        self.server = server
        self.pool = pool
    }

    /// The external server if there is a URL, else a private one.
    ///
    /// The URL is the value of `DATABASE_URL`, which may also be a list of `keyword=value`. The data folder is the one in which
    /// everything of Wharf is kept; the private server is in `database` below it.
    package init(
        url: String?,
        dataFolder: String,
        pool: PoolConfiguration = PoolConfiguration()
    ) throws(ConnectionStringError) {
        if let url {
            server = .external(try ConnectionString(parsing: url))
        } else {
            server = .privateCluster(PrivateClusterConfiguration(folder: "\(dataFolder)/database"))
        }
        self.pool = pool
    }
}
