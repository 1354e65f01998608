import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Makes the phones of a load, and links a companion to each that is to be a session.
    mutating func prepare(_ order: LoadOrder) throws(SandboxError) -> [PreparedDevice] {
        journal.isOn = false
        for index in 0..<order.phones {
            let number = LoadOrder.writer(index)
            if phones[number] == nil { _ = try createPhone(NewPhone(number: number)) }
            phones[number]?.log.capacity = 4
        }
        var prepared: [PreparedDevice] = []
        prepared.reserveCapacity(order.sessions)
        for index in 0..<order.sessions {
            let number = LoadOrder.session(index)
            if phones[number] == nil { _ = try createPhone(NewPhone(number: number)) }
            phones[number]?.log.capacity = 4
            prepared.append(try linkDirectly(to: number))
        }
        makeGroups(of: order)
        return prepared
    }

    /// Links a companion that nobody has shown: its keys are made here and handed out.
    mutating func linkDirectly(to number: String) throws(SandboxError) -> PreparedDevice {
        guard var phone = phones[number] else { throw .unknownPhone }
        guard phone.devices.count < phone.deviceLimit, let device = phone.freeDeviceNumber() else {
            throw .deviceLimitReached(limit: phone.deviceLimit)
        }
        phone.highestKeyIndex += 1
        phone.nextDevice = device + 1
        let noise = Curve25519KeyPair.generate(using: &random)
        let identity = Curve25519KeyPair.generate(using: &random)
        let signed = SignedPreKey.generate(id: 1, identity: identity, using: &random)
        let secret = randomBytes(32, using: &random)
        let registrationID = UInt32.random(in: 1...16_380, using: &random)
        let certified: [UInt8]
        do {
            let certificate = try phone.keys.certify(
                companionIdentity: identity.publicKey,
                advSecret: secret,
                keyIndex: phone.highestKeyIndex,
                timestamp: unixTime,
                using: &random
            )
            certified = try certificate.signed(by: identity, using: &random)
        } catch {
            throw .companionGone
        }
        phone.devices[device] = LinkedDevice(
            number: device,
            keyIndex: phone.highestKeyIndex,
            noisePublicKey: noise.publicKey,
            keys: CompanionKeys(
                registrationID: registrationID,
                identity: identity.publicKey,
                signedPreKey: PublicSignedPreKey(
                    id: signed.id,
                    value: signed.keyPair.publicKey,
                    signature: signed.signature
                )
            ),
            appearance: DeviceAppearance(name: "Prepared", platform: "chrome"),
            identity: certified,
            linkedAt: now
        )
        try? phone.signKeyIndexes(timestamp: unixTime, using: &random)
        phones[number] = phone
        add(.save)
        return PreparedDevice(
            number: number,
            device: device,
            lid: phone.account.lid,
            platform: phone.account.platform.rawValue,
            name: phone.name,
            noiseKey: noise.privateKey.reveal(),
            identityKey: identity.privateKey.reveal(),
            signedPreKeyID: signed.id,
            signedPreKey: signed.keyPair.privateKey.reveal(),
            signedPreKeySignature: signed.signature,
            registrationID: registrationID,
            advSecret: secret,
            identity: certified
        )
    }

    // MARK: Traffic

    /// Sends as many messages of the load as are due.
    mutating func sendLoad(_ count: Int) {
        let time = microseconds
        var lengths = PaddingLengths(seed: time)
        for _ in 0..<count {
            guard let turn = load?.nextTurn() else { return }
            let target = DeviceAddress(number: turn.session, device: 1)
            guard online[target] != nil, let (id, text) = load?.next(at: time) else {
                load?.failed()
                continue
            }
            let plain = Padding.add(to: Self.plain(text), using: &lengths)
            let children =
                if let group = turn.group {
                    groupCiphertexts(plain, by: turn.writer, in: group, for: target)
                } else {
                    encrypt(plain, by: turn.writer, for: target, by: .lid, [:]).map { [$0] }
                }
            guard let children else {
                load?.failed()
                continue
            }
            // As the server would pass it on, without the copies that nobody reads: what is measured is the session.
            deliver(BinaryNode("message", envelope(turn, id: id), children: children), id: id, to: target)
        }
    }

    /// A message of nothing but `conversation`, field 1, as ``WAMessage`` encodes it, which would be a tenth of the load's time.
    static func plain(_ text: String) -> [UInt8] {
        var length = text.utf8.count
        var bytes: [UInt8] = [0x0a]
        bytes.reserveCapacity(length + 8)
        while length >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        bytes += text.utf8
        return bytes
    }

    private mutating func envelope(_ turn: LoadTraffic.Turn, id: String) -> BinaryNode.Attributes {
        let face = face(of: turn.writer)
        var attributes: BinaryNode.Attributes = [
            "id": .text(id), "type": "text", "t": .text(String(unixTime)), "notify": .text(face.name),
        ]
        if let group = turn.group {
            attributes["from"] = .jid(JID(user: group, server: .group))
            attributes["participant"] = .jid(face.lid)
            attributes["participant_pn"] = .jid(face.phone)
            attributes["addressing_mode"] = AddressingForm.lid.mode
        } else {
            attributes["from"] = .jid(face.lid)
            attributes["sender_pn"] = .jid(face.phone)
        }
        return attributes
    }

    private mutating func face(of writer: String) -> LoadTraffic.Face {
        if let known = load?.faces[writer] { return known }
        let address = phoneAddress(writer)
        let face = LoadTraffic.Face(
            lid: jid(of: address, by: .lid),
            phone: jid(of: address, by: .phoneNumber),
            name: phones[writer]?.name ?? ""
        )
        load?.faces[writer] = face
        return face
    }

    mutating func forgetOldLoad() {
        let time = microseconds
        load?.forget(at: time)
    }

    /// Microseconds of the server's clock.
    var microseconds: UInt64 { UInt64(max(0, now.timeIntervalSince1970 * 1_000_000)) }

    /// How many sessions of the load are connected.
    var connectedSessions: Int {
        guard let load else { return 0 }
        return (0..<load.order.sessions).count {
            online[DeviceAddress(number: LoadOrder.session($0), device: 1)] != nil
        }
    }
}

/// Lengths of padding, which need not be secret: to ask the system for each is a fiftieth of the load's time.
private struct PaddingLengths: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed | 1
    }

    /// The next number by xorshift64*.
    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

extension DeviceCertificate {
    /// The complete identity, signed by the companion too.
    fileprivate func signed(
        by identity: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) throws -> [UInt8] {
        var signed = try WAADVSignedDeviceIdentity(serializedBytes: self.identity)
        let text = SignaturePrefix.device + signed.details + identity.publicKey + signed.accountSignatureKey
        signed.deviceSignature = Data(XEdDSA.sign(Array(text), with: identity, using: &random))
        return try signed.serializedBytes()
    }
}
