internal import Fleet
internal import Foundation
internal import WhatsApp

extension TopicEvent {
    init(_ event: GeneratorEvent) {
        switch event.kind {
        case .status(let state, let text, let expiresAt):
            let payload = StatusPayload(state: state.rawValue, text: text, expiresAt: expiresAt)
            self.init(id: event.id, name: "status", payload: payload)
        case .qr(let text, let svg, let expiresAt):
            self.init(id: event.id, name: "qr", payload: QRPayload(text: text, svg: svg, expiresAt: expiresAt))
        case .pairingCode(let code, let expiresAt):
            self.init(id: event.id, name: "pairing-code", payload: CodePayload(code: code, expiresAt: expiresAt))
        case .passkey(let prompt, let text):
            self.init(id: event.id, name: "passkey", payload: PasskeyPayload(prompt, text: text))
        case .connected(let jid):
            self.init(id: event.id, name: "connected", payload: ConnectedPayload(jid: jid))
        case .sessionGenerated(let session, let jid):
            self.init(id: event.id, name: "session-generated", payload: SessionPayload(session: session, jid: jid))
        case .expired(let text):
            self.init(id: event.id, name: "expired", payload: ExpiredPayload(text: text))
        case .error(let problem):
            self.init(id: event.id, name: "error", payload: ProblemPayload(problem))
        }
    }
}

private struct StatusPayload: Encodable {
    let state: String
    let text: String
    /// When the attempt ends, which linking may put off.
    let expiresAt: Date
}

private struct QRPayload: Encodable {
    let text: String
    let svg: String
    let expiresAt: Date
}

private struct CodePayload: Encodable {
    let code: String
    let expiresAt: Date
}

private struct ConnectedPayload: Encodable {
    let jid: String
}

private struct ExpiredPayload: Encodable {
    let text: String
}

/// Reveals the session ID only while it is written to the one who made it.
private struct SessionPayload: Encodable {
    let session: ExportedSession
    let jid: String

    private enum CodingKeys: String, CodingKey {
        case sessionID
        case dialect
        case jid
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(session.reveal(), forKey: .sessionID)
        try container.encode(session.dialect.rawValue, forKey: .dialect)
        try container.encode(jid, forKey: .jid)
    }
}

/// `{"kind":"assertion","options","deadline","text"}` or `{"kind":"confirmation","confirmationCode","text"}`.
struct PasskeyPayload: Encodable {
    let kind: String
    let text: String?
    /// `PublicKeyCredentialRequestOptions`, JSON as a text.
    let options: String?
    let deadline: Date?
    let confirmationCode: String?

    init(_ prompt: PasskeyPrompt, text: String?) {
        self.text = text
        switch prompt {
        case .assertion(let options, let expiresAt):
            kind = "assertion"
            self.options = options
            deadline = expiresAt
            confirmationCode = nil
        case .confirmation(let code):
            kind = "confirmation"
            confirmationCode = code
            options = nil
            deadline = nil
        }
    }
}

/// `{"code","message","retryAfter"}`, the last in whole seconds.
struct ProblemPayload: Encodable {
    let code: String
    let message: String
    let retryAfter: Int?

    init(_ problem: GeneratorEvent.Problem) {
        code = problem.code
        message = problem.message
        retryAfter = problem.retryAfter?.wholeSecondsUp
    }
}
