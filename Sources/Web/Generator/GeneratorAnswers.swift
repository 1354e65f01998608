internal import Fleet
internal import Foundation
internal import WhatsApp
internal import WhatsAppWire

/// `POST /api/session/generate`.
struct BegunAttempt: Encodable {
    let id: String
    let webSocket: String
    let topic: String
    let expiresAt: Date
}

/// What was asked for is on its way, and comes as an event of the topic.
struct Accepted: Encodable {
    let topic: String
}

/// `GET /api/session/ID`: where an attempt stands, without the session ID, which only the socket and the page hand out.
struct ShownAttempt: Encodable {
    let id: String
    let method: String
    let state: String
    let text: String
    let expiresAt: Date
    let qrExpiresAt: Date?
    let pairingCode: Code?
    let passkey: PasskeyPayload?
    let jid: String?
    let problem: ProblemPayload?

    struct Code: Encodable {
        let code: String
        let expiresAt: Date
    }

    init(_ snapshot: AttemptSnapshot) {
        id = snapshot.id.text
        method = snapshot.method.rawValue
        state = snapshot.state.rawValue
        text = snapshot.text
        expiresAt = snapshot.expiresAt
        qrExpiresAt = snapshot.qr?.expiresAt
        pairingCode = snapshot.pairingCode.map { Code(code: $0.code, expiresAt: $0.expiresAt) }
        passkey = snapshot.passkey.map { PasskeyPayload($0, text: nil) }
        jid = snapshot.jid
        problem = snapshot.problem.map(ProblemPayload.init)
    }
}

/// `POST /api/session/validate`.
struct ReportedSessionID: Encodable {
    /// Always true: what is no session ID gets an error instead.
    let valid = true
    let shape: Shape
    let jid: String
    let phone: String
    let device: Int
    let lid: String?
    let pushName: String?
    let platform: String?
    let linkedAt: Date?
    let ageInSeconds: Int?
    let findings: [Finding]
    let login: Login?

    struct Shape: Encodable {
        let text: String
        let format: String?
        let prefix: String?
    }

    struct Finding: Encodable {
        let code: String
        let message: String
    }

    struct Login: Encodable {
        let ok: Bool
        let code: String
        let message: String
    }

    init(_ report: SessionIDReport, at now: Date) {
        shape = Shape(
            text: report.shape.text,
            format: report.shape.dialect?.rawValue,
            prefix: report.shape.prefix
        )
        jid = report.jid.description
        phone = report.phone
        device = Int(report.device)
        lid = report.lid?.description
        pushName = report.pushName
        platform = report.platform
        linkedAt = report.linkedAt
        ageInSeconds = report.age(at: now).map { Int(clamping: $0.components.seconds) }
        findings = report.findings.map { Finding(code: $0.code, message: $0.text) }
        login = report.login.map { Login(ok: $0 == .working, code: $0.code, message: $0.text) }
    }
}
