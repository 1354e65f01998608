import Foundation
import SignalProtocol
import Testing

@testable import WhatsApp

struct BaileysSessionTests {
    private let fixture: [UInt8]

    init() throws {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/Baileys/session.json")
        fixture = Array(try Data(contentsOf: file))
    }

    @Test func recordOfBaileysIsRead() throws {
        let session = try BaileysSession.decode(fixture)
        let parts = try #require(session.currentParts)
        #expect(session.archivedParts.isEmpty)
        #expect(session.remoteRegistrationID == 4321)
        #expect(Base64.encode([5] + parts.baseKey) == "BR9YaT7JBO46OaNMHmQZQ9nRQdDCWBnJQlPSLOHRXxge")
        #expect(Base64.encode([5] + parts.remoteIdentity) == "Ba6aXxfHcCa/VH09jsAO7QtcdUqvsF3Sn1CMvoprUDFk")
        #expect(parts.sending.index == 0)
        #expect(parts.receiving.map(\.chain.index) == [3])
        #expect(parts.receiving.first?.chain.skipped.map(\.counter) == [1])
        #expect(parts.pending == nil)
        #expect(parts.previousCounter == 0)
    }

    /// All but the times and who began it, which our record does not keep.
    @Test func exportHoldsTheValuesOfTheFixture() throws {
        let exported = BaileysSession.encode(try BaileysSession.decode(fixture), at: Date(timeIntervalSince1970: 1))
        func fields(_ bytes: [UInt8]) throws -> [String] {
            var fields: [String] = []
            try flatten(JSONValue.parse(bytes, limits: .folder), "", &fields)
            return fields.filter { !$0.contains("indexInfo.used") && !$0.contains("indexInfo.created") }
        }
        #expect(try fields(exported).sorted() == fields(fixture).sorted())
    }

    private func flatten(_ value: JSONValue, _ path: String, _ fields: inout [String]) {
        guard case .object(let members) = value else {
            fields.append("\(path)=\(value)")
            return
        }
        for member in members { flatten(member.value, path + "." + member.name, &fields) }
    }

    @Test func conversationGoesOnAfterBothWays() throws {
        var conversation = try Conversation()
        _ = try conversation.encrypt("skipped")
        let late = try conversation.encrypt("late")
        try conversation.deliver("in order")
        try conversation.reimport()
        try conversation.deliver("after the import")
        try conversation.answer("back")
        try conversation.reimport()
        try conversation.deliver("and on")
        #expect(try conversation.open(late) == "late")
    }

    @Test func unansweredSessionKeepsItsKeys() throws {
        var conversation = try Conversation(answered: false)
        try conversation.reimport()
        let message = try conversation.encrypt("first")
        guard case .preKeyMessage(let bytes) = message else {
            Issue.record("the keys are gone")
            return
        }
        #expect(try PreKeySignalMessage(bytes).signedPreKeyID == 3)
        #expect(try conversation.open(message) == "first")
    }

    @Test func archivedSessionsKeepTheirOrder() throws {
        var conversation = try Conversation()
        for _ in 0..<4 { try conversation.restart() }
        let session = conversation.session
        let again = try BaileysSession.decode(BaileysSession.encode(session, at: Date(timeIntervalSince1970: 1_000)))
        #expect(again == session)
        #expect(again.archivedParts.count == 4)
    }

    @Test func closedChainGivesWhatWasSkippedAndNoMore() throws {
        let text = String(decoding: fixture, as: UTF8.self)
        let closed = text.replacing(/"counter": 2, "key": "[^"]*"/, with: "\"counter\": 2")
        #expect(closed != text)
        let session = try BaileysSession.decode(Array(closed.utf8))
        let chain = try #require(session.currentParts?.receiving.first?.chain)
        #expect(chain.key == nil)
        #expect(chain.skipped.map(\.counter) == [1])
        let again = try BaileysSession.decode(BaileysSession.encode(session, at: .now))
        #expect(again == session)
    }

    @Test(arguments: [
        ("\"version\": \"v1\"", "\"version\": \"v1\"}", false),
        ("\"counter\": 2", "\"counter\": -2", true),
        ("\"counter\": 2", "\"counter\": 4294967295", true),
        ("\"counter\": 2", "\"counter\": 0", true),
        ("\"chainType\": 1", "\"chainType\": 3", true),
        ("\"chainType\": 1", "\"chainType\": 2", true),
        ("\"registrationId\": 4321", "\"registrationId\": -1", true),
        ("YJDt06aQGpH1", "YJDt06aQGpH2", true),
        ("\"BfnmEPIwe5io", "\"CfnmEPIwe5io", true),
        ("sA8OcaBwBkv0+2", "sA8OcaBwBkv0", true),
        ("\"1\": \"3oJh", "\"one\": \"3oJh", true),
        ("\"baseKey\": \"BR9Y", "\"baseKey\": \"BR9Z", true),
    ])
    func brokenRecordsAreRefused(found: String, replacement: String, isJSON: Bool) throws {
        let text = String(decoding: fixture, as: UTF8.self)
        let broken = text.replacing(found, with: replacement)
        #expect(broken != text)
        #expect(throws: CredentialsImportError.self) { try BaileysSession.decode(Array(broken.utf8)) }
    }

    @Test func oldRecordHasTheNumberAtTheTop() throws {
        let text = String(decoding: fixture, as: UTF8.self)
            .replacing("\"registrationId\": 4321,", with: "")
            .replacing("\"version\": \"v1\"", with: "\"registrationId\": 99")
        #expect(try BaileysSession.decode(Array(text.utf8)).remoteRegistrationID == 99)
    }
}

/// Two devices of which one moves to another program and back.
private struct Conversation {
    private(set) var session = SignalSession()
    private let local: LocalIdentity
    private let other: LocalIdentity
    private let signedPreKey: SignedPreKey
    private var otherSession = SignalSession()
    private var random = RandomSource()

    init(answered: Bool = true) throws {
        local = LocalIdentity(keyPair: .generate(using: &random), registrationID: 1)
        other = LocalIdentity(keyPair: .generate(using: &random), registrationID: 2)
        signedPreKey = .generate(id: 3, identity: other.keyPair, using: &random)
        try restart()
        guard answered else { return }
        try deliver("hello")
        try answer("hello yourself")
    }

    mutating func restart() throws {
        let bundle = PreKeyBundle(
            registrationID: other.registrationID,
            identityKey: other.keyPair.publicKey,
            signedPreKeyID: signedPreKey.id,
            signedPreKey: signedPreKey.keyPair.publicKey,
            signature: signedPreKey.signature,
            preKey: nil
        )
        try session.start(with: bundle, local: local, using: &random)
    }

    mutating func reimport() throws {
        let exported = BaileysSession.encode(session, at: Date(timeIntervalSince1970: 1_766_000_000))
        let imported = try BaileysSession.decode(exported)
        #expect(imported == session)
        session = imported
        otherSession = try BaileysSession.decode(BaileysSession.encode(otherSession, at: .now))
    }

    mutating func encrypt(_ text: String) throws -> SignalCiphertext {
        try session.encrypt(Array(text.utf8), local: local)
    }

    mutating func open(_ message: SignalCiphertext) throws -> String {
        let plaintext =
            switch message {
            case .message(let bytes): try otherSession.decrypt(bytes, local: other, using: &random)
            case .preKeyMessage(let bytes):
                try otherSession.decrypt(
                    try PreKeySignalMessage(bytes),
                    local: other,
                    signedPreKey: signedPreKey,
                    preKey: nil,
                    using: &random
                )
            }
        return String(decoding: plaintext, as: UTF8.self)
    }

    mutating func deliver(_ text: String) throws {
        #expect(try open(encrypt(text)) == text)
    }

    mutating func answer(_ text: String) throws {
        guard case .message(let bytes) = try otherSession.encrypt(Array(text.utf8), local: other) else {
            Issue.record("an answer never carries the keys of the session")
            return
        }
        #expect(try session.decrypt(bytes, local: local, using: &random) == Array(text.utf8))
    }
}
