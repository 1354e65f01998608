import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// The handshake is done: a companion that wants to be linked, or one that logs in.
    mutating func established(_ id: ConnectionID, noisePublicKey: [UInt8], payload: [UInt8]) {
        guard let connection = connections[id], case .handshake = connection.phase else { return }
        guard let payload = try? WAClientPayload(serializedBytes: payload) else {
            add(.note(.malformed("ClientPayload"), id))
            return end(id)
        }
        if payload.hasUsername {
            logIn(id, payload: payload, noisePublicKey: noisePublicKey)
        } else if payload.hasDevicePairingData {
            register(id, data: payload.devicePairingData, noisePublicKey: noisePublicKey)
        } else {
            refuse(id, reason: 400)
        }
    }

    private mutating func register(
        _ id: ConnectionID,
        data: WAClientPayload.DevicePairingRegistrationData,
        noisePublicKey: [UInt8]
    ) {
        guard let keys = CompanionKeys(data) else {
            add(.note(.malformed("registration"), id))
            return refuse(id, reason: 400)
        }
        let shown = (0..<settings.references).map { _ in
            // No commas: clients put the text between commas.
            "2@" + Base64URL.encode(randomBytes(42, using: &random))
        }
        for reference in shown { references[reference] = id }
        connections[id]?.phase = .unregistered(
            Registration(
                noisePublicKey: noisePublicKey,
                keys: keys,
                appearance: DeviceAppearance(data.deviceProps),
                references: shown,
                shownAt: now
            )
        )
        add(.note(.registered, id))
        if faults.take(.dropAtPairDevice, number: nil, device: nil) { return cut(id) }
        add(.schedule(.references(id), after: settings.referenceLifetime))
        send(
            BinaryNode(
                "iq",
                ["from": .jid(.server), "type": "set", "id": .text(newStanzaID()), "xmlns": "md"],
                children: [
                    BinaryNode("pair-device", children: shown.map { BinaryNode("ref", text: $0) })
                ]
            ),
            to: id
        )
    }

    /// The references have run out; a code that is still good, or a link under way, keeps the connection.
    mutating func referencesExpired(on id: ConnectionID) {
        guard let registration = connections[id]?.registration else { return }
        guard registration.linking == nil else {
            return add(.schedule(.references(id), after: settings.linkTimeout))
        }
        for reference in registration.references { references[reference] = nil }
        connections[id]?.registration?.references = []
        if let offer = offers.values.first(where: { $0.connection == id }), isValid(offer) {
            add(
                .schedule(
                    .references(id),
                    after: settings.codeLifetime - .seconds(now.timeIntervalSince(offer.createdAt))
                )
            )
        } else {
            end(id)
        }
    }

    func isValid(_ offer: CodeOffer) -> Bool {
        .seconds(now.timeIntervalSince(offer.createdAt)) < settings.codeLifetime
    }
}

extension CompanionKeys {
    /// The keys of a registration; nil when one is missing, has another length, or the signature is not good.
    init?(_ data: WAClientPayload.DevicePairingRegistrationData) {
        guard
            let registrationID = UInt32(bigEndian: data.eRegid), data.eRegid.count == 4,
            data.eIdent.count == 32,
            let keyID = UInt32(bigEndian: data.eSkeyID),
            data.eSkeyVal.count == 32,
            XEdDSA.isValid(data.eSkeySig, for: [5] + data.eSkeyVal, publicKey: data.eIdent)
        else { return nil }
        self.init(
            registrationID: registrationID,
            identity: Array(data.eIdent),
            signedPreKey: PublicSignedPreKey(id: keyID, value: Array(data.eSkeyVal), signature: Array(data.eSkeySig))
        )
    }
}

extension DeviceAppearance {
    /// Reads encoded DeviceProps; what cannot be read looks like an unknown device.
    init(_ properties: Data) {
        let properties = (try? WADeviceProps(serializedBytes: properties)) ?? WADeviceProps()
        name = String(properties.os.prefix(100))
        platform = String(describing: properties.platformType).lowercased()
    }
}

extension UInt32 {
    /// Reads one to four bytes, the highest first.
    init?(bigEndian bytes: some Collection<UInt8>) {
        guard (1...4).contains(bytes.count) else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The lowest three bytes, the highest first; the form of key identifiers.
    var threeBytes: [UInt8] {
        [UInt8(truncatingIfNeeded: self >> 16), UInt8(truncatingIfNeeded: self >> 8), UInt8(truncatingIfNeeded: self)]
    }

    var fourBytes: [UInt8] { [UInt8(truncatingIfNeeded: self >> 24)] + threeBytes }
}
