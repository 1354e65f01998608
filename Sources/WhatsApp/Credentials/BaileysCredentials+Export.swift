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
    /// `processedHistoryMessages` is empty; there is no `pairingCode`, and no `myAppStateKeyId`, whose key would be missing.
    package static func encode(_ credentials: Credentials) throws(CredentialsExportError) -> [UInt8] {
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

/// Writes one JSON object, in the order of the calls.
private struct BaileysWriter {
    private var text = "{"

    mutating func text(_ name: String, _ value: String) {
        begin(name)
        text += Self.quoted(value)
    }

    mutating func number(_ name: String, _ value: UInt32) {
        begin(name)
        text += "\(value)"
    }

    mutating func bool(_ name: String, _ value: Bool) {
        begin(name)
        text += value ? "true" : "false"
    }

    mutating func emptyList(_ name: String) {
        begin(name)
        text += "[]"
    }

    mutating func buffer(_ name: String, _ bytes: some Collection<UInt8>) {
        object(name) { record in
            record.text("type", "Buffer")
            record.text("data", Base64.encode(bytes))
        }
    }

    mutating func keyPair(_ name: String, _ pair: Curve25519KeyPair) {
        object(name) { record in
            pair.privateKey.withBytes { record.buffer("private", $0) }
            record.buffer("public", pair.publicKey)
        }
    }

    mutating func object(_ name: String, _ body: (inout BaileysWriter) -> Void) {
        begin(name)
        var inner = BaileysWriter()
        body(&inner)
        text += inner.text + "}"
    }

    /// A list of one object.
    mutating func list(_ name: String, _ body: (inout BaileysWriter) -> Void) {
        begin(name)
        var inner = BaileysWriter()
        body(&inner)
        text += "[" + inner.text + "}]"
    }

    consuming func finish() -> [UInt8] {
        Array((text + "}").utf8)
    }

    private mutating func begin(_ name: String) {
        if text.utf8.count > 1 { text += "," }
        text += Self.quoted(name) + ":"
    }

    /// Escapes what `JSON.stringify` escapes, and nothing else.
    private static func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{08}": quoted += "\\b"
            case "\u{0C}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..<" ":
                let code = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
