import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// The sessions of a load as other commands read them, and its reports as programs do.
enum LoadCredentials {
    /// Writes credentials, one JSON object a line; only their owner may read the file.
    static func write(_ devices: [PreparedDevice], to path: String) throws {
        var text: [UInt8] = []
        for device in devices {
            text += try BaileysCredentials.encode(try Credentials(device))
            text.append(UInt8(ascii: "\n"))
        }
        guard
            FileManager.default.createFile(
                atPath: path,
                contents: Data(text),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    }

    static func line(_ report: LoadReport) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers that are finite can be encoded.
        return (try? encoder.encode(report)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension Credentials {
    /// A device that the sandbox has linked by itself.
    init(_ device: PreparedDevice) throws {
        let identity = try WAADVSignedDeviceIdentity(serializedBytes: device.identity)
        self.init(
            noiseKey: try Curve25519KeyPair(privateKey: device.noiseKey),
            identityKey: try Curve25519KeyPair(privateKey: device.identityKey),
            signedPreKey: SignedPreKey(
                id: device.signedPreKeyID,
                keyPair: try Curve25519KeyPair(privateKey: device.signedPreKey),
                signature: device.signedPreKeySignature
            ),
            registrationID: device.registrationID,
            advSecret: SecretBytes(device.advSecret),
            account: LinkedAccount(
                jid: JID(user: device.number, server: .user, device: device.device),
                lid: JID(user: device.lid, server: .lid, device: device.device),
                platform: device.platform,
                pushName: device.name,
                identity: SignedDeviceIdentity(
                    details: Array(identity.details),
                    accountSignatureKey: Array(identity.accountSignatureKey),
                    accountSignature: Array(identity.accountSignature),
                    deviceSignature: Array(identity.deviceSignature)
                )
            ),
            isLIDMigrated: true
        )
    }
}
