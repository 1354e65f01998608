import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// A phone scans a QR code.
    ///
    /// The outcome comes as an effect, unless the scan fails at once.
    mutating func scan(_ text: String, by number: String, operation: OperationID) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        let qr = try QRCodeText(parsing: text, strict: settings.strictQR)
        guard let id = references[qr.reference], let registration = connections[id]?.registration else {
            throw .unknownReference
        }
        guard
            constantTimeEqual(qr.noisePublicKey, registration.noisePublicKey),
            constantTimeEqual(qr.identityPublicKey, registration.keys.identity)
        else { throw .keyMismatch }
        guard registration.linking == nil else { throw .alreadyLinking }
        if faults.take(.rotateAtScan, number: number, device: nil) {
            rotateSecret(on: id, outdated: qr.advSecret)
        }
        guard connections[id]?.registration?.outdatedSecrets.contains(qr.advSecret) != true else { throw .outdatedQR }
        try beginLinking(of: number, on: id, advSecret: qr.advSecret, operation: operation)
    }

    /// Everything that a QR code and a typed code have in common, once the phone knows the ADV secret.
    mutating func beginLinking(
        of number: String,
        on id: ConnectionID,
        advSecret: [UInt8],
        operation: OperationID
    ) throws(SandboxError) {
        guard let phone = phones[number] else { throw .unknownPhone }
        guard phone.devices.count < phone.deviceLimit else { throw .deviceLimitReached(limit: phone.deviceLimit) }
        if let authenticator = phone.passkey {
            try demandPasskey(authenticator, of: number, on: id, operation: operation)
        } else {
            try certify(for: number, on: id, advSecret: advSecret, operation: operation)
        }
    }

    /// The phone certifies the companion, and the server tells the companion.
    mutating func certify(
        for number: String,
        on id: ConnectionID,
        advSecret: [UInt8],
        operation: OperationID?
    ) throws(SandboxError) {
        guard var phone = phones[number] else { throw .unknownPhone }
        guard let registration = connections[id]?.registration else { throw .companionGone }
        guard phone.devices.count < phone.deviceLimit, let device = phone.freeDeviceNumber() else {
            throw .deviceLimitReached(limit: phone.deviceLimit)
        }
        // Never given out again, whatever becomes of this link.
        phone.highestKeyIndex += 1
        phone.nextDevice = device + 1
        phones[number] = phone
        add(.save)
        let mistake: CertificateMistake? =
            if faults.take(.badHMAC, number: number, device: nil) {
                .hmac
            } else if faults.take(.badAccountSignature, number: number, device: nil) {
                .accountSignature
            } else {
                nil
            }
        let certificate: DeviceCertificate
        do {
            certificate = try phone.keys.certify(
                companionIdentity: registration.keys.identity,
                advSecret: advSecret,
                keyIndex: phone.highestKeyIndex,
                timestamp: unixTime,
                mistake: mistake,
                using: &random
            )
        } catch {
            throw .companionGone
        }
        if faults.take(.dropAtPairSuccess, number: number, device: nil) {
            cut(id)
            throw .companionGone
        }
        let stanza = newStanzaID()
        // A reference serves for one link, whether it succeeds or not.
        for reference in registration.references { references[reference] = nil }
        connections[id]?.registration?.references = []
        connections[id]?.registration?.linking = Linking(
            number: number,
            operation: operation,
            stage: .signature(PendingDevice(number: device, certificate: certificate, stanzaID: stanza))
        )
        if let operation { add(.schedule(.operation(operation), after: settings.linkTimeout)) }
        send(pairSuccess(phone, device: device, certificate: certificate, id: stanza), to: id)
    }

    private func pairSuccess(_ phone: Phone, device: UInt16, certificate: DeviceCertificate, id: String) -> BinaryNode {
        var children = [
            BinaryNode("device-identity", bytes: certificate.container),
            BinaryNode("device", ["jid": .jid(phone.jid(of: device)), "lid": .jid(phone.lid(of: device))]),
            BinaryNode("platform", ["name": .text(phone.account.platform.rawValue)]),
        ]
        if let name = phone.account.businessName { children.append(BinaryNode("biz", ["name": .text(name)])) }
        if phone.account.isLIDMigrated {
            var props = WAClientPairingProps()
            props.isChatDbLidMigrated = true
            props.isSyncdPureLidSession = true
            // Two switches can be encoded.
            children.append(BinaryNode("client-props", bytes: (try? props.serializedBytes()) ?? []))
        }
        return BinaryNode(
            "iq",
            [
                "from": .jid(.server), "type": "set", "id": .text(id), "xmlns": "md", "t": .text(String(unixTime)),
            ],
            children: [BinaryNode("pair-success", children: children)]
        )
    }

    /// A client's answer to a request of the server; only pair-success is waited for.
    mutating func answer(_ node: BinaryNode, on id: ConnectionID) {
        guard
            let registration = connections[id]?.registration,
            let linking = registration.linking,
            case .signature(let pending) = linking.stage,
            node.attributes.text("id") == pending.stanzaID
        else { return }
        guard
            node.attributes.text("type") == "result",
            let identity = node.child("pair-device-sign")?.child("device-identity"),
            let bytes = identity.bytes
        else {
            let error = node.child("error")
            return failLinking(
                on: id,
                with: .companionRefused(
                    code: error?.attributes.integer("code"),
                    text: String((error?.attributes.text("text") ?? "no pair-device-sign").prefix(100))
                )
            )
        }
        guard
            let phone = phones[linking.number],
            identity.attributes.text("key-index").map({ $0 == String(pending.certificate.keyIndex) }) ?? true,
            let complete = phone.keys.complete(
                pending.certificate,
                with: bytes,
                companionIdentity: registration.keys.identity
            )
        else {
            failLinking(on: id, with: .companionRefused(code: nil, text: "bad-device-signature"))
            return end(id)
        }
        enter(pending, identity: complete, registration: registration, linking: linking, on: id)
    }

    /// The new device is in the tables before the companion is told to come back.
    private mutating func enter(
        _ pending: PendingDevice,
        identity: [UInt8],
        registration: Registration,
        linking: Linking,
        on id: ConnectionID
    ) {
        guard var phone = phones[linking.number] else { return end(id) }
        let device = LinkedDevice(
            number: pending.number,
            keyIndex: pending.certificate.keyIndex,
            noisePublicKey: registration.noisePublicKey,
            keys: registration.keys,
            appearance: registration.appearance,
            identity: identity,
            linkedAt: now
        )
        phone.devices[pending.number] = device
        // Signing fails only if protobuf cannot encode integers; the older list is then shown on.
        try? phone.signKeyIndexes(timestamp: unixTime, using: &random)
        phones[linking.number] = phone
        add(.save)
        add(.note(.linked(phone.jid(of: pending.number)), id))
        announce("add", device, of: phone)
        finish(linking.operation, .success(.linked(SandboxDevice(device, of: phone, isConnected: false))))
        connections[id]?.registration?.linking = nil

        let number = linking.number
        let isSilent = faults.take(.closeWithoutRestart, number: number, device: nil)
        let staysOpen = faults.take(.restartWithoutClose, number: number, device: nil)
        if !isSilent { send(BinaryNode("stream:error", ["code": "515"]), to: id) }
        if !staysOpen || isSilent { end(id) }
    }

    // MARK: Ends of a link

    mutating func finish(_ operation: OperationID?, _ result: Result<LinkOutcome, SandboxError>) {
        guard let operation else { return }
        add(.cancel(.operation(operation)))
        add(.finish(operation, result))
    }

    /// Gives up the link on a connection and tells whoever waits.
    mutating func failLinking(on id: ConnectionID, with error: SandboxError) {
        guard let linking = connections[id]?.registration?.linking else { return }
        connections[id]?.registration?.linking = nil
        add(.cancel(.passkey(id)))
        add(.note(.linkFailed("\(error)"), id))
        finish(linking.operation, .failure(error))
    }

    /// Nobody answered the phone.
    mutating func operationExpired(_ operation: OperationID) {
        for (id, connection) in connections where connection.registration?.linking?.operation == operation {
            failLinking(on: id, with: .timedOut)
        }
    }

    /// Tells a companion to replace its ADV secret, and no longer takes the old one where it is known.
    mutating func rotateSecret(on id: ConnectionID, outdated: [UInt8]?) {
        if let outdated { connections[id]?.registration?.outdatedSecrets.append(outdated) }
        send(
            BinaryNode(
                "notification",
                [
                    "from": .jid(.server), "type": "companion_reg_refresh", "id": .text(newStanzaID()),
                    "t": .text(String(unixTime)),
                ],
                children: [BinaryNode("companion_reg_refresh")]
            ),
            to: id
        )
    }
}
