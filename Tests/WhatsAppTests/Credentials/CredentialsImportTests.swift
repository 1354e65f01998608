import Foundation
import SignalProtocol
import Testing

@testable import WhatsApp

@Suite struct CredentialsImportTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue?
        let error: CredentialsImportError

        init(_ path: String, _ value: JSONValue?, _ error: CredentialsImportError) {
            self.path = path
            self.value = value
            self.error = error
        }

        var testDescription: String { "\(path) -> \(error)" }
    }

    static let other = JSONValue.string(Base64.encode([UInt8](repeating: 9, count: 32)))
    static let short = JSONValue.string(Base64.encode([UInt8](repeating: 9, count: 31)))
    static let signature = JSONValue.string(Base64.encode([UInt8](repeating: 9, count: 64)))

    @Test(arguments: [
        Case("noiseKey", nil, .missingField("noiseKey")),
        Case("noiseKey", .null, .missingField("noiseKey")),
        Case("noiseKey", .string("x"), .wrongType(field: "noiseKey", expected: .object)),
        Case("noiseKey.private", nil, .missingField("noiseKey.private")),
        Case("noiseKey.private", short, .wrongLength(field: "noiseKey.private", expected: 32, actual: 31)),
        Case("noiseKey.private", .string("?!"), .invalidBase64(field: "noiseKey.private")),
        Case("noiseKey.private", .bool(true), .wrongType(field: "noiseKey.private", expected: .bytes)),
        Case("noiseKey.private.data", .object([]), .wrongType(field: "noiseKey.private.data", expected: .bytes)),
        Case("noiseKey.private.data", .array([.number("256")]), .invalidValue(field: "noiseKey.private.data")),
        Case("noiseKey.private.data", .array([.number("-1")]), .invalidValue(field: "noiseKey.private.data")),
        Case("noiseKey.private.data", .array([.number("1.5")]), .invalidValue(field: "noiseKey.private.data")),
        Case(
            "noiseKey.private.data",
            .array([.string("1")]),
            .wrongType(field: "noiseKey.private.data", expected: .bytes)
        ),
        Case(
            "noiseKey.private",
            .object([.init(name: "5", value: .number("1"))]),
            .wrongType(field: "noiseKey.private", expected: .bytes)
        ),
        Case("noiseKey.public", other, .mismatchedKeyPair(field: "noiseKey")),
        Case("signedIdentityKey", nil, .missingField("signedIdentityKey")),
        Case("signedIdentityKey.public", other, .mismatchedKeyPair(field: "signedIdentityKey")),
        Case("signedPreKey", nil, .missingField("signedPreKey")),
        Case("signedPreKey.keyPair.private", other, .mismatchedKeyPair(field: "signedPreKey.keyPair")),
        Case("signedPreKey.signature", signature, .invalidSignature(field: "signedPreKey.signature")),
        Case("signedPreKey.signature", short, .wrongLength(field: "signedPreKey.signature", expected: 64, actual: 31)),
        Case("signedPreKey.keyId", .number("16777216"), .invalidValue(field: "signedPreKey.keyId")),
        Case("signedPreKey.keyId", .string("1"), .wrongType(field: "signedPreKey.keyId", expected: .number)),
        Case("registrationId", .number("-1"), .invalidValue(field: "registrationId")),
        Case("registrationId", .number("4294967296"), .invalidValue(field: "registrationId")),
        Case("registrationId", .number("1e400"), .invalidValue(field: "registrationId")),
        Case("registrationId", nil, .missingField("registrationId")),
        Case("advSecretKey", short, .wrongLength(field: "advSecretKey", expected: 32, actual: 31)),
        Case("nextPreKeyId", .number("0"), .invalidValue(field: "nextPreKeyId")),
        Case("nextPreKeyId", .number("812"), .invalidValue(field: "firstUnuploadedPreKeyId")),
        Case(
            "firstUnuploadedPreKeyId",
            .number("99999999999999999999999"),
            .invalidValue(field: "firstUnuploadedPreKeyId")
        ),
        Case("accountSyncCounter", .string("1"), .wrongType(field: "accountSyncCounter", expected: .number)),
        Case("registered", .number("1"), .wrongType(field: "registered", expected: .boolean)),
        Case("platform", .number("1"), .wrongType(field: "platform", expected: .text)),
        Case("lastAccountSyncTimestamp", .number("-5"), .invalidValue(field: "lastAccountSyncTimestamp")),
        Case("routingInfo", .string("%"), .invalidBase64(field: "routingInfo")),
        Case("me", nil, .notLinked),
        Case("me", .string("me"), .wrongType(field: "me", expected: .object)),
        Case("me.id", nil, .missingField("me.id")),
        Case("me.id", .string("15551234567@s.whatsapp.net"), .notLinked),
        Case("me.id", .string("15551234567:0@s.whatsapp.net"), .notLinked),
        Case("me.id", .string("15551234567:70000@s.whatsapp.net"), .invalidValue(field: "me.id")),
        Case("me.id", .string("15551234567:7@g.us"), .invalidValue(field: "me.id")),
        Case("me.id", .string("<script>:7@s.whatsapp.net"), .invalidValue(field: "me.id")),
        Case("me.lid", .string("15551234567:7@s.whatsapp.net"), .invalidValue(field: "me.lid")),
        Case("account", nil, .missingField("account")),
        Case("account.details", .string("AAAA"), .invalidValue(field: "account.details")),
        Case("account.details", .string("CAE="), .invalidSignature(field: "account.accountSignature")),
        Case("account.accountSignature", signature, .invalidSignature(field: "account.accountSignature")),
        Case("account.accountSignatureKey", other, .invalidSignature(field: "account.accountSignature")),
        Case("account.deviceSignature", signature, .invalidSignature(field: "account.deviceSignature")),
    ])
    func wrongFieldIsNamed(wrong: Case) throws {
        let damaged = try SessionIDFixtures.json().setting(wrong.path, to: wrong.value)
        #expect(throws: wrong.error) { try BaileysCredentials.decode(Array(damaged.text.utf8)) }
    }

    @Test func requestedButNeverAcceptedIsNotLinked() throws {
        let asked = try SessionIDFixtures.json()
            .setting(
                "me",
                to: .object([
                    .init(name: "id", value: .string("15551234567:1@s.whatsapp.net")),
                    .init(name: "name", value: .string("~")),
                ])
            )
            .setting("account", to: nil)
        #expect(throws: CredentialsImportError.notLinked) { try BaileysCredentials.decode(Array(asked.text.utf8)) }
    }

    /// A key pair of another device, whole in itself, in the place of this one's.
    @Test(arguments: ["signedIdentityKey", "signedPreKey"])
    func mixedUpDevicesAreFound(field: String) throws {
        var random = SeededGenerator(seed: 7)
        var stranger = Credentials.generate(using: &random)
        stranger.account = try SessionIDFixtures.credentials().account
        let file = try JSONValue.parse(BaileysCredentials.encode(stranger), limits: .credentials)
        let mixed = try SessionIDFixtures.json().setting(field, to: file[field])
        #expect(throws: CredentialsImportError.invalidSignature(field: "signedPreKey.signature")) {
            try BaileysCredentials.decode(Array(mixed.text.utf8))
        }
    }

    @Test func identityOfAnotherDeviceDoesNotHoldTheAccount() throws {
        var random = SeededGenerator(seed: 7)
        var stranger = Credentials.generate(using: &random)
        stranger.account = try SessionIDFixtures.credentials().account
        let file = try BaileysCredentials.encode(stranger)
        #expect(throws: CredentialsImportError.invalidSignature(field: "account.accountSignature")) {
            try BaileysCredentials.decode(file)
        }
    }

    @Test func unknownNameIsNoName() throws {
        let file = try SessionIDFixtures.json().setting("me.name", to: .string("~"))
        #expect(try BaileysCredentials.decode(Array(file.text.utf8)).account?.pushName == nil)
    }

    @Test(arguments: [
        ("", CredentialsImportError.notJSON(offset: 0)), ("[]", .notAnObject), ("null", .notAnObject),
        ("1", .notAnObject),
        ("{", .notJSON(offset: 1)), ("{}x", .notJSON(offset: 2)), ("{\"a\":1,}", .notJSON(offset: 7)),
        ("{\"a\":01}", .notJSON(offset: 6)), ("{\"a\":tru}", .notJSON(offset: 5)),
        ("{\"a\":\"\\x\"}", .notJSON(offset: 8)),
        ("{\"a\":\"\\u12\"}", .notJSON(offset: 8)), ("{\"a\":\"", .notJSON(offset: 6)),
        ("{\"a\":\"\n\"}", .notJSON(offset: 7)),
        ("{\"me\":1,\"me\":2}", .duplicateField("me")), ("{\"a\":{\"b\":1,\"\\u0062\":2}}", .duplicateField("b")),
    ])
    func textThatIsNotJSONIsRefused(text: String, error: CredentialsImportError) {
        #expect(throws: error) { try BaileysCredentials.decode(Array(text.utf8)) }
    }

    @Test func sizeDepthAndCountAreBounded() {
        let deep = String(repeating: "[", count: 500_000)
        #expect(throws: CredentialsImportError.tooDeep(limit: 32)) { try BaileysCredentials.decode(Array(deep.utf8)) }
        let nested = String(repeating: "{\"a\":", count: 100_000)
        #expect(throws: CredentialsImportError.tooDeep(limit: 32)) { try BaileysCredentials.decode(Array(nested.utf8)) }
        let large = [UInt8](repeating: 0x20, count: 1 << 20 + 1)
        #expect(throws: CredentialsImportError.tooLarge(limit: 1 << 20)) { try BaileysCredentials.decode(large) }
        let many = "[" + String(repeating: "0,", count: 200_000) + "0]"
        #expect(throws: CredentialsImportError.tooLarge(limit: 1 << 20)) {
            try BaileysCredentials.decode(Array(many.utf8))
        }
    }

    @Test func exactlyTheDeepestIsRead() throws {
        let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(throws: CredentialsImportError.notAnObject) { try BaileysCredentials.decode(Array(text.utf8)) }
    }

    @Test func invalidUTF8IsNotJSON() {
        let bytes: [UInt8] = Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
        #expect(throws: CredentialsImportError.self) { try BaileysCredentials.decode(bytes) }
    }

    @Test func surrogatesAreJoinedOrReplaced() throws {
        let text = #"{"pair":"\ud83d\ude00","alone":"\ud83d!","low":"\udc00","two":"\ud83d\ud83d\ude00"}"#
        let value = try JSONValue.parse(text.utf8, limits: .credentials)
        #expect(value["pair"] == .string("😀"))
        #expect(value["alone"] == .string("\u{FFFD}!"))
        #expect(value["low"] == .string("\u{FFFD}"))
        #expect(value["two"] == .string("\u{FFFD}😀"))
    }

    @Test(arguments: [("0", 0), ("-0", 0), ("12.0", 12), ("1.2e1", 12), ("1E2", 100), ("-7", -7)])
    func wholeNumbersAreReadHoweverWritten(text: String, value: Int64) {
        #expect(JSONValue.integer(text) == value)
    }

    @Test(arguments: ["1.5", "1e-1", "9007199254740993", "99999999999999999999", "1e999"])
    func otherNumbersAreNotWhole(text: String) {
        #expect(JSONValue.integer(text) == nil)
    }
}
