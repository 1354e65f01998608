import Foundation
import SignalProtocol
import WhatsAppWire

/// Linking an account that demands a passkey.
///
/// The demand comes when the phone has scanned the QR code, or when the companion's bundle has opened with the typed code.
/// Whoever ordered the scan is told so at once; the rest runs between companion and phone, which confirms by itself.
extension ServerState {
    mutating func demandPasskey(
        _ authenticator: VirtualAuthenticator,
        of number: String,
        on id: ConnectionID,
        operation: OperationID
    ) throws(SandboxError) {
        let options = PasskeyOptions(
            challenge: randomBytes(32, using: &random),
            credential: authenticator.credentialID
        )
        guard let json = try? options.json else { throw .companionGone }
        connections[id]?.registration?.linking = Linking(number: number, operation: nil, stage: .assertion(options))
        add(.schedule(.passkey(id), after: PasskeyOptions.validity))
        finish(operation, .success(.passkeyDemanded(options: json)))
        send(
            notification(
                "passkey_prologue_request",
                children: [BinaryNode("passkey_request_options", bytes: json)]
            ),
            to: id
        )
    }

    private mutating func notification(_ type: String, children: [BinaryNode]) -> BinaryNode {
        BinaryNode(
            "notification",
            [
                "from": .jid(.server), "type": .text(type), "id": .text(newStanzaID()), "t": .text(String(unixTime)),
            ],
            children: children
        )
    }

    /// The options once more, for a companion that did not find them in the notification.
    mutating func repeatPasskeyOptions(_ iq: BinaryNode, on id: ConnectionID) {
        guard case .assertion(let options)? = connections[id]?.registration?.linking?.stage,
            let json = try? options.json
        else { return reject(iq, code: 404, "item-not-found", on: id) }
        reply(to: iq, children: [BinaryNode("passkey_request_options", bytes: json)], on: id)
    }

    /// A reference to name in the exchange; one of those shown while they last, else a new one.
    mutating func giveReference(_ iq: BinaryNode, on id: ConnectionID) {
        guard let registration = connections[id]?.registration else {
            return reject(iq, code: 405, "not-allowed", on: id)
        }
        let reference: String
        if let shown = registration.references.first {
            reference = shown
        } else {
            reference = "2@" + Base64URL.encode(randomBytes(42, using: &random))
            references[reference] = id
            connections[id]?.registration?.references = [reference]
        }
        reply(to: iq, children: [BinaryNode("ref", text: reference)], on: id)
    }

    /// The assertion, and the companion's commitment to keys that it will use.
    mutating func passkeyPrologue(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard
            let linking = connections[id]?.registration?.linking,
            case .assertion(let options) = linking.stage,
            let authenticator = phones[linking.number]?.passkey
        else { return reject(iq, code: 404, "item-not-found", on: id) }
        guard
            let credential = request.child("credential_id")?.bytes,
            let assertion = request.child("webauthn_assertion")?.bytes,
            let payload = request.child("prologue_payload")?.bytes,
            let prologue = PasskeyPrologue(payload),
            references[prologue.reference] == id
        else { return reject(iq, code: 400, "bad-request", on: id) }
        if let objection = authenticator.objection(to: assertion, credentialID: credential, options: options) {
            add(.note(.linkFailed(objection), id))
            return reject(iq, code: 403, objection, on: id)
        }
        let primary = PasskeyPrimaryIdentity.generate(using: &random)
        guard let identity = try? primary.encoded else { return reject(iq, code: 500, "internal-server-error", on: id) }
        connections[id]?.registration?.linking?.stage = .nonce(prologue, primary)
        reply(to: iq, on: id)
        send(
            notification(
                "crsc_continuation",
                children: [BinaryNode("primary_ephemeral_identity", bytes: identity)]
            ),
            to: id
        )
    }

    mutating func companionNonce(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard case .nonce(let prologue, let primary)? = connections[id]?.registration?.linking?.stage else {
            return reject(iq, code: 404, "item-not-found", on: id)
        }
        guard let nonce = request.bytes.map(Array.init), prologue.matches(nonce) else {
            reject(iq, code: 400, "commitment-mismatch", on: id)
            return failLinking(on: id, with: .companionRefused(code: nil, text: "commitment-mismatch"))
        }
        guard let key = try? prologue.key(with: primary.ephemeral) else {
            return reject(iq, code: 400, "bad-request", on: id)
        }
        let code = primary.confirmationCode(companionNonce: nonce)
        connections[id]?.registration?.linking?.stage = .request(key: key, code: code)
        reply(to: iq, on: id)
    }

    /// The companion's keys; from here on the link goes as always.
    mutating func encryptedPairingRequest(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard
            let registration = connections[id]?.registration,
            let linking = registration.linking,
            case .request(let key, _) = linking.stage
        else { return reject(iq, code: 404, "item-not-found", on: id) }
        guard
            let sealed = request.bytes,
            let opened = PasskeyPairingRequest(sealed, key: key),
            constantTimeEqual(opened.noisePublicKey, registration.noisePublicKey),
            constantTimeEqual(opened.identityPublicKey, registration.keys.identity)
        else {
            reject(iq, code: 400, "bad-request", on: id)
            return failLinking(on: id, with: .keyMismatch)
        }
        reply(to: iq, on: id)
        add(.cancel(.passkey(id)))
        do throws(SandboxError) {
            try certify(for: linking.number, on: id, advSecret: opened.advSecret, operation: nil)
        } catch {
            failLinking(on: id, with: error)
        }
    }

    /// The owner did not present the passkey in time.
    mutating func passkeyExpired(on id: ConnectionID) {
        switch connections[id]?.registration?.linking?.stage {
        case .assertion, .nonce, .request: failLinking(on: id, with: .timedOut)
        case .bundle, .signature, nil: break
        }
    }
}
