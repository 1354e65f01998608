import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsApp

@Suite struct BaileysCredentialsTests {
    @Test func fixtureIsRead() throws {
        let credentials = try SessionIDFixtures.credentials()
        let account = try #require(credentials.account)
        #expect(account.jid == JID(user: "15551234567", server: .user, device: 7))
        #expect(account.lid == JID(user: "100000000000001", server: .lid, device: 7))
        #expect(account.pushName == "Wharf Test")
        #expect(account.platform == "android")
        #expect(credentials.registrationID == 1234)
        #expect(credentials.signedPreKey.id == 1)
        #expect(credentials.nextPreKeyID == 813)
        #expect(credentials.firstUnuploadedPreKeyID == 813)
        #expect(credentials.serverHasPreKeys)
        #expect(credentials.accountSyncCounter == 1)
        #expect(credentials.routingInfo == [0x08, 0x07, 0x08, 0x02, 0x12, 0x06])
        let noise = "e25f296d1e318e8bc11cf6c48abd73d15094fca5e452f219106f1d6c50add469"
        #expect(credentials.noiseKey.publicKey.map { String(format: "%02x", $0) }.joined() == noise)
        #expect(account.identity.details.count == 18)
    }

    @Test func exportComesBackTheSame() throws {
        let credentials = try SessionIDFixtures.credentials()
        #expect(try BaileysCredentials.decode(BaileysCredentials.encode(credentials)) == credentials)
    }

    @Test func exportIsTheSameEveryTime() throws {
        let credentials = try SessionIDFixtures.credentials()
        #expect(try BaileysCredentials.encode(credentials) == BaileysCredentials.encode(credentials))
    }

    @Test func exportHasTheOrderAndNamesOfBaileys() throws {
        let exported = try JSONValue.parse(
            BaileysCredentials.encode(SessionIDFixtures.credentials()),
            limits: .credentials
        )
        guard case .object(let members) = exported else {
            Issue.record("not an object")
            return
        }
        #expect(
            members.map(\.name) == [
                "noiseKey", "pairingEphemeralKeyPair", "signedIdentityKey", "signedPreKey", "registrationId",
                "advSecretKey", "processedHistoryMessages", "nextPreKeyId", "firstUnuploadedPreKeyId",
                "accountSyncCounter", "accountSettings", "registered", "account", "me", "signalIdentities", "platform",
                "routingInfo",
            ]
        )
    }

    /// What our own reader does not prove: byte for byte the values that Baileys wrote, but for the decided differences.
    @Test func exportHoldsTheValuesOfTheFixture() throws {
        let fixture = try SessionIDFixtures.json()
        let exported = try JSONValue.parse(
            BaileysCredentials.encode(SessionIDFixtures.credentials()),
            limits: .credentials
        )
        let same = [
            "noiseKey", "signedIdentityKey", "signedPreKey", "registrationId", "advSecretKey",
            "processedHistoryMessages", "nextPreKeyId", "firstUnuploadedPreKeyId", "accountSyncCounter",
            "accountSettings", "account", "me", "signalIdentities", "platform", "routingInfo",
        ]
        for name in same { #expect(exported[name]?.text == fixture[name]?.text, "\(name)") }
        #expect(exported["registered"] == .bool(true))
        #expect(exported["myAppStateKeyId"] == nil)
        #expect(exported["pairingCode"] == nil)
    }

    @Test func exportIsCompactAndReadByAReviverLikeBaileys() throws {
        let bytes = try BaileysCredentials.encode(SessionIDFixtures.credentials())
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("\n") && !text.contains(": ") && !text.contains(", "))
        let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let revived = try #require(Reviver.revive(object) as? [String: Any])

        // The types that initAuthCreds and the socket of Baileys work with.
        for name in ["noiseKey", "pairingEphemeralKeyPair", "signedIdentityKey"] {
            let pair = try #require(revived[name] as? [String: Any])
            #expect((pair["private"] as? Data)?.count == 32, "\(name)")
            #expect((pair["public"] as? Data)?.count == 32, "\(name)")
            let privateKey = try #require(pair["private"] as? Data)
            #expect(
                try Curve25519KeyPair(privateKey: privateKey).publicKey == (pair["public"] as? Data).map(Array.init)
            )
        }
        let signed = try #require(revived["signedPreKey"] as? [String: Any])
        #expect((signed["signature"] as? Data)?.count == 64)
        #expect(signed["keyId"] as? Int == 1)
        #expect((revived["advSecretKey"] as? String).flatMap { Data(base64Encoded: $0) }?.count == 32)
        let account = try #require(revived["account"] as? [String: String])
        #expect(Data(base64Encoded: account["accountSignatureKey"] ?? "")?.count == 32)
        let me = try #require(revived["me"] as? [String: String])
        #expect(me == ["id": "15551234567:7@s.whatsapp.net", "lid": "100000000000001:7@lid", "name": "Wharf Test"])
        let identity = try #require((revived["signalIdentities"] as? [[String: Any]])?.first)
        #expect((identity["identifierKey"] as? Data)?.count == 33)
        #expect((identity["identifierKey"] as? Data)?.first == 5)
        #expect(revived["registered"] as? Bool == true)
        #expect((revived["processedHistoryMessages"] as? [Any])?.isEmpty == true)
    }

    @Test func namesAreEscapedAsJavaScriptDoes() throws {
        var credentials = try SessionIDFixtures.credentials()
        credentials.account?.pushName = "A\"b\\c\n\u{01}/é😀\u{2028}"
        let bytes = try BaileysCredentials.encode(credentials)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""name":"A\"b\\c\n\u0001/é😀"#))
        #expect(try BaileysCredentials.decode(bytes) == credentials)
    }

    @Test func unlinkedCredentialsAreNotExported() throws {
        var random = SeededGenerator(seed: 1)
        let fresh = Credentials.generate(using: &random)
        #expect(throws: CredentialsExportError.notLinked) { try BaileysCredentials.encode(fresh) }
    }

    @Test(arguments: ["base64", "numbers", "indexed", "plain", "old-flag", "reversed-index"])
    func buffersAreReadInEveryForm(form: String) throws {
        let expected = try SessionIDFixtures.credentials()
        let rewritten = try SessionIDFixtures.json().rewritingBuffers { bytes in
            let numbers = bytes.map { JSONValue.number("\($0)") }
            let indexed = zip(bytes.indices, numbers).map { JSONValue.Member(name: "\($0)", value: $1) }
            let base64 = JSONValue.string(Base64.encode(bytes))
            switch form {
            case "base64":
                return .object([.init(name: "type", value: .string("Buffer")), .init(name: "data", value: base64)])
            case "numbers":
                return .object([
                    .init(name: "type", value: .string("Buffer")), .init(name: "data", value: .array(numbers)),
                ])
            case "indexed": return .object(indexed)
            case "reversed-index": return .object(indexed.reversed())
            case "old-flag":
                return .object([.init(name: "buffer", value: .bool(true)), .init(name: "value", value: base64)])
            default: return base64
            }
        }
        #expect(try BaileysCredentials.decode(Array(rewritten.text.utf8)) == expected)
    }
}

/// What `BufferJSON.reviver` of Baileys does, on the trees of Foundation.
enum Reviver {
    static func revive(_ value: Any) -> Any {
        if let array = value as? [Any] { return array.map(revive) }
        guard let object = value as? [String: Any] else { return value }
        if object["type"] as? String == "Buffer", let text = object["data"] as? String {
            return Data(base64Encoded: text) ?? Data()
        }
        return object.mapValues(revive)
    }
}
