extension PostgresConnection {
    /// Waits for what others tell on the channels that this connection listens to; empty when the time is over.
    ///
    /// - Throws: `connectionLost`, or `cancelled` when the caller is.
    nonisolated func notices(within limit: Duration) async throws(DatabaseError) -> [String] {
        try await interruptible { interruption throws(DatabaseError) in
            try await self.awaitNotices(Patience(interruption: interruption, timeLimit: limit))
        }
    }

    private func awaitNotices(_ patience: Patience) throws(DatabaseError) -> [String] {
        guard let handle, !handle.isBroken else { throw .connectionLost }
        var patience = patience
        defer { noteCondition() }
        return try handle.notices(&patience)
    }
}
