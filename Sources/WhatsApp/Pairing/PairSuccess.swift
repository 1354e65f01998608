internal import Crypto
internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// Why a linking that the service reported as done was refused.
package enum PairingRejection: Error, Equatable, Sendable {
    case malformed
    /// The container was not made with the secret of this device's QR or pairing code.
    case hmacMismatch
    /// The phone's signature does not cover this device.
    case signatureMismatch
    case invalidJID

    /// Code and text of the answer.
    var answer: (code: Int, text: String) {
        switch self {
        case .hmacMismatch: (401, "hmac-mismatch")
        case .signatureMismatch: (401, "signature-mismatch")
        case .malformed, .invalidJID: (500, "internal-error")
        }
    }
}

/// The service's `pair-success`, checked against this device's keys and countersigned.
struct PairSuccess {
    let account: Credentials.LinkedAccount
    /// The account's chats with people go by LID (`client-props`).
    let isLIDMigrated: Bool
    /// The result that completes the linking.
    let reply: BinaryNode

    /// Makes every check, in the order of the protocol.
    init(
        _ request: BinaryNode,
        credentials: Credentials,
        using random: inout some RandomNumberGenerator
    ) throws(PairingRejection) {
        guard let node = request.child("pair-success"), let bytes = node.child("device-identity")?.bytes,
            let container = try? WAADVSignedDeviceIdentityHMAC(serializedBytes: Array(bytes))
        else { throw .malformed }
        let isHosted = container.accountType == .hosted
        let covered = (isHosted ? [0x06, 0x05] : []) + Array(container.details)
        let code = credentials.advSecret.withBytes {
            Array(HMAC<SHA256>.authenticationCode(for: covered, using: SymmetricKey(data: $0)))
        }
        guard constantTimeEqual(code, container.hmac) else { throw .hmacMismatch }

        guard var identity = try? WAADVSignedDeviceIdentity(serializedBytes: container.details),
            let details = try? WAADVDeviceIdentity(serializedBytes: identity.details)
        else { throw .malformed }
        let isHostedDevice = details.deviceType == .hosted
        let ownKey = credentials.identityKey.publicKey
        let accountKey = Array(identity.accountSignatureKey)
        guard
            XEdDSA.isValid(
                identity.accountSignature,
                for: [0x06, isHostedDevice ? 0x05 : 0x00] + Array(identity.details) + ownKey,
                publicKey: accountKey
            )
        else { throw .signatureMismatch }

        guard let device = node.child("device"), let jid = device.attributes.jid("jid"), jid.server == .user,
            jid.device > 0, UInt64(jid.user) != nil
        else { throw .invalidJID }

        let signature = XEdDSA.sign(
            [0x06, 0x01] + Array(identity.details) + ownKey + accountKey,
            with: credentials.identityKey,
            using: &random
        )
        let props = node.child("client-props")?.bytes.flatMap { try? WAClientPairingProps(serializedBytes: Array($0)) }
        isLIDMigrated = props?.isChatDbLidMigrated ?? false
        account = Credentials.LinkedAccount(
            jid: jid,
            lid: device.attributes.jid("lid").flatMap { $0.server == .lid ? $0 : nil },
            platform: node.child("platform")?.attributes.text("name"),
            businessName: node.child("biz")?.attributes.text("name"),
            identity: .init(
                details: Array(identity.details),
                accountSignatureKey: accountKey,
                accountSignature: Array(identity.accountSignature),
                deviceSignature: signature
            )
        )
        identity.deviceSignature = Data(signature)
        identity.clearAccountSignatureKey()
        reply = Stanzas.result(
            for: request,
            children: [
                BinaryNode(
                    "pair-device-sign",
                    children: [
                        BinaryNode(
                            "device-identity",
                            ["key-index": .text("\(details.keyIndex)")],
                            bytes: serialized(identity)
                        )
                    ]
                )
            ]
        )
    }
}
