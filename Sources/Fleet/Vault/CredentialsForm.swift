import SignalProtocol
import WhatsApp
import WhatsAppWire

/// The bytes in which a session's credentials are kept, before they are sealed: a version, then all fields in order.
enum CredentialsForm {
    private static let version: UInt8 = 1

    static func encode(_ credentials: Credentials) -> [UInt8] {
        var form = FormWriter()
        form.byte(version)
        form.secret(credentials.noiseKey.privateKey)
        form.secret(credentials.identityKey.privateKey)
        form.number(credentials.signedPreKey.id)
        form.secret(credentials.signedPreKey.keyPair.privateKey)
        form.bytes(credentials.signedPreKey.signature)
        form.number(credentials.registrationID)
        form.secret(credentials.advSecret)
        form.number(credentials.nextPreKeyID)
        form.number(credentials.firstUnuploadedPreKeyID)
        form.byte(credentials.serverHasPreKeys ? 1 : 0)
        form.number(UInt32(bitPattern: credentials.loginCount))
        form.number(credentials.accountSyncCounter)
        form.optional(credentials.routingInfo) { $0.bytes($1) }
        form.byte(credentials.isLIDMigrated ? 1 : 0)
        form.optional(credentials.account) { form, account in
            form.text(account.jid.description)
            form.optional(account.lid) { $0.text($1.description) }
            form.optional(account.platform) { $0.text($1) }
            form.optional(account.pushName) { $0.text($1) }
            form.optional(account.businessName) { $0.text($1) }
            form.bytes(account.identity.details)
            form.bytes(account.identity.accountSignatureKey)
            form.bytes(account.identity.accountSignature)
            form.bytes(account.identity.deviceSignature)
        }
        return form.result
    }

    static func decode(_ bytes: [UInt8]) throws(SealBroken) -> Credentials {
        var form = FormReader(bytes)
        guard try form.byte() == version else { throw SealBroken() }
        let noiseKey = try form.keyPair()
        let identityKey = try form.keyPair()
        let signedPreKey = SignedPreKey(
            id: try form.number(),
            keyPair: try form.keyPair(),
            signature: try form.bytes()
        )
        var credentials = Credentials(
            noiseKey: noiseKey,
            identityKey: identityKey,
            signedPreKey: signedPreKey,
            registrationID: try form.number(),
            advSecret: SecretBytes(try form.bytes())
        )
        credentials.nextPreKeyID = try form.number()
        credentials.firstUnuploadedPreKeyID = try form.number()
        credentials.serverHasPreKeys = try form.byte() == 1
        credentials.loginCount = Int32(bitPattern: try form.number())
        credentials.accountSyncCounter = try form.number()
        credentials.routingInfo = try form.optional { form throws(SealBroken) in try form.bytes() }
        credentials.isLIDMigrated = try form.byte() == 1
        credentials.account = try form.optional { form throws(SealBroken) in try account(&form) }
        return credentials
    }

    private static func account(_ form: inout FormReader) throws(SealBroken) -> Credentials.LinkedAccount {
        let jid = try form.jid()
        let lid = try form.optional { form throws(SealBroken) in try form.jid() }
        let platform = try form.optional { form throws(SealBroken) in try form.text() }
        let pushName = try form.optional { form throws(SealBroken) in try form.text() }
        let businessName = try form.optional { form throws(SealBroken) in try form.text() }
        return Credentials.LinkedAccount(
            jid: jid,
            lid: lid,
            platform: platform,
            pushName: pushName,
            businessName: businessName,
            identity: Credentials.SignedDeviceIdentity(
                details: try form.bytes(),
                accountSignatureKey: try form.bytes(),
                accountSignature: try form.bytes(),
                deviceSignature: try form.bytes()
            )
        )
    }
}

private struct FormWriter {
    private(set) var result: [UInt8] = []

    mutating func byte(_ value: UInt8) { result.append(value) }

    mutating func number(_ value: UInt32) {
        withUnsafeBytes(of: value.bigEndian) { result.append(contentsOf: $0) }
    }

    mutating func bytes(_ value: some Collection<UInt8>) {
        number(UInt32(clamping: value.count))
        result.append(contentsOf: value)
    }

    mutating func text(_ value: String) { bytes(value.utf8) }

    mutating func secret(_ value: SecretBytes) { value.withBytes { bytes($0) } }

    mutating func optional<Value>(_ value: Value?, _ write: (inout FormWriter, Value) -> Void) {
        byte(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }
}

private struct FormReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() throws(SealBroken) -> UInt8 {
        guard let byte = rest.popFirst() else { throw SealBroken() }
        return byte
    }

    mutating func number() throws(SealBroken) -> UInt32 {
        guard rest.count >= 4 else { throw SealBroken() }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func bytes() throws(SealBroken) -> [UInt8] {
        let count = Int(try number())
        guard rest.count >= count else { throw SealBroken() }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func text() throws(SealBroken) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else { throw SealBroken() }
        return text
    }

    mutating func jid() throws(SealBroken) -> JID {
        guard let jid = JID(try text()) else { throw SealBroken() }
        return jid
    }

    mutating func keyPair() throws(SealBroken) -> Curve25519KeyPair {
        let secret = SecretBytes(try bytes())
        guard let pair = try? secret.withBytes({ try Curve25519KeyPair(privateKey: $0) }) else { throw SealBroken() }
        return pair
    }

    mutating func optional<Value>(
        _ read: (inout FormReader) throws(SealBroken) -> Value
    ) throws(SealBroken) -> Value? {
        try byte() == 1 ? try read(&self) : nil
    }
}
