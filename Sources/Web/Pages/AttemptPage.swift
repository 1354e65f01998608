internal import Fleet
internal import Foundation
internal import WhatsApp

/// `/generate/ID`, the way without JavaScript: each reload shows where the attempt stands.
struct AttemptPage: PageFrame, Sendable {
    let title: String
    let description = "Link your phone."
    let canonicalPath: String? = nil
    let place = PagePlace.generate

    let id: String
    let csrf: String
    let deleteAction: String
    let stateText: String
    let expiresText: String?
    /// Nil where nothing more will change by itself.
    let refreshSeconds: Int?
    let isWaiting: Bool
    let isLinking: Bool
    let isPasskey: Bool
    let isDone: Bool
    let isExpired: Bool
    let isFailed: Bool
    let qrURL: String?
    let code: String?
    let jid: String?
    let dialectLabel: String?
    let sessionID: String?

    init(_ snapshot: AttemptSnapshot, csrf: String, now: Date) {
        self.csrf = csrf
        id = snapshot.id.text
        deleteAction = "/generate/\(snapshot.id.text)/delete"
        stateText = snapshot.problem.map { "\($0.message) \(snapshot.text)" } ?? snapshot.text
        isWaiting = snapshot.state == .connecting || snapshot.state == .ready
        isLinking = snapshot.state == .linking
        isPasskey = snapshot.state == .passkey
        isDone = snapshot.state == .done
        isExpired = snapshot.state == .expired
        isFailed = snapshot.state == .failed
        title =
            switch snapshot.state {
            case .done: "Your phone is linked · Wharf"
            case .expired, .failed: "This try is over · Wharf"
            case .connecting, .ready, .passkey, .linking: "Link your phone · Wharf"
            }
        let showsQR = snapshot.state == .ready && snapshot.qr != nil && snapshot.method == .qr
        qrURL = showsQR ? "/api/session/qr/\(snapshot.id.text)" : nil
        code = snapshot.pairingCode.map { "\($0.code.prefix(4))-\($0.code.dropFirst(4))" }
        jid = snapshot.jid
        dialectLabel = snapshot.session?.dialect.label
        sessionID = snapshot.session?.reveal()
        let left = Int(max(0, snapshot.expiresAt.timeIntervalSince(now)).rounded(.up))
        switch snapshot.state {
        case .connecting, .linking: refreshSeconds = 2
        case .ready, .passkey: refreshSeconds = 5
        case .done, .expired, .failed: refreshSeconds = nil
        }
        expiresText = isExpired || isFailed ? nil : Self.words(for: left, isDone: isDone)
    }

    private static func words(for seconds: Int, isDone: Bool) -> String {
        let time = seconds < 90 ? "\(seconds) seconds" : "\((seconds + 30) / 60) minutes"
        return isDone ? "The server erases it by itself in \(time)." : "This try ends in \(time)."
    }
}
