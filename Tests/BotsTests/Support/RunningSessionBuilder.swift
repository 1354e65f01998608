import WhatsApp

@testable import Bots
@testable import Fleet

/// A session as the scheduler hands it to listeners.
enum RunningSessionBuilder {
    static func make(_ id: SessionID, _ session: Session) -> RunningSession {
        RunningSession(id: id, session: session)
    }
}
