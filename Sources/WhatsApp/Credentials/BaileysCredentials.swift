import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

/// Credentials as Baileys keeps them in `creds.json`, both ways.
package enum BaileysCredentials {
    /// Reads `creds.json`, and believes nothing in it.
    ///
    /// Every key pair must belong together and every signature verify, so that what comes back is one linked device.
    /// Fields that no session needs are dropped.
    package static func decode(_ json: [UInt8]) throws(CredentialsImportError) -> Credentials {
        try read(JSONValue.parse(json, limits: .credentials)).credentials
    }

    /// What was read, with what the file says about its own state.
    struct File {
        let credentials: Credentials
        /// False is what files say that were linked by QR.
        let isMarkedRegistered: Bool
        let namesAppStateKey: Bool
        let linkedAt: Date?
        let lastSyncAt: Date?
    }

    static func read(_ json: JSONValue) throws(CredentialsImportError) -> File {
        let file = try BaileysRecord(file: json)
        let noiseKey = try file.keyPair("noiseKey")
        let identityKey = try file.keyPair("signedIdentityKey")
        let signedPreKey = try signedPreKey(in: file, identity: identityKey)
        let registrationID = try file.number("registrationId", in: 0...UInt32.max)
        let advSecret = try file.bytes("advSecretKey", count: 32)

        let own = try ownAddress(in: file)
        let account = try account(in: file, identity: identityKey)
        var linked = Credentials.LinkedAccount(jid: own.jid, lid: own.lid, identity: account.identity)
        linked.platform = try file.text("platform")
        linked.pushName = own.name

        let nextPreKeyID = try file.number("nextPreKeyId", in: 1...preKeyIDLimit)
        let firstUnuploaded = try file.number("firstUnuploadedPreKeyId", in: 1...preKeyIDLimit)
        guard firstUnuploaded <= nextPreKeyID else { throw .invalidValue(field: "firstUnuploadedPreKeyId") }

        var credentials = Credentials(
            noiseKey: noiseKey,
            identityKey: identityKey,
            signedPreKey: signedPreKey,
            registrationID: registrationID,
            advSecret: SecretBytes(advSecret)
        )
        credentials.account = linked
        credentials.nextPreKeyID = nextPreKeyID
        credentials.firstUnuploadedPreKeyID = firstUnuploaded
        credentials.serverHasPreKeys = firstUnuploaded > 1
        if file.value("accountSyncCounter") != nil {
            credentials.accountSyncCounter = try file.number("accountSyncCounter", in: 0...UInt32.max)
        }
        if file.value("routingInfo") != nil { credentials.routingInfo = try file.bytes("routingInfo") }

        let lastSync = try optionalSeconds("lastAccountSyncTimestamp", in: file)
        return File(
            credentials: credentials,
            isMarkedRegistered: try file.bool("registered") ?? false,
            namesAppStateKey: try file.text("myAppStateKeyId") != nil,
            linkedAt: account.linkedAt,
            lastSyncAt: lastSync
        )
    }

    /// 24 bits on the wire.
    private static let preKeyIDLimit: UInt32 = 0xFF_FFFF

    private static func signedPreKey(in file: BaileysRecord, identity: Curve25519KeyPair)
        throws(CredentialsImportError) -> SignedPreKey
    {
        let record = try file.record("signedPreKey")
        let key = SignedPreKey(
            id: try record.number("keyId", in: 0...preKeyIDLimit),
            keyPair: try record.keyPair("keyPair"),
            signature: try record.bytes("signature", count: XEdDSA.signatureLength)
        )
        guard key.isValid(under: identity.publicKey) else {
            throw .invalidSignature(field: record.field("signature"))
        }
        return key
    }

    private static func optionalSeconds(_ name: String, in file: BaileysRecord) throws(CredentialsImportError) -> Date?
    {
        guard file.value(name) != nil else { return nil }
        return Date(timeIntervalSince1970: Double(try file.integer(name, in: 0...253_402_300_799)))
    }

    private struct OwnAddress {
        let jid: JID
        let lid: JID?
        let name: String?
    }

    private static func ownAddress(in file: BaileysRecord) throws(CredentialsImportError) -> OwnAddress {
        guard file.value("me") != nil else { throw .notLinked }
        let record = try file.record("me")
        guard let id = try record.text("id") else { throw .missingField(record.field("id")) }
        guard let jid = JID(id), jid.server == .user || jid.server == .hosted || jid.server == .legacyUser,
            (5...20).contains(jid.user.utf8.count), jid.user.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            jid.agent == 0
        else { throw .invalidValue(field: record.field("id")) }
        // Asking for a pairing code writes the number with no device, and «~» for the name, before anybody has accepted.
        let name = try record.text("name")
        guard jid.device > 0, name != "~" || file.value("account") != nil else { throw .notLinked }

        var lid: JID?
        if let text = try record.text("lid") {
            guard let parsed = JID(text), parsed.server == .lid || parsed.server == .hostedLID, !parsed.user.isEmpty
            else {
                throw .invalidValue(field: record.field("lid"))
            }
            lid = parsed
        }
        let server: JID.Server = jid.server == .legacyUser ? .user : jid.server
        return OwnAddress(
            jid: JID(user: jid.user, server: server, device: jid.device),
            lid: lid,
            name: name == "~" || name == "" ? nil : name
        )
    }

    private static func account(in file: BaileysRecord, identity: Curve25519KeyPair)
        throws(CredentialsImportError) -> (identity: Credentials.SignedDeviceIdentity, linkedAt: Date?)
    {
        let record = try file.record("account")
        let details = try record.bytes("details")
        let accountKey = try record.bytes("accountSignatureKey", count: Curve25519KeyPair.keyLength)
        let accountSignature = try record.bytes("accountSignature", count: XEdDSA.signatureLength)
        let deviceSignature = try record.bytes("deviceSignature", count: XEdDSA.signatureLength)
        guard let device = try? WAADVDeviceIdentity(serializedBytes: details) else {
            throw .invalidValue(field: record.field("details"))
        }

        // pairing.md 2.6: accounts that Meta hosts sign with other prefixes; clients differ about the device's.
        let isHosted = device.deviceType == .hosted
        let ownKey = identity.publicKey
        let accountPrefixes: [[UInt8]] = isHosted ? [[6, 5], [6, 0]] : [[6, 0]]
        guard
            accountPrefixes.contains(where: {
                XEdDSA.isValid(accountSignature, for: $0 + details + ownKey, publicKey: accountKey)
            })
        else { throw .invalidSignature(field: record.field("accountSignature")) }
        let devicePrefixes: [[UInt8]] = isHosted ? [[6, 1], [6, 6]] : [[6, 1]]
        guard
            devicePrefixes.contains(where: {
                XEdDSA.isValid(deviceSignature, for: $0 + details + ownKey + accountKey, publicKey: ownKey)
            })
        else { throw .invalidSignature(field: record.field("deviceSignature")) }

        let signed = Credentials.SignedDeviceIdentity(
            details: details,
            accountSignatureKey: accountKey,
            accountSignature: accountSignature,
            deviceSignature: deviceSignature
        )
        let seconds = Double(device.timestamp)
        let linkedAt = seconds > 0 && seconds < 253_402_300_800 ? Date(timeIntervalSince1970: seconds) : nil
        return (signed, linkedAt)
    }
}
