internal import Accounts
internal import Fleet
internal import Foundation
internal import WhatsApp

/// `/generate/ID`, the way without JavaScript: each reload shows where the attempt stands.
struct AttemptPage: PageFrame, Sendable {
    let title: String
    let description: String
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

    init(_ snapshot: AttemptSnapshot, csrf: String, now: Date, strings: Strings) {
        self.csrf = csrf
        id = snapshot.id.text
        deleteAction = "/generate/\(snapshot.id.text)/delete"
        stateText = Self.words(for: snapshot, strings)
        description = strings("generate.link_phone")
        isWaiting = snapshot.state == .connecting || snapshot.state == .ready
        isLinking = snapshot.state == .linking
        isPasskey = snapshot.state == .passkey
        isDone = snapshot.state == .done
        isExpired = snapshot.state == .expired
        isFailed = snapshot.state == .failed
        title =
            switch snapshot.state {
            case .done: "\(strings("generate.linked")) · Wharf"
            case .expired, .failed: "\(strings("generate.ended")) · Wharf"
            case .connecting, .ready, .passkey, .linking: "\(strings("generate.link_phone")) · Wharf"
            }
        let showsQR = snapshot.state == .ready && snapshot.qr != nil && snapshot.method == .qr
        qrURL = showsQR ? "/api/session/qr/\(snapshot.id.text)" : nil
        code = snapshot.pairingCode.map { "\($0.code.prefix(4))-\($0.code.dropFirst(4))" }
        jid = snapshot.jid
        dialectLabel = snapshot.session.map { strings.label(of: $0.dialect) }
        sessionID = snapshot.session?.reveal()
        let left = Int(max(0, snapshot.expiresAt.timeIntervalSince(now)).rounded(.up))
        switch snapshot.state {
        case .connecting, .linking: refreshSeconds = 2
        case .ready, .passkey: refreshSeconds = 5
        case .done, .expired, .failed: refreshSeconds = nil
        }
        let time = left < 90 ? strings.counted("time.seconds", left) : strings.counted("time.minutes", (left + 30) / 60)
        expiresText =
            isExpired || isFailed
            ? nil : strings(isDone ? "generate.erased_in" : "generate.ends_in", ["time": time])
    }

    /// Where the attempt stands; in English as the generator says it, which knows more.
    private static func words(for snapshot: AttemptSnapshot, _ strings: Strings) -> String {
        guard strings.language != .english else {
            return snapshot.problem.map { "\($0.message) \(snapshot.text)" } ?? snapshot.text
        }
        let state = strings("generate.state.\(snapshot.state.rawValue)")
        guard let problem = snapshot.problem else { return state }
        return "\(strings.find("errors.\(problem.code.replacing(".", with: "_"))") ?? problem.message) \(state)"
    }
}
