import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsApp

struct PairingVectorTests {
    let vectors: PairingVectors

    init() throws {
        vectors = try PairingVectors()
    }

    @Test func qrTextIsComposedFromTheKeys() throws {
        let text = PairingQR.text(
            reference: "2@Wharf0Ref1Example2",
            credentials: try vectors.credentials(),
            clientType: "1"
        )
        #expect(text == (try vectors.text("qr")))
    }

    @Test func successIsCheckedAndCountersigned() throws {
        let node = try StanzaCodec.decode(try vectors.bytes("pair-success"))
        var random = ConstantGenerator()
        let success = try PairSuccess(node, credentials: try vectors.credentials(), using: &random)
        #expect(success.account.jid.description == "15551234567:7@s.whatsapp.net")
        #expect(success.account.lid?.description == "100000000000001:7@lid")
        #expect(success.account.platform == "android")
        #expect(success.account.identity.details == (try vectors.bytes("ADVDeviceIdentity")))
        #expect(success.account.identity.deviceSignature == (try vectors.bytes("device signature")))
        #expect(try StanzaCodec.encode(success.reply) == (try vectors.bytes("reply")))
    }

    @Test func otherSecretIsAnHMACMismatch() throws {
        let node = try StanzaCodec.decode(try vectors.bytes("pair-success"))
        var credentials = try vectors.credentials()
        credentials.advSecret = SecretBytes([UInt8](repeating: 1, count: 32))
        var random = ConstantGenerator()
        #expect(throws: PairingRejection.hmacMismatch) {
            try PairSuccess(node, credentials: credentials, using: &random)
        }
    }

    @Test func otherIdentityIsASignatureMismatch() throws {
        let node = try StanzaCodec.decode(try vectors.bytes("pair-success"))
        var credentials = try vectors.credentials()
        credentials.identityKey = try vectors.key("primary ephemeral")
        var random = ConstantGenerator()
        #expect(throws: PairingRejection.signatureMismatch) {
            try PairSuccess(node, credentials: credentials, using: &random)
        }
    }

    @Test func codeIsBase32OfItsBytes() throws {
        #expect(PairingCode(bytes: try vectors.bytes("code bytes")).text == (try vectors.text("code")))
    }

    @Test func codeHidesTheCompanionsKey() throws {
        let wrapped = try vectors.bytes("wrapped companion (80)")
        let cipher = PairingCodeCipher(
            code: try vectors.text("code"),
            salt: try vectors.bytes("salt1"),
            vector: try vectors.bytes("iv1")
        )
        #expect(cipher.apply(to: try vectors.key("companion ephemeral").publicKey) == Array(wrapped.suffix(32)))
    }

    @Test func codeRevealsThePhonesKey() throws {
        let wrapped = try vectors.bytes("wrapped primary (80)")
        let parts = try #require(PairingCodeCipher.split(wrapped[...], code: try vectors.text("code")))
        #expect(parts.cipher.apply(to: parts.hidden) == (try vectors.key("primary ephemeral").publicKey))
        #expect(PairingCodeCipher.split(wrapped.dropLast(), code: "x")?.hidden == nil)
    }

    @Test func bundleCarriesTheKeysAndGivesTheSecret() throws {
        let bundle = try PairingCodeBundle(
            identity: try vectors.key("companion identity"),
            ephemeral: try vectors.key("companion ephemeral"),
            phoneIdentity: try vectors.key("primary identity").publicKey,
            phoneEphemeral: try vectors.key("primary ephemeral").publicKey,
            randomness: try vectors.bytes("bundle salt") + vectors.bytes("bundle iv") + vectors.bytes("r")
        )
        #expect(bundle.wrapped == (try vectors.bytes("wrapped bundle (156)")))
        #expect(bundle.advSecret.reveal() == (try vectors.bytes("new ADV secret")))
    }
}
