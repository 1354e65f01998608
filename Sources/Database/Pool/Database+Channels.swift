import Logging

/// By which processes on one database tell each other that something has changed.
package struct DatabaseChannel: Sendable, Equatable {
    let name: StaticString

    /// Small letters and underscores.
    package init(_ name: StaticString) {
        self.name = name
    }

    package static func == (left: DatabaseChannel, right: DatabaseChannel) -> Bool {
        left.name.description == right.name.description
    }
}

/// What somebody who listens on a channel hears.
package enum ChannelNotice: Sendable, Equatable {
    /// Listening begins, for the first time or after the connection was lost: what was told before may have been missed.
    case begun
    /// In the order in which it was told.
    case told([String])
}

extension Database {
    /// As long as a listener hears nothing before it looks whether its connection still stands.
    private static let silence = Duration.seconds(30)

    /// Tells a text of at most 8,000 bytes to all who listen on the channel now.
    package func tell(_ text: String, on channel: DatabaseChannel) async throws(DatabaseError) {
        _ = try await run("SELECT pg_notify(\(channel.name.description), \(text))")
    }

    /// Listens on a connection of its own until the caller is cancelled or the database is closed.
    ///
    /// When the connection is lost, or `hear` throws, it listens anew after a pause, beginning with `begun`.
    package func listen(
        on channel: DatabaseChannel,
        _ hear: @Sendable (ChannelNotice) async throws -> Void
    ) async {
        var backOff = BackOff.forListening
        while !Task.isCancelled {
            do {
                let connection = try await pool.openAside()
                do {
                    try await listen(on: channel, connection) { notice in
                        try await hear(notice)
                        backOff = .forListening
                    }
                } catch {
                    await connection.close()
                    throw error
                }
            } catch DatabaseError.closed {
                return
            } catch {
                guard !Task.isCancelled else { return }
                logger.info("Listening to the database begins anew", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: backOff.next())
        }
    }

    private func listen(
        on channel: DatabaseChannel,
        _ connection: PostgresConnection,
        _ hear: (ChannelNotice) async throws -> Void
    ) async throws {
        do throws(ScriptFailure) {
            try await connection.runScript("LISTEN \(channel.name.description)")
        } catch {
            throw error.error
        }
        try await hear(.begun)
        while true {
            let texts = try await connection.notices(within: Self.silence)
            if texts.isEmpty {
                _ = try await connection.run("SELECT 1", timeLimit: .seconds(10))
            } else {
                try await hear(.told(texts))
            }
        }
    }
}

extension BackOff {
    fileprivate static var forListening: BackOff { BackOff(first: .milliseconds(50), limit: .seconds(10)) }
}
