/// Says which sessions may run, whoever asked for it.
package protocol SessionGate: Sendable {
    /// Those of the sessions that may not, each with one word that says why.
    ///
    /// Throws when nobody can say at the moment; then none of them runs yet.
    func refused(_ sessions: [SessionID]) async throws -> [SessionID: String]
}

/// Somebody who is told at once what happens with any session; must not wait.
package protocol SessionObserver: Sendable {
    func changed(_ state: SessionState)
    func logged(_ line: SessionLogLine, of session: SessionID)
}
