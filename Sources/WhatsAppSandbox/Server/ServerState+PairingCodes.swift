import Foundation
import SignalProtocol
import WhatsAppWire

extension ServerState {
    /// `<link_code_companion_reg>` of a companion: asks for a code, or hands over its key bundle.
    mutating func pairingCode(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        switch request.attributes.text("stage") {
        case "companion_hello": companionHello(iq, request, on: id)
        case "companion_finish": companionFinish(iq, request, on: id)
        case "get_country_code", nil:
            reply(to: iq, children: [BinaryNode("country_code", ["iso": "US"])], on: id)
        default: reject(iq, code: 400, "bad-request", on: id)
        }
    }

    private mutating func companionHello(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard let registration = connections[id]?.registration else {
            return reject(iq, code: 405, "not-allowed", on: id)
        }
        guard
            let jid = request.attributes.jid("jid"),
            let wrapped = request.child("link_code_pairing_wrapped_companion_ephemeral_pub")?.bytes,
            wrapped.count == PrimaryCodeExchange.wrappedLength,
            let noise = request.child("companion_server_auth_key_pub")?.bytes,
            constantTimeEqual(noise, registration.noisePublicKey),
            let display = request.child("companion_platform_display")?.text, !display.isEmpty,
            request.child("companion_platform_id")?.bytes?.isEmpty == false
        else { return reject(iq, code: 400, "bad-request", on: id) }
        if let error = faults.takePairingCodeError(number: jid.user) {
            return reject(iq, code: error.code, Self.errorText(error.code), backoff: error.backoff, on: id)
        }
        guard jid.server == .user, phones[jid.user] != nil else {
            return reject(iq, code: 404, "item-not-found", on: id)
        }
        let reference = "3@" + Base64URL.encode(randomBytes(30, using: &random))
        // An older code of the same number is void from here on; nobody is told.
        offers[jid.user] = CodeOffer(
            connection: id,
            reference: reference,
            wrappedKey: Array(wrapped),
            display: String(display.prefix(100)),
            createdAt: now
        )
        reply(
            to: iq,
            children: [
                BinaryNode(
                    "link_code_companion_reg",
                    ["stage": "companion_hello"],
                    children: [BinaryNode("link_code_pairing_ref", text: reference)]
                )
            ],
            on: id
        )
    }

    /// The code that waits for a number to be typed at the phone.
    func offer(for number: String) throws(SandboxError) -> CodeOffer {
        guard phones[number] != nil else { throw .unknownPhone }
        guard let offer = offers[number], isValid(offer), offer.tries < settings.codeTries else { throw .noCodeOffered }
        return offer
    }

    /// The phone has derived what it needs from the typed code; the companion gets its ephemeral and identity keys.
    mutating func sendPrimaryHello(
        _ exchange: PrimaryCodeExchange,
        for offer: CodeOffer,
        by number: String,
        operation: OperationID
    ) throws(SandboxError) {
        guard
            let phone = phones[number],
            offers[number]?.reference == offer.reference,
            let registration = connections[offer.connection]?.registration
        else { throw .noCodeOffered }
        guard registration.linking == nil else { throw .alreadyLinking }
        guard phone.devices.count < phone.deviceLimit else { throw .deviceLimitReached(limit: phone.deviceLimit) }
        offers[number]?.tries += 1
        let copies = faults.take(.duplicatePrimaryHello, number: number, device: nil) ? 2 : 1
        connections[offer.connection]?.registration?.linking = Linking(
            number: number,
            operation: operation,
            stage: .bundle(exchange, remaining: copies)
        )
        add(.schedule(.operation(operation), after: settings.codeTimeout))
        for _ in 0..<copies {
            notifyOfCode(
                stage: "primary_hello",
                children: [
                    BinaryNode("link_code_pairing_wrapped_primary_ephemeral_pub", bytes: exchange.wrapped),
                    BinaryNode("primary_identity_pub", bytes: phone.keys.identity.publicKey),
                    BinaryNode("link_code_pairing_ref", text: offer.reference),
                ],
                on: offer.connection
            )
        }
    }

    /// Tells the companion that the code on its screen is void.
    mutating func refreshCode(of number: String, offer: CodeOffer, forcedByHand: Bool) {
        notifyOfCode(
            stage: "refresh_code",
            attributes: forcedByHand ? ["force_manual_refresh": "true"] : [:],
            children: [BinaryNode("link_code_pairing_ref", text: offer.reference)],
            on: offer.connection
        )
        offers[number] = nil
    }

    private mutating func notifyOfCode(
        stage: String,
        attributes: BinaryNode.Attributes = [:],
        children: [BinaryNode],
        on id: ConnectionID
    ) {
        var attributes = attributes
        attributes["stage"] = .text(stage)
        send(
            BinaryNode(
                "notification",
                [
                    "from": .jid(.server), "type": "link_code_companion_reg", "id": .text(newStanzaID()),
                    "t": .text(String(unixTime)),
                ],
                children: [BinaryNode("link_code_companion_reg", attributes, children: children)]
            ),
            to: id
        )
    }

    private mutating func companionFinish(_ iq: BinaryNode, _ request: BinaryNode, on id: ConnectionID) {
        guard
            let registration = connections[id]?.registration,
            let linking = registration.linking,
            case .bundle(let exchange, let remaining) = linking.stage,
            let phone = phones[linking.number],
            let reference = request.child("link_code_pairing_ref")?.text,
            offers[linking.number]?.reference == reference
        else { return reject(iq, code: 404, "item-not-found", on: id) }
        guard
            let bundle = request.child("link_code_pairing_wrapped_key_bundle")?.bytes,
            let identity = request.child("companion_identity_public")?.bytes,
            bundle.count == PrimaryCodeExchange.bundleLength, identity.count == 32
        else { return reject(iq, code: 400, "bad-request", on: id) }
        // Before pair-success: clients wait for this answer.
        reply(to: iq, on: id)
        // The companion derives everything anew on a repeated hello: only its last bundle counts.
        guard remaining <= 1 else {
            connections[id]?.registration?.linking?.stage = .bundle(exchange, remaining: remaining - 1)
            return
        }
        do throws(SandboxError) {
            let secret = try exchange.advSecret(
                bundle: Array(bundle),
                companionIdentity: Array(identity),
                identity: phone.keys.identity
            )
            guard constantTimeEqual(identity, registration.keys.identity) else { throw .keyMismatch }
            guard let operation = linking.operation else { throw .timedOut }
            try beginLinking(of: linking.number, on: id, advSecret: secret, operation: operation)
            offers[linking.number] = nil
        } catch {
            failLinking(on: id, with: error)
        }
    }

    static func errorText(_ code: Int) -> String {
        switch code {
        case 400: "bad-request"
        case 401: "not-authorized"
        case 403: "forbidden"
        case 404: "item-not-found"
        case 405: "not-allowed"
        case 406: "not-acceptable"
        case 429: "rate-overlimit"
        case 452: "feature-not-available"
        case 503: "service-unavailable"
        default: "internal-server-error"
        }
    }
}
