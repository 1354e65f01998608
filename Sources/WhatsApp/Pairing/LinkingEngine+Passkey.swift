package import Foundation
internal import SignalProtocol
internal import WhatsAppWire

/// Why a passkey's assertion did not get any further.
package enum PasskeyRefusal: Sendable, Equatable {
    /// Nobody has asked for one, or the step is over.
    case notRequested
    /// What was handed over is not the JSON of a WebAuthn assertion.
    case malformedAssertion
    /// The service refused it.
    case service(code: Int, text: String)
    /// It did not come in the time that the service allows.
    case timedOut
}

extension LinkingEngine {
    /// The time for an assertion where the options name none.
    static let passkeyLifetime: ClosedRange<Int> = 60...600

    mutating func handlePasskeyNotification(_ node: BinaryNode, now: Date) -> [Action] {
        if let phone = node.child("primary_ephemeral_identity")?.bytes { return continuePasskey(Array(phone)) }
        guard node.attributes.text("type") == "passkey_prologue_request" else { return [] }
        if let options = node.child("passkey_request_options")?.bytes { return demandPasskey(Array(options)) }
        let id = requestIDs.next()
        passkey = PasskeyExchange(stage: .awaitingOptions(id: id), using: &random)
        return send(Stanzas.request("get", "md", id: id, children: [BinaryNode("passkey_request_options")]))
    }

    private mutating func demandPasskey(_ options: [UInt8]) -> [Action] {
        guard options.count <= PasskeyAssertion.maximumLength else { return [] }
        passkey = PasskeyExchange(stage: .awaitingAssertion, using: &random)
        let lifetime = Duration.seconds(Self.lifetime(of: options))
        return [.emit(.passkeyRequested(options: options, validFor: lifetime)), .schedule(.passkey, after: lifetime)]
    }

    /// Takes the assertion that the account's owner made.
    package mutating func submitPasskeyAssertion(_ json: [UInt8], now: Date) -> [EngineAction<Event>] {
        guard var exchange = passkey, exchange.stage == .awaitingAssertion else {
            return [.emit(.passkeyRefused(.notRequested))]
        }
        guard let assertion = PasskeyAssertion(json: json) else {
            return [.emit(.passkeyRefused(.malformedAssertion))]
        }
        let id = requestIDs.next()
        exchange.assertion = assertion
        exchange.stage = .awaitingReference(id: id)
        passkey = exchange
        return send(Stanzas.request("get", "md", id: id, children: [BinaryNode("ref")]))
    }

    mutating func handlePasskeyAnswer(_ node: BinaryNode, now: Date) -> [Action] {
        guard var exchange = passkey, let id = node.attributes.text("id") else { return [] }
        switch exchange.stage {
        case .awaitingOptions(let expected) where expected == id:
            guard let options = node.child("passkey_request_options")?.bytes else { return refusePasskey(node) }
            return demandPasskey(Array(options))
        case .awaitingReference(let expected) where expected == id:
            guard let reference = node.child("ref")?.text, let assertion = exchange.assertion else {
                return refusePasskey(node)
            }
            exchange.reference = reference
            exchange.stage = .awaitingContinuation
            passkey = exchange
            let prologue = BinaryNode(
                "passkey_prologue",
                children: [
                    BinaryNode("credential_id", bytes: assertion.credentialID),
                    BinaryNode("webauthn_assertion", bytes: assertion.json),
                    BinaryNode("prologue_payload", bytes: exchange.prologue(browser: profile.browser)),
                ]
            )
            return send(Stanzas.request("set", "md", id: passkeyRequestID(), children: [prologue]))
        default:
            let isRefusal = node.attributes.text("type") == "error" && id.hasPrefix(Self.passkeyIDPrefix)
            return isRefusal ? refusePasskey(node) : []
        }
    }

    private mutating func continuePasskey(_ phone: [UInt8]) -> [Action] {
        guard var exchange = passkey, exchange.stage == .awaitingContinuation,
            let code = exchange.agree(with: phone, browser: profile.browser)
        else { return [] }
        exchange.stage = .awaitingConfirmation
        passkey = exchange
        let nonce = BinaryNode("companion_nonce", bytes: exchange.nonce)
        return send(Stanzas.request("set", "md", id: passkeyRequestID(), children: [nonce]))
            + [.emit(.passkeyConfirmation(code: code.text))]
    }

    /// The person has seen the same code on the phone: hand over this device's keys.
    package mutating func confirmPasskey(now: Date) -> [EngineAction<Event>] {
        guard var exchange = passkey, exchange.stage == .awaitingConfirmation else {
            return [.emit(.passkeyRefused(.notRequested))]
        }
        // The secret that was on screen as a QR code is not used for this link.
        credentials.advSecret = .random(count: 32, using: &random)
        guard let request = exchange.request(credentials, vector: randomBytes(12, using: &random)) else {
            return [.emit(.passkeyRefused(.notRequested))]
        }
        exchange.stage = .finishing
        passkey = exchange
        let node = BinaryNode("encrypted_pairing_request", bytes: request)
        return send(Stanzas.request("set", "md", id: passkeyRequestID(), children: [node]))
    }

    private mutating func refusePasskey(_ node: BinaryNode) -> [Action] {
        let error = node.child("error")?.attributes
        let code = error?.integer("code", as: Int.self) ?? 500
        // The demand stands: another assertion can be tried.
        passkey?.stage = .awaitingAssertion
        passkey?.assertion = nil
        return [.emit(.passkeyRefused(.service(code: code, text: error?.text("text") ?? "")))]
    }

    mutating func expirePasskey(now: Date) -> [Action] {
        guard passkey != nil else { return [] }
        passkey = nil
        return [.emit(.passkeyRefused(.timedOut))] + endIfExhausted()
    }

    private static let passkeyIDPrefix = "passkey-"

    private mutating func passkeyRequestID() -> String {
        Self.passkeyIDPrefix + requestIDs.next()
    }

    /// `timeout` of PublicKeyCredentialRequestOptions, in seconds and within bounds.
    private static func lifetime(of options: [UInt8]) -> Int {
        struct Timing: Decodable { let timeout: Double? }
        let timeout = (try? JSONDecoder().decode(Timing.self, from: Data(options)))?.timeout ?? 300_000
        guard timeout.isFinite else { return 300 }
        return Int(min(max(timeout / 1000, Double(passkeyLifetime.lowerBound)), Double(passkeyLifetime.upperBound)))
    }
}
