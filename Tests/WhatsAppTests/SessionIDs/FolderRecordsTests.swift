import Foundation
import SignalProtocol
import Testing
import WhatsAppCrypto

@testable import WhatsApp

/// What Baileys keeps in the files of a folder, as records.
struct FolderRecordsTests {
    private let session: String

    init() throws {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/Baileys/session.json")
        session = try String(contentsOf: file, encoding: .utf8)
    }

    private func records(_ files: [(String, String)]) -> FolderRecords {
        FolderRecords(files.map { JSONValue.Member(name: $0.0, value: .string($0.1)) })
    }

    private func value(_ records: FolderRecords, _ kind: RecordKind, _ name: String) -> [UInt8]? {
        guard case .put(let value, _) = records.batch.records[RecordKey(kind, name)] else { return nil }
        return value
    }

    @Test func sessionsAreFiledUnderTheirDevices() throws {
        let records = records([
            ("session-100000000000001_1.0.json", session), ("session-15550002222.7.json", session),
        ])
        #expect(records.unreadable == 0 && records.batch.records.count == 2)
        let stored = try #require(value(records, .signalSession, "100000000000001_1.0"))
        #expect(try SignalSession(serialized: stored) == BaileysSession.decode(Array(session.utf8)))
        #expect(value(records, .signalSession, "15550002222.7") == stored)
    }

    /// The same file with its JSON in the place of a text.
    @Test func contentMayStandInTheObjectItself() throws {
        let inner = try JSONValue.parse(session.utf8, limits: .folder)
        let records = FolderRecords([JSONValue.Member(name: "session-100000000000001_1.0.json", value: inner)])
        let stored = try #require(value(records, .signalSession, "100000000000001_1.0"))
        #expect(try SignalSession(serialized: stored) == BaileysSession.decode(Array(session.utf8)))
    }

    @Test func ownSenderKeysComeWithThoseWhoHaveThem() throws {
        var random = SystemRandomNumberGenerator()
        let own = OwnSenderKey.generate(using: &random)
        var other = SenderKeyRecord()
        other.process(try SenderKeyDistribution(OwnSenderKey.generate(using: &random).distribution()))
        let group = "120363000000000001@g.us"
        let records = records([
            ("sender-key-\(group)--100000000000009_1--3.json", text(BaileysSenderKey.encode(own))),
            ("sender-key-\(group)--100000000000001_1--0.json", text(BaileysSenderKey.encode(other))),
            ("sender-key-49123-1600000000@g.us--15550002222--0.json", text(BaileysSenderKey.encode(other))),
            ("sender-key-memory-\(group).json", #"{"100000000000001:2@lid":true,"15550002222@s.whatsapp.net":false}"#),
        ])
        #expect(records.unreadable == 0)
        let shared = try SharedSenderKey(encoded: try #require(value(records, .ownSenderKey, group)))
        #expect(shared.key == own)
        #expect(shared.devices == ["100000000000001_1.2"])
        let stored = try #require(value(records, .senderKey, "\(group)|100000000000001_1.0"))
        #expect(try SenderKeyRecord(serialized: stored) == other)
        #expect(value(records, .senderKey, "49123-1600000000@g.us|15550002222.0") == stored)
    }

    @Test func theSmallFilesAreRead() throws {
        let key = Data(repeating: 7, count: 32).base64EncodedString()
        let hash = Data(repeating: 1, count: 128).base64EncodedString()
        let mac = Data(repeating: 0xab, count: 32).base64EncodedString()
        let pair = try Curve25519KeyPair(privateKey: [UInt8](repeating: 9, count: 32))
        var preKey = BaileysWriter()
        preKey.buffer("private", pair.privateKey.reveal())
        preKey.buffer("public", pair.publicKey)
        let records = records([
            ("pre-key-12.json", text(preKey.finish())), ("lid-mapping-15550002222.json", #""100000000000001""#),
            ("lid-mapping-100000000000003_reverse.json", #""15550003333""#),
            (
                "app-state-sync-key-AAAAAEkG.json",
                #"{"keyData":"\#(key)","fingerprint":{"rawId":5,"currentIndex":1,"deviceIndexes":[0,1]},"timestamp":"17"}"#
            ),
            (
                "app-state-sync-version-regular_low.json",
                #"{"version":12,"hash":{"type":"Buffer","data":"\#(hash)"},"#
                    + #""indexValueMap":{"\#(mac)":{"valueMac":{"type":"Buffer","data":"\#(key)"}}}}"#
            ),
            (
                "tctoken-100000000000001@lid.json",
                #"{"token":{"type":"Buffer","data":"AQID"},"timestamp":"1766000000","senderTimestamp":1766000001}"#
            ),
            ("tctoken-__index.json", "{}"), ("device-list-15550002222.json", #"["0","12"]"#),
            ("identity-key-1.0.json", "{}"), ("notes.txt", "hello"),
        ])
        #expect(records.unreadable == 0)
        #expect(value(records, .preKey, "12") == pair.privateKey.reveal())
        #expect(value(records, .lidOfPhone, "15550002222") == Array("100000000000001".utf8))
        #expect(value(records, .phoneOfLID, "100000000000001") == Array("15550002222".utf8))
        #expect(value(records, .lidOfPhone, "15550003333") == Array("100000000000003".utf8))
        let id = try #require(AppStateKeyID([0, 0, 0, 0, 0x49, 0x06]))
        #expect(AppStateKeys(id: id, record: try #require(value(records, .appStateKey, id.recordName))) != nil)
        let known = try #require(value(records, .appStateVersion, "regular_low"))
        #expect(KnownCollection(serialized: known)?.version.number == 12)
        let macKey = AppStateCollection.regularLow.macKey([UInt8](repeating: 0xab, count: 32))
        #expect(value(records, .appStateMAC, macKey.name) == [UInt8](repeating: 7, count: 32))
        let token = try PrivacyToken(encoded: try #require(value(records, .privacyToken, "100000000000001@lid")))
        #expect(token.token == [1, 2, 3] && token.timestamp == 1_766_000_000 && token.issuedAt == 1_766_000_001)
    }

    @Test func whatCannotBeReadIsCountedAndLeftOut() {
        let records = records([
            ("session-100000000000001_1.0.json", "{\"_sessions\":{\"x\":{}}}"), ("session-../../etc.0.json", session),
            ("session-1.99999.json", session), ("pre-key-0.json", "{}"), ("pre-key-3.json", "[]"),
            ("sender-key-1@g.us--2.json", "{}"), ("lid-mapping-x.json", "\"1\""), ("lid-mapping-1.json", "{}"),
            ("app-state-sync-key-!.json", "{}"), ("app-state-sync-version-regular.json", #"{"version":3}"#),
            ("tctoken-1@g.us.json", "{}"), ("sender-key-memory-1@lid.json", "{}"),
        ])
        #expect(records.isEmpty)
        #expect(records.unreadable == 12)
    }

    /// Any bytes in any file: read, or counted.
    @Test func anyFileIsReadOrCounted() {
        var random = SystemRandomNumberGenerator()
        let names = [
            "session-1_1.0", "sender-key-1@g.us--2--0", "sender-key-memory-1@g.us", "pre-key-1", "tctoken-1@lid",
            "app-state-sync-key-AAAAAEkG", "app-state-sync-version-regular", "lid-mapping-1",
        ]
        let pieces = [#"{"a":"#, "1", "[", "]", "}", "{", #""x""#, ",", ":", "null", session, "-1", "\"", "\\u00"]
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...6, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            let name = names.randomElement(using: &random) ?? ""
            #expect(records([(name + ".json", text)]).unreadable <= 1)
        }
    }

    /// The one file that old versions wrote.
    @Test func theSingleFileOfOldVersionsIsAFolderToo() throws {
        let creds = try JSONValue.parse(try SessionIDFixtures.credentialsFile(), limits: .credentials)
        let keys = JSONValue.object([
            .init(
                name: "sessions",
                value: .object([.init(name: "15550002222.0", value: try .parse(session.utf8, limits: .folder))])
            )
        ])
        let text = JSONValue.object([.init(name: "creds", value: creds), .init(name: "keys", value: keys)]).text
        let imported = try SessionIDCodec.decode(text)
        let records = try #require(imported.records())
        #expect(value(records, .signalSession, "15550002222.0") != nil)
        #expect(try SessionIDCodec.decode(creds.text).records() == nil)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
