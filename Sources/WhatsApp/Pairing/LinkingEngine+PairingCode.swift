package import Foundation
internal import SignalProtocol
internal import WhatsAppWire

/// A pairing code that is being asked for, shown, or used.
struct PairingCodeFlow: Sendable {
    enum Stage: Sendable, Equatable {
        /// The own key is being hidden.
        case hiding
        case requested(id: String)
        case shown(reference: String)
        /// The phone knows the code; `pair-success` is due.
        case finishing
    }

    let id: UInt32
    let number: PhoneNumber
    let code: PairingCode
    let ephemeral: Curve25519KeyPair
    let startedAt: Date
    var stage = Stage.hiding
    var reference = ""
    var helloCount = 0

    static let maximumHellos = 3

    var phone: JID { JID(user: number.digits, server: .user) }
    func age(at now: Date) -> TimeInterval { now.timeIntervalSince(startedAt) }
}

/// Why there is no pairing code.
package struct PairingCodeRefusal: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// The connection is not up yet, or the device is linked already.
        case notReady
        /// An earlier code is still good.
        case outstanding
        case timedOut
        /// The service's own error.
        case service(code: Int, text: String)
    }

    package let reason: Reason
    package let retryAfter: Duration?

    package init(reason: Reason, retryAfter: Duration? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
    }
}

extension LinkingEngine {
    /// Asks the service to offer this device to the phone with that number; events tell the code or the refusal.
    package mutating func requestPairingCode(for number: PhoneNumber, now: Date) -> [EngineAction<Event>] {
        guard isReady, !isPaired else { return [.emit(.pairingCodeRefused(.init(reason: .notReady)))] }
        if let flow = codeFlow {
            let left = 180 - flow.age(at: now)
            let retry: Duration? = left > 0 ? .seconds(left.rounded(.up)) : nil
            return [.emit(.pairingCodeRefused(.init(reason: .outstanding, retryAfter: retry)))]
        }
        codeFlowCount &+= 1
        let flow = PairingCodeFlow(
            id: codeFlowCount,
            number: number,
            code: .generate(using: &random),
            ephemeral: .generate(using: &random),
            startedAt: now
        )
        codeFlow = flow
        let cipher = PairingCodeCipher(
            code: flow.code.text,
            salt: randomBytes(PairingCodeCipher.saltLength, using: &random),
            vector: randomBytes(PairingCodeCipher.vectorLength, using: &random)
        )
        let work = Computation.pairingCode(
            cipher,
            input: flow.ephemeral.publicKey,
            purpose: .hideOwnKey(flow: flow.id)
        )
        return [.compute(work), .schedule(.pairingRequest, after: .seconds(30))]
    }

    package mutating func computed(_ outcome: Computation.Outcome, now: Date) -> [EngineAction<Event>] {
        guard case .pairingCode(let output, let purpose) = outcome, !isPaired else { return [] }
        switch purpose {
        case .hideOwnKey(let id): return sendCompanionHello(wrapped: output, flow: id)
        case .revealPhoneKey(let id, let identity):
            return sendCompanionFinish(phoneEphemeral: output, phoneIdentity: identity, flow: id)
        }
    }

    private mutating func sendCompanionHello(wrapped: [UInt8], flow id: UInt32) -> [Action] {
        guard var flow = codeFlow, flow.id == id, flow.stage == .hiding else { return [] }
        let requestID = requestIDs.next()
        flow.stage = .requested(id: requestID)
        codeFlow = flow
        let registration = BinaryNode(
            "link_code_companion_reg",
            ["jid": .jid(flow.phone), "stage": "companion_hello", "should_show_push_notification": "true"],
            children: [
                BinaryNode("link_code_pairing_wrapped_companion_ephemeral_pub", bytes: wrapped),
                BinaryNode("companion_server_auth_key_pub", bytes: credentials.noiseKey.publicKey),
                BinaryNode("companion_platform_id", text: profile.browser.clientType),
                BinaryNode("companion_platform_display", text: profile.platformDisplay),
                BinaryNode("link_code_pairing_nonce", bytes: [0]),
            ]
        )
        return send(Stanzas.request("set", "md", id: requestID, children: [registration]))
    }

    mutating func handleCodeAnswer(_ node: BinaryNode, now: Date) -> [Action] {
        guard var flow = codeFlow, case .requested(let id) = flow.stage, node.attributes.text("id") == id else {
            return []
        }
        if node.attributes.text("type") == "error" {
            let error = node.child("error")?.attributes
            let refusal = PairingCodeRefusal(
                reason: .service(
                    code: error?.integer("code", as: Int.self) ?? 500,
                    text: error?.text("text") ?? ""
                ),
                retryAfter: error?.integer("backoff", as: UInt32.self).map { .seconds(Int64($0)) }
            )
            return refuseCode(refusal)
        }
        let answer = node.child("link_code_companion_reg")
        guard let reference = answer?.child("link_code_pairing_ref")?.text, !reference.isEmpty else {
            return refuseCode(.init(reason: .service(code: 500, text: "no reference")))
        }
        let left = 180 - flow.age(at: now)
        guard left > 0 else { return refuseCode(.init(reason: .timedOut)) }
        flow.stage = .shown(reference: reference)
        flow.reference = reference
        codeFlow = flow
        return [
            .cancel(.pairingRequest), .schedule(.pairingCode, after: .seconds(left)),
            .emit(.pairingCode(flow.code.text, validFor: .seconds(left))),
        ]
    }

    mutating func handleCodeNotification(_ node: BinaryNode, now: Date) -> [Action] {
        guard let message = node.child("link_code_companion_reg"), let flow = codeFlow, !flow.reference.isEmpty,
            message.child("link_code_pairing_ref")?.text == flow.reference
        else { return [] }
        switch message.attributes.text("stage") {
        case "primary_hello": return takePrimaryHello(message, now: now)
        case "refresh_code": return dropCodeFlow(now: now)
        default: return []
        }
    }

    private mutating func takePrimaryHello(_ message: BinaryNode, now: Date) -> [Action] {
        guard var flow = codeFlow, flow.age(at: now) <= 180, flow.helloCount < PairingCodeFlow.maximumHellos,
            let identity = message.child("primary_identity_pub")?.bytes, identity.count == 32,
            let wrapped = message.child("link_code_pairing_wrapped_primary_ephemeral_pub")?.bytes,
            let parts = PairingCodeCipher.split(wrapped, code: flow.code.text)
        else { return [] }
        flow.helloCount += 1
        codeFlow = flow
        return [
            .compute(
                .pairingCode(
                    parts.cipher,
                    input: parts.hidden,
                    purpose: .revealPhoneKey(flow: flow.id, phoneIdentity: Array(identity))
                )
            )
        ]
    }

    private mutating func sendCompanionFinish(
        phoneEphemeral: [UInt8],
        phoneIdentity: [UInt8],
        flow id: UInt32
    ) -> [Action] {
        guard var flow = codeFlow, flow.id == id else { return [] }
        let bundle: PairingCodeBundle
        do {
            bundle = try PairingCodeBundle(
                identity: credentials.identityKey,
                ephemeral: flow.ephemeral,
                phoneIdentity: phoneIdentity,
                phoneEphemeral: phoneEphemeral,
                randomness: randomBytes(PairingCodeBundle.randomnessLength, using: &random)
            )
        } catch {
            // A wrong code at the phone gives a key that is none; the phone may try again.
            return []
        }
        credentials.advSecret = bundle.advSecret
        flow.stage = .finishing
        codeFlow = flow
        let registration = BinaryNode(
            "link_code_companion_reg",
            ["jid": .jid(flow.phone), "stage": "companion_finish"],
            children: [
                BinaryNode("link_code_pairing_wrapped_key_bundle", bytes: bundle.wrapped),
                BinaryNode("companion_identity_public", bytes: credentials.identityKey.publicKey),
                BinaryNode("link_code_pairing_ref", text: flow.reference),
            ]
        )
        return send(Stanzas.request("set", "md", id: requestIDs.next(), children: [registration]))
            + [.cancel(.pairingCode), .schedule(.pairSuccess, after: .seconds(60))]
    }

    mutating func refuseCode(_ refusal: PairingCodeRefusal) -> [Action] {
        codeFlow = nil
        return [.cancel(.pairingRequest), .emit(.pairingCodeRefused(refusal))] + endIfExhausted()
    }

    /// The code on screen is void: a new one can be asked for, and QR codes go on with a secret of their own.
    mutating func dropCodeFlow(now: Date) -> [Action] {
        guard let flow = codeFlow else { return [] }
        codeFlow = nil
        var actions: [Action] = [.cancel(.pairingCode), .cancel(.pairSuccess), .emit(.pairingCodeExpired)]
        if flow.stage == .finishing { actions += replaceSecret(now: now) }
        return actions + endIfExhausted()
    }
}
