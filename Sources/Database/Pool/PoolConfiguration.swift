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

    package init(
        size: Int = 8,
        waiterLimit: Int = 1_000,
        acquireTimeLimit: Duration = .seconds(3),
        statementTimeLimit: Duration = .seconds(15)
    ) {
        precondition(size > 0, "a pool without connections serves nobody")
        self.size = size
        self.waiterLimit = waiterLimit
        self.acquireTimeLimit = acquireTimeLimit
        self.statementTimeLimit = statementTimeLimit
    }
}
