package import Foundation
package import WhatsApp

/// Something that the browser of an attempt is told.
package struct GeneratorEvent: Sendable, Equatable {
    /// Rises by at least one from event to event of an attempt.
    package let id: UInt64
    package let kind: Kind

    package enum Kind: Sendable, Equatable {
        /// The text says what the person can do now; the time is when the attempt ends, which some states put off.
        case status(AttemptState, text: String, expiresAt: Date)
        case qr(text: String, svg: String, expiresAt: Date)
        case pairingCode(String, expiresAt: Date)
        case passkey(PasskeyPrompt, text: String)
        case connected(jid: String)
        case sessionGenerated(ExportedSession, jid: String)
        /// The attempt is over and everything of it is erased. The last event.
        case expired(text: String)
        /// Something went wrong; unless a `failed` status follows, the attempt goes on.
        case error(Problem)
    }

    /// A fault in words that a person may read.
    package struct Problem: Sendable, Equatable {
        /// Stable, dotted, for programs.
        package let code: String
        /// What happened and what the person can do next.
        package let message: String
        /// When trying again may help, if that is known.
        package let retryAfter: Duration?
    }
}
