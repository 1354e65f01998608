internal import NIOCore

/// Gives out turns to connect, so that many sessions that have lost their connection do not come back all at once.
///
/// The first connection needs none: whoever starts a session has decided when.
package protocol ConnectionDoor: Sendable {
    /// Asks for a turn, on the session's event loop; the answer is ``ConnectionTurn/take()``, now or later, or none at all
    /// where the session is no longer to connect.
    func ask(_ turn: ConnectionTurn)
}

/// A session's question for permission to connect.
package struct ConnectionTurn: Sendable {
    private let session: Session
    private let connection: Int

    init(_ session: Session, connection: Int) {
        self.session = session
        self.connection = connection
    }

    /// Lets the session connect, unless it has ended meanwhile; from any thread.
    package func take() {
        session.loop.execute { [session, connection] in
            session.assumeIsolated { $0.take(connection) }
        }
    }
}
