import Crypto
import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs

/// What a phone uploads to make a companion a device of its account.
struct DeviceCertificate: Sendable, Equatable {
    let keyIndex: UInt32
    /// An encoded `ADVSignedDeviceIdentity`, not yet signed by the device.
    let identity: [UInt8]
    /// An encoded `ADVSignedDeviceIdentityHMAC` around it.
    let container: [UInt8]
}

/// A deliberate mistake in a certificate.
enum CertificateMistake: Sendable {
    case hmac
    case accountSignature
}

extension Phone.Keys {
    /// Certifies a companion's identity key, sealed with the ADV secret that companion and phone share.
    func certify(
        companionIdentity: [UInt8],
        advSecret: [UInt8],
        keyIndex: UInt32,
        timestamp: UInt64,
        mistake: CertificateMistake? = nil,
        using random: inout some RandomNumberGenerator
    ) throws -> DeviceCertificate {
        var device = WAADVDeviceIdentity()
        device.rawID = rawID
        device.timestamp = timestamp
        device.keyIndex = keyIndex
        // Genuine phones write these zeros.
        device.accountType = .e2Ee
        device.deviceType = .e2Ee
        let details: Data = try device.serializedBytes()

        var signature = XEdDSA.sign(
            SignaturePrefix.account + details + companionIdentity,
            with: identity,
            using: &random
        )
        if mistake == .accountSignature { signature[0] ^= 1 }
        var signed = WAADVSignedDeviceIdentity()
        signed.details = details
        signed.accountSignatureKey = Data(identity.publicKey)
        signed.accountSignature = Data(signature)
        let signedBytes: Data = try signed.serializedBytes()

        var hmac = Array(
            HMAC<SHA256>.authenticationCode(for: signedBytes, using: SymmetricKey(data: advSecret))
        )
        if mistake == .hmac { hmac[0] ^= 1 }
        var container = WAADVSignedDeviceIdentityHMAC()
        container.details = signedBytes
        container.hmac = Data(hmac)
        return DeviceCertificate(
            keyIndex: keyIndex,
            identity: Array(signedBytes),
            container: try container.serializedBytes()
        )
    }

    /// Whether a companion's answer belongs to the certificate and carries its signature; the complete identity if so.
    func complete(
        _ certificate: DeviceCertificate,
        with answer: some Collection<UInt8>,
        companionIdentity: [UInt8]
    ) -> [UInt8]? {
        guard
            let answer = try? WAADVSignedDeviceIdentity(serializedBytes: Array(answer)),
            var identity = try? WAADVSignedDeviceIdentity(serializedBytes: certificate.identity),
            answer.details == identity.details,
            answer.accountSignature == identity.accountSignature,
            !answer.hasAccountSignatureKey || answer.accountSignatureKey == identity.accountSignatureKey
        else { return nil }
        let signed =
            SignaturePrefix.device + identity.details + companionIdentity + identity.accountSignatureKey
        guard XEdDSA.isValid(answer.deviceSignature, for: signed, publicKey: companionIdentity) else { return nil }
        identity.deviceSignature = answer.deviceSignature
        return try? identity.serializedBytes()
    }
}

extension Phone {
    /// Signs the list of key indexes that are valid now, with one more while its companion is being linked.
    mutating func signKeyIndexes(
        adding keyIndex: UInt32? = nil,
        timestamp: UInt64,
        using random: inout some RandomNumberGenerator
    ) throws {
        keyIndexList = try KeyIndexList(
            rawID: keys.rawID,
            highest: highestKeyIndex,
            companions: devices.values.map(\.keyIndex) + (keyIndex.map { [$0] } ?? []),
            timestamp: timestamp,
            identity: keys.identity,
            using: &random
        )
    }
}
