import Crypto
import SignalProtocol
import WhatsAppWire

/// Why credentials cannot be exported.
package enum CredentialsExportError: Error, Equatable {
    /// No phone has accepted them yet.
    case notLinked
}

extension BaileysCredentials {
    /// Writes compact `creds.json` as Baileys reads it: the names and the order of its own files.
    ///
    /// The same credentials give the same bytes. Decisions that differ from what Baileys would write (credentials.md 5.7):
    /// `registered` is true however the device was linked, since bots that see false delete the file and pair again;
    /// `processedHistoryMessages` is empty; there is no `pairingCode`, and `myAppStateKeyId` only where `appStateKey` names a
    /// key that goes along.
    package static func encode(
        _ credentials: Credentials,
        appStateKey: [UInt8]? = nil
    ) throws(CredentialsExportError) -> [UInt8] {
        guard let account = credentials.account else { throw .notLinked }
        var file = BaileysWriter()
        file.keyPair("noiseKey", credentials.noiseKey)
        file.keyPair("pairingEphemeralKeyPair", pairingEphemeral(of: credentials))
        file.keyPair("signedIdentityKey", credentials.identityKey)
        file.object("signedPreKey") { record in
            record.keyPair("keyPair", credentials.signedPreKey.keyPair)
            record.buffer("signature", credentials.signedPreKey.signature)
            record.number("keyId", credentials.signedPreKey.id)
        }
        file.number("registrationId", credentials.registrationID)
        file.text("advSecretKey", credentials.advSecret.withBytes { Base64.encode($0) })
        file.emptyList("processedHistoryMessages")
        file.number("nextPreKeyId", credentials.nextPreKeyID)
        file.number("firstUnuploadedPreKeyId", credentials.firstUnuploadedPreKeyID)
        file.number("accountSyncCounter", credentials.accountSyncCounter)
        file.object("accountSettings") { $0.bool("unarchiveChats", false) }
        file.bool("registered", true)
        // Strings here and not buffers: it is a protobuf message, whose own conversion to JSON is used (credentials.md 2.3).
        file.object("account") { record in
            record.text("details", Base64.encode(account.identity.details))
            record.text("accountSignatureKey", Base64.encode(account.identity.accountSignatureKey))
            record.text("accountSignature", Base64.encode(account.identity.accountSignature))
            record.text("deviceSignature", Base64.encode(account.identity.deviceSignature))
        }
        file.object("me") { record in
            record.text("id", account.jid.description)
            if let lid = account.lid { record.text("lid", lid.description) }
            if let name = account.pushName { record.text("name", name) }
        }
        file.list("signalIdentities") { record in
            record.object("identifier") { identifier in
                identifier.text("name", (account.lid ?? account.jid).description)
                identifier.number("deviceId", 0)
            }
            record.buffer("identifierKey", [0x05] + account.identity.accountSignatureKey)
        }
        if let platform = account.platform { file.text("platform", platform) }
        if let routing = credentials.routingInfo { file.buffer("routingInfo", routing) }
        if let appStateKey { file.text("myAppStateKeyId", Base64.encode(appStateKey)) }
        return file.finish()
    }

    /// A pair for the field that only asking for a pairing code uses.
    ///
    /// Baileys makes it with every new file, and a program that checks for it finds it. It is derived, so that the same
    /// credentials always give the same file; a linked device never sends it.
    private static func pairingEphemeral(of credentials: Credentials) -> Curve25519KeyPair {
        let key = credentials.noiseKey.privateKey.withBytes {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: $0),
                info: Array("pairingEphemeralKeyPair".utf8),
                outputByteCount: Curve25519KeyPair.keyLength
            )
        }
        // The initialiser only refuses other lengths, and the length is given above.
        return key.withUnsafeBytes { try? Curve25519KeyPair(privateKey: $0) } ?? credentials.noiseKey
    }
}
