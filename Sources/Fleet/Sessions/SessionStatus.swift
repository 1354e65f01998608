package import Foundation
package import WhatsAppWire

/// Where a session stands, in the words of the interfaces.
package enum SessionStatus: String, Sendable, CaseIterable {
    case stopped = "STOPPED"
    /// On its way to the service, the first time or again.
    case starting = "STARTING"
    /// Waits for a phone to link it.
    case scanQRCode = "SCAN_QR_CODE"
    case working = "WORKING"
    /// Does not try again by itself; the reason says why.
    case failed = "FAILED"
}

/// A session as it stands in the database.
package struct StoredSession: Sendable, Equatable {
    package var id: SessionID
    package var name: String
    /// Comes back after a restart.
    package var isWanted: Bool
    package var status: SessionStatus
    /// One word of a closed set, such as `logged_out`; nil where there is nothing to explain.
    package var reason: String?
    package var jid: JID?
    package var createdAt: Date
    package var statusAt: Date
    package var activeAt: Date?

    /// Has failed for a reason that lies with the account or its phone, so that only its owner can want it to try again.
    ///
    /// Where the reason lies with this server, its restart may have mended it.
    var waitsForItsOwner: Bool {
        let ours = ["other_master_key", "unreadable_secrets", "untrusted_server", "client_outdated"]
        return status == .failed && !ours.contains(reason ?? "")
    }
}
