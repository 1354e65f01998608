import Foundation
import WhatsApp
import WhatsAppWire

/// What the scheduler knows of one session.
struct SessionEntry {
    enum Phase {
        case idle
        /// Waits for its turn.
        case queued
        /// The lease is being taken.
        case opening
        case running(Run)
        case linking(Link)
        case stopping
    }

    struct Run {
        let session: Session
        let opened: SessionVault.Opened
        let startedAt: Duration
        var isLoggedIn = false
        /// Has taken what waited at the service, and can send.
        var isWorking = false
        /// Has lost its connection and waits for its turn to connect again.
        var turn: ConnectionTurn?
    }

    struct Link {
        let connection: LinkingConnection
        let deadline: Duration
        /// The service has answered: codes may be asked for.
        var isReady = false
        var qr: (text: String, expiresAt: Date)?
        var code: (text: String, expiresAt: Date)?
    }

    let name: String
    let createdAt: Date
    var isWanted: Bool
    var status: SessionStatus
    var reason: String?
    var statusAt: Date
    var jid: String?
    var phase = Phase.idle
    /// Tells one run from the next: what belongs to an older one is ignored.
    var run: UInt64 = 0
    /// How long the next wait after an ended run will be; nil after a good one.
    var pause: Duration?
    var isLoggingOut = false
    /// Somebody has started it while it was being stopped.
    var isStartAwaited = false
    /// Waits for a phone, and does not run afterwards.
    var isLinkOnly = false
    /// The number that a pairing code is wanted for.
    var phone: PhoneNumber?
    var health = SessionHealth()
    var restrictions = SessionRestrictions()
    var traffic = 0
    var activeAt: Date

    init(_ stored: StoredSession, now: Date) {
        name = stored.name
        createdAt = stored.createdAt
        isWanted = stored.isWanted
        status = stored.status == .failed ? .failed : .stopped
        reason = stored.reason
        statusAt = stored.statusAt
        jid = stored.jid?.description
        activeAt = stored.activeAt ?? now
    }

    var running: Run? {
        if case .running(let run) = phase { run } else { nil }
    }

    func state(_ id: SessionID) -> SessionState {
        SessionState(
            id: id,
            name: name,
            isWanted: isWanted,
            status: status,
            reason: reason,
            statusAt: statusAt,
            jid: jid,
            isLinkOnly: isLinkOnly,
            health: health.score,
            restrictions: restrictions.inForce(at: Date())
        )
    }
}
