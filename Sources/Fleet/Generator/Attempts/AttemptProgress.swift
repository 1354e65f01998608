import Foundation
import WhatsApp
import WhatsAppWire

/// Where one attempt stands and what is to be told, without time, sockets or other attempts.
struct AttemptProgress {
    enum Action: Equatable {
        case none
        /// The service is ready and the person's number is known: ask for the code.
        case requestCode(PhoneNumber)
        /// The outstanding code is worth nothing any more.
        case releaseCode
        /// The same, and none may be asked for until then.
        case holdBackCode(Duration)
        /// The attempt must not end before this has passed.
        case extend(Duration)
        /// Nothing more will come of it.
        case fail
    }

    let method: LinkingMethod
    private(set) var state: AttemptState = .connecting
    private(set) var text: String
    private var latestQR: CurrentQR?
    private(set) var pairingCode: CurrentPairingCode?
    private(set) var passkey: PasskeyPrompt?
    private(set) var jid: String?
    private(set) var session: ExportedSession?
    private(set) var problem: GeneratorEvent.Problem?
    private(set) var expiresAt: Date
    private(set) var log = AttemptLog()
    /// Asked for by itself once, when the service is ready.
    private var phone: PhoneNumber?

    init(_ request: AttemptRequest, expiresAt: Date) {
        method = request.method
        phone = request.method == .code ? request.phone : nil
        text = AttemptWords.connecting
        self.expiresAt = expiresAt
        _ = log.append(.status(.connecting, text: text, expiresAt: expiresAt))
    }

    /// The QR that may be scanned now.
    var qr: CurrentQR? { state == .ready ? latestQR : nil }

    /// Whether a pairing code may be asked for.
    var takesCode: Bool { state == .ready }

    /// Goes on by one event of the connection, except the last one that carries the credentials.
    mutating func apply(_ event: LinkingEvent, at now: Date) -> (entries: [AttemptLog.Entry], action: Action) {
        guard state != .done, state != .failed, state != .expired else { return ([], .none) }
        switch event {
        case .connecting:
            // Said already: at the beginning, or in better words when it starts over.
            return ([], .none)
        case .ready:
            let entries = move(to: .ready, readyText)
            guard let phone else { return (entries, .none) }
            self.phone = nil
            return (entries, .requestCode(phone))
        case .qr(let text, let validFor):
            let current = CurrentQR(text: text, expiresAt: now.addingTimeInterval(validFor / .seconds(1)))
            latestQR = current
            // A demand for a passkey hides the QR until it is over.
            guard state != .passkey else { return ([], .none) }
            let entries = state == .connecting ? move(to: .ready, readyText) : []
            return (entries + [log.append(.qr(current))], .none)
        case .pairingCode(let code, let validFor):
            let current = CurrentPairingCode(code: code, expiresAt: now.addingTimeInterval(validFor / .seconds(1)))
            pairingCode = current
            clearProblem()
            return ([log.append(.pairingCode(current))] + refreshReady(), .none)
        case .pairingCodeRefused(let refusal):
            let problem = AttemptWords.problem(of: refusal)
            if refusal.reason == .outstanding { return ([report(problem)], .none) }
            forgetCode()
            let entries = [report(problem)] + refreshReady()
            guard let wait = refusal.retryAfter else { return (entries, .releaseCode) }
            return (entries, .holdBackCode(wait))
        case .pairingCodeExpired:
            forgetCode()
            return ([report(AttemptWords.codeExpired)] + refreshReady(), .releaseCode)
        case .passkeyRequested(let options, let validFor):
            let until = now.addingTimeInterval(validFor / .seconds(1))
            expiresAt = max(expiresAt, until)
            let prompt = PasskeyPrompt.assertion(options: String(decoding: options, as: UTF8.self), expiresAt: until)
            passkey = prompt
            log.remove(.qr)
            return (
                move(to: .passkey, AttemptWords.passkey) + [log.append(.passkey(prompt, text: AttemptWords.passkey))],
                .extend(validFor)
            )
        case .passkeyConfirmation(let code):
            let prompt = PasskeyPrompt.confirmation(code: code)
            passkey = prompt
            return (
                move(to: .passkey, AttemptWords.passkeyConfirmation)
                    + [log.append(.passkey(prompt, text: AttemptWords.passkeyConfirmation))],
                .none
            )
        case .passkeyRefused(let refusal):
            let entry = report(AttemptWords.problem(of: refusal))
            guard refusal == .timedOut, state == .passkey else { return ([entry], .none) }
            forgetPasskey()
            guard let latestQR else { return ([entry] + move(to: .connecting, AttemptWords.afterPasskey), .none) }
            return ([entry] + move(to: .ready, readyText) + [log.append(.qr(latestQR))], .none)
        case .linking(let jid):
            forgetQR()
            forgetCode()
            forgetPasskey()
            clearProblem()
            self.jid = jid.description
            return (move(to: .linking, AttemptWords.linking) + [log.append(.connected(jid: jid.description))], .none)
        case .restarting:
            let wasReady = state != .connecting
            forgetQR()
            forgetPasskey()
            let hadCode = pairingCode != nil
            forgetCode()
            if hadCode { return (move(to: .connecting, AttemptWords.restartingWithCode), .releaseCode) }
            return (move(to: .connecting, wasReady ? AttemptWords.restarting : AttemptWords.unreachable), .none)
        case .linked:
            return ([], .none)
        case .failed(let failure):
            return (fail(AttemptWords.problem(of: failure)), .fail)
        }
    }

    /// The end that everybody hopes for.
    mutating func finish(with session: ExportedSession, jid: String, expiresAt: Date) -> [AttemptLog.Entry] {
        forgetQR()
        forgetCode()
        forgetPasskey()
        clearProblem()
        self.session = session
        self.jid = jid
        self.expiresAt = expiresAt
        return move(to: .done, AttemptWords.done) + [log.append(.sessionGenerated(session, jid: jid))]
    }

    mutating func fail(_ problem: GeneratorEvent.Problem) -> [AttemptLog.Entry] {
        forgetQR()
        forgetCode()
        forgetPasskey()
        return [report(problem)] + move(to: .failed, problem.message)
    }

    /// Something that the person must know, and that does not end the attempt.
    mutating func report(_ problem: GeneratorEvent.Problem) -> AttemptLog.Entry {
        self.problem = problem
        return log.append(.error(problem))
    }

    /// The last event of an attempt whose time is over.
    mutating func expire() -> AttemptLog.Entry {
        state = .expired
        session = nil
        log.remove(.session)
        return log.append(.expired(text: AttemptWords.expired))
    }

    private var readyText: String {
        switch (method, pairingCode) {
        case (_, .some): AttemptWords.enterCode
        case (.qr, nil): AttemptWords.scan
        case (.code, nil): AttemptWords.askForCode
        }
    }

    /// Says anew what to do while waiting for the phone; nothing when something else is going on.
    private mutating func refreshReady() -> [AttemptLog.Entry] {
        state == .ready ? move(to: .ready, readyText) : []
    }

    private mutating func move(to state: AttemptState, _ text: String) -> [AttemptLog.Entry] {
        self.state = state
        self.text = text
        return [log.append(.status(state, text: text, expiresAt: expiresAt))]
    }

    private mutating func forgetQR() {
        latestQR = nil
        log.remove(.qr)
    }

    private mutating func forgetCode() {
        pairingCode = nil
        log.remove(.pairingCode)
    }

    private mutating func forgetPasskey() {
        passkey = nil
        log.remove(.passkey)
    }

    private mutating func clearProblem() {
        problem = nil
        log.remove(.error)
    }
}
