internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import WhatsApp

extension TopicSource {
    /// `session:ID`; the id cannot be guessed and is its own permission.
    static func session(_ scheduler: SessionScheduler) -> TopicSource {
        TopicSource(kind: "session") { name, _, _ in
            guard let id = SessionID(name) else { throw FleetError.unknownSession }
            return OpenTopic(events: try await scheduler.notices(of: id).map { TopicEvent($0) })
        }
    }
}

extension TopicEvent {
    /// `version` is that of the bot that runs on the session, as it was when the topic was opened.
    init(_ notice: SessionNotice, version: Int? = nil) {
        switch notice.kind {
        case .status(let state):
            self.init(id: notice.id, name: "status", payload: SessionStatusPayload(state, version: version))
        case .qr(let text, let svg, let expiresAt):
            self.init(id: notice.id, name: "qr", payload: SessionQRPayload(text: text, svg: svg, expiresAt: expiresAt))
        case .pairingCode(let code, let expiresAt):
            self.init(
                id: notice.id,
                name: "pairing-code",
                payload: SessionCodePayload(code: code, expiresAt: expiresAt)
            )
        case .pairingCodeRefused(let message):
            self.init(id: notice.id, name: "error", payload: SessionProblemPayload(message: message))
        case .log(let line):
            let payload = SessionLogPayload(at: line.at, level: line.level.rawValue, text: line.text)
            self.init(id: notice.id, name: "log", payload: payload)
        case .counters(let counters, let health):
            self.init(id: notice.id, name: "counters", payload: SessionCountersPayload(counters, health: health))
        case .changed: self.init(id: notice.id, name: "changed", payload: SessionChangePayload())
        }
    }
}

private struct SessionStatusPayload: Encodable {
    let name: String
    let status: String
    let reason: String?
    let since: Date
    let jid: String?
    let wanted: Bool
    let health: Int
    let limits: ShownSessionLimits
    let version: Int?

    init(_ state: SessionState, version: Int?) {
        self.version = version
        limits = ShownSessionLimits(state.restrictions)
        name = state.name
        status = state.status.rawValue
        reason = state.reason
        since = state.statusAt
        jid = state.jid
        wanted = state.isWanted
        health = state.health
    }
}

private struct SessionQRPayload: Encodable {
    let text: String
    let svg: String
    let expiresAt: Date
}

private struct SessionCodePayload: Encodable {
    let code: String
    let expiresAt: Date
}

private struct SessionProblemPayload: Encodable {
    let code = "generator.code_refused"
    let message: String
}

private struct SessionLogPayload: Encodable {
    let at: Date
    let level: String
    let text: String
}

/// Nothing: whoever wants to know looks.
private struct SessionChangePayload: Encodable {}

private struct SessionCountersPayload: Encodable {
    let received: Int
    let sent: Int
    let decryptFailures: Int
    let disconnects: Int
    let pendingRetries: Int
    /// In seconds, on average; null before the first.
    let acknowledgementTime: Double?
    let health: Int

    init(_ counters: SessionCounters, health: Int) {
        received = counters.received
        sent = counters.sent
        decryptFailures = counters.decryptFailures
        disconnects = counters.disconnects
        pendingRetries = counters.pendingRetries
        acknowledgementTime =
            counters.acknowledged > 0
            ? counters.acknowledgementTime / .seconds(1) / Double(counters.acknowledged) : nil
        self.health = health
    }
}
