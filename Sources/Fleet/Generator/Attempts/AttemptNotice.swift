import Foundation
import QRCodes
import WhatsApp

/// What an attempt tells its browser, before a QR is drawn.
enum AttemptNotice: Sendable, Equatable {
    case status(AttemptState, text: String, expiresAt: Date)
    case qr(CurrentQR)
    case pairingCode(CurrentPairingCode)
    case passkey(PasskeyPrompt, text: String)
    case connected(jid: String)
    case sessionGenerated(ExportedSession, jid: String)
    case expired(text: String)
    case error(GeneratorEvent.Problem)

    /// Notices of one topic replace each other: only the newest counts for somebody who comes late.
    enum Topic: Hashable, CaseIterable {
        case status, qr, pairingCode, passkey, connected, session, error
    }

    var topic: Topic {
        switch self {
        case .status, .expired: .status
        case .qr: .qr
        case .pairingCode: .pairingCode
        case .passkey: .passkey
        case .connected: .connected
        case .sessionGenerated: .session
        case .error: .error
        }
    }

    /// The event for the browser; draws the QR.
    func event(id: UInt64) -> GeneratorEvent {
        GeneratorEvent(id: id, kind: kind)
    }

    private var kind: GeneratorEvent.Kind {
        switch self {
        case .status(let state, let text, let expiresAt): .status(state, text: text, expiresAt: expiresAt)
        case .qr(let qr):
            // The text is the service's reference and our keys, 350 characters at most: it always fits.
            .qr(text: qr.text, svg: (try? QRCode(encoding: qr.text).svg()) ?? "", expiresAt: qr.expiresAt)
        case .pairingCode(let current): .pairingCode(current.code, expiresAt: current.expiresAt)
        case .passkey(let prompt, let text): .passkey(prompt, text: text)
        case .connected(let jid): .connected(jid: jid)
        case .sessionGenerated(let session, let jid): .sessionGenerated(session, jid: jid)
        case .expired(let text): .expired(text: text)
        case .error(let problem): .error(problem)
        }
    }
}

/// The newest notice of each topic, for a browser that comes late or comes back.
///
/// So it has at most seven entries, however long the attempt runs.
struct AttemptLog {
    struct Entry: Sendable, Equatable {
        let id: UInt64
        let notice: AttemptNotice
    }

    private var newest: [AttemptNotice.Topic: Entry] = [:]
    private var lastID: UInt64 = 0

    mutating func append(_ notice: AttemptNotice) -> Entry {
        lastID += 1
        let entry = Entry(id: lastID, notice: notice)
        newest[notice.topic] = entry
        return entry
    }

    /// Forgets what no longer holds.
    mutating func remove(_ topic: AttemptNotice.Topic) {
        newest[topic] = nil
    }

    /// What somebody has missed who has seen everything up to `id`.
    func entries(after id: UInt64?) -> [Entry] {
        newest.values.filter { $0.id > id ?? 0 }.sorted { $0.id < $1.id }
    }
}
