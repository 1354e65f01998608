/// How many connections there are, and how long anything may take.
package struct PoolConfiguration: Sendable, Equatable {
    /// Connections at most; they are opened when they are needed.
    package var size: Int
    /// Callers that may wait for a connection; more are turned away at once.
    package var waiterLimit: Int
    /// How long a caller waits for a connection, the opening of one included.
    package var acquireTimeLimit: Duration
    /// How long one statement or batch may take.
    package var statementTimeLimit: Duration
    /// How statements find rows.
    package var planning: Planning

    package enum Planning: Sendable, Equatable {
        /// As the server sees fit.
        case free
        /// By indexes alone: for a pool whose statements all name few rows by their keys. A plan that was made while a table
        /// was small, and read it whole, would be kept while the table grows.
        case byIndex
    }

    package init(
        size: Int = 8,
        waiterLimit: Int = 1_000,
        acquireTimeLimit: Duration = .seconds(3),
        statementTimeLimit: Duration = .seconds(15),
        planning: Planning = .free
    ) {
        precondition(size > 0, "a pool without connections serves nobody")
        self.size = size
        self.waiterLimit = waiterLimit
        self.acquireTimeLimit = acquireTimeLimit
        self.statementTimeLimit = statementTimeLimit
        self.planning = planning
    }

    /// Of the pool that the sessions' writer has for itself.
    package static var commits: PoolConfiguration {
        PoolConfiguration(size: 2, statementTimeLimit: .seconds(15), planning: .byIndex)
    }
}
