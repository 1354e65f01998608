import Crypto
import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

/// A companion's side of linking, written by hand from the protocol notes and sharing nothing with the client under test.
struct TestCompanion {
    let noise: Curve25519KeyPair
    let identity: Curve25519KeyPair
    let signedPreKey: SignedPreKey
    let registrationID: UInt32
    var advSecret: [UInt8]

    init() {
        var random = SystemRandomNumberGenerator()
        noise = .generate(using: &random)
        identity = .generate(using: &random)
        signedPreKey = .generate(id: 1, identity: identity, using: &random)
        registrationID = 4_711
        advSecret = randomBytes(32, using: &random)
    }

    /// With keys that somebody else has made.
    init(
        noise: Curve25519KeyPair,
        identity: Curve25519KeyPair,
        signedPreKey: SignedPreKey,
        registrationID: UInt32,
        advSecret: [UInt8]
    ) {
        self.noise = noise
        self.identity = identity
        self.signedPreKey = signedPreKey
        self.registrationID = registrationID
        self.advSecret = advSecret
    }

    // MARK: Payloads

    func registration(change: (inout WAClientPayload) -> Void = { _ in }) throws -> [UInt8] {
        var properties = WADeviceProps()
        properties.os = "Test"
        properties.platformType = .firefox
        var payload = WAClientPayload()
        payload.passive = false
        payload.devicePairingData.eRegid = Data([0, 0, UInt8(registrationID >> 8), UInt8(registrationID & 255)])
        payload.devicePairingData.eKeytype = Data([5])
        payload.devicePairingData.eIdent = Data(identity.publicKey)
        payload.devicePairingData.eSkeyID = Data([0, 0, 1])
        payload.devicePairingData.eSkeyVal = Data(signedPreKey.keyPair.publicKey)
        payload.devicePairingData.eSkeySig = Data(signedPreKey.signature)
        payload.devicePairingData.deviceProps = try properties.serializedBytes()
        change(&payload)
        return try payload.serializedBytes()
    }

    func login(number: UInt64, device: UInt32) throws -> [UInt8] {
        var payload = WAClientPayload()
        payload.username = number
        payload.device = device
        payload.passive = true
        payload.pull = true
        return try payload.serializedBytes()
    }

    // MARK: QR

    func qr(_ reference: String, clientType: String? = "1", wrapped: Bool = true) -> String {
        let keys = [noise.publicKey, identity.publicKey, advSecret].map { Data($0).base64EncodedString() }
        let text = ([reference] + keys + (clientType.map { [$0] } ?? [])).joined(separator: ",")
        return wrapped ? "https://wa.me/settings/linked_devices#\(text)" : text
    }

    /// What the companion finds when it checks a pair-success.
    enum Verdict: Equatable {
        case reply(BinaryNode)
        case hmacMismatch
        case signatureMismatch
    }

    /// Checks a pair-success as the notes say, and signs.
    func check(_ iq: BinaryNode, withKey: Bool = false) throws -> Verdict {
        let success = try #require(iq.child("pair-success"))
        let container = try WAADVSignedDeviceIdentityHMAC(
            serializedBytes: Array(try #require(success.child("device-identity")?.bytes))
        )
        let hmac = HMAC<SHA256>.authenticationCode(for: container.details, using: SymmetricKey(data: advSecret))
        guard Data(hmac) == container.hmac else { return .hmacMismatch }
        var signed = try WAADVSignedDeviceIdentity(serializedBytes: container.details)
        let accountKey = Array(signed.accountSignatureKey)
        guard
            XEdDSA.isValid(
                signed.accountSignature,
                for: [6, 0] + signed.details + identity.publicKey,
                publicKey: accountKey
            )
        else { return .signatureMismatch }
        var random = SystemRandomNumberGenerator()
        signed.deviceSignature = Data(
            XEdDSA.sign([6, 1] + signed.details + identity.publicKey + accountKey, with: identity, using: &random)
        )
        if !withKey { signed.clearAccountSignatureKey() }
        let details = try WAADVDeviceIdentity(serializedBytes: signed.details)
        return .reply(
            BinaryNode(
                "iq",
                ["to": .jid(.server), "type": "result", "id": iq.attributes["id"]],
                children: [
                    BinaryNode(
                        "pair-device-sign",
                        children: [
                            BinaryNode(
                                "device-identity",
                                ["key-index": .text(String(details.keyIndex))],
                                bytes: try signed.serializedBytes() as [UInt8]
                            )
                        ]
                    )
                ]
            )
        )
    }

    // MARK: Pre-keys

    func preKeyUpload(_ count: Int, firstID: UInt32 = 1) -> BinaryNode {
        var random = SystemRandomNumberGenerator()
        let keys = (0..<UInt32(count)).map { offset in
            BinaryNode(
                "key",
                children: [
                    BinaryNode("id", bytes: Self.threeBytes(firstID + offset)),
                    BinaryNode("value", bytes: Curve25519KeyPair.generate(using: &random).publicKey),
                ]
            )
        }
        return BinaryNode(
            "iq",
            ["to": .jid(.server), "type": "set", "id": "upload", "xmlns": "encrypt"],
            children: [
                BinaryNode("registration", bytes: [0, 0, 0x12, 0x67]),
                BinaryNode("type", bytes: [5]),
                BinaryNode("identity", bytes: identity.publicKey),
                BinaryNode("list", children: keys),
                skey,
            ]
        )
    }

    var skey: BinaryNode {
        BinaryNode(
            "skey",
            children: [
                BinaryNode("id", bytes: Self.threeBytes(signedPreKey.id)),
                BinaryNode("value", bytes: signedPreKey.keyPair.publicKey),
                BinaryNode("signature", bytes: signedPreKey.signature),
            ]
        )
    }

    static func threeBytes(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }
}
