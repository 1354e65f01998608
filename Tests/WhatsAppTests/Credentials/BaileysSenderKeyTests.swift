import Foundation
import SignalProtocol
import Testing

@testable import WhatsApp

struct BaileysSenderKeyTests {
    private var random = RandomSource()

    /// The text inside the buffer, as Node's default serialisation writes it.
    private func file(_ states: String) -> [UInt8] {
        Array(#"{"type":"Buffer","data":"\#(Base64.encode(Array(states.utf8)))"}"#.utf8)
    }

    @Test mutating func keysAndSkippedMessagesComeBack() throws {
        var own = OwnSenderKey.generate(using: &random)
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(OwnSenderKey.generate(using: &random).distribution()))
        record.process(try SenderKeyDistribution(own.distribution()))
        let late = try own.encrypt([1], using: &random)
        #expect(try record.decrypt(own.encrypt([2], using: &random)) == [2])
        let file = try BaileysSenderKey.decode(BaileysSenderKey.encode(record))
        #expect(file.record == record)
        #expect(file.own == nil)
        var imported = file.record
        #expect(try imported.decrypt(late) == [1])
        #expect(try imported.decrypt(own.encrypt([3], using: &random)) == [3])
    }

    @Test mutating func ownKeyGoesOn() throws {
        var own = OwnSenderKey.generate(using: &random)
        var record = SenderKeyRecord()
        record.process(try SenderKeyDistribution(own.distribution()))
        _ = try own.encrypt([1], using: &random)
        var imported = try #require(try BaileysSenderKey.decode(BaileysSenderKey.encode(own)).own)
        #expect(imported == own)
        #expect(try record.decrypt(imported.encrypt([2], using: &random)) == [2])
    }

    @Test mutating func buffersOfEveryFormAreRead() throws {
        let pair = Curve25519KeyPair.generate(using: &random)
        let seed = [UInt8](repeating: 7, count: 32)
        func numbers(_ bytes: [UInt8]) -> String { "[" + bytes.map(String.init).joined(separator: ",") + "]" }
        func indexed(_ bytes: [UInt8]) -> String {
            "{" + bytes.enumerated().map { "\"\($0.offset)\":\($0.element)" }.joined(separator: ",") + "}"
        }
        let forms = [
            #"{"type":"Buffer","data":\#(numbers(seed))}"#, #"{"type":"Buffer","data":"\#(Base64.encode(seed))"}"#,
            indexed(seed), "\"\(Base64.encode(seed))\"",
        ]
        for form in forms {
            let states = """
                [{"senderKeyId":1234567,"senderChainKey":{"iteration":3,"seed":\(form)},
                  "senderSigningKey":{"public":{"type":"Buffer","data":\(numbers(pair.publicKey))},
                                      "private":{"type":"Buffer","data":[]}},
                  "senderMessageKeys":[{"iteration":1,"seed":\(form)}]}]
                """
            let read = try BaileysSenderKey.decode(file(states))
            let parts = try #require(read.record.parts.first)
            #expect(parts.id == 1_234_567)
            #expect(parts.signingKey == pair.publicKey)
            #expect(parts.chain == ChainParts(key: seed, index: 3, skipped: [.init(counter: 1, seed: seed)]))
            #expect(read.own == nil)
        }
    }

    @Test func newestKeyStandsLast() throws {
        func state(_ id: Int) -> String {
            let key = Base64.encode([UInt8](repeating: UInt8(id), count: 32))
            return
                #"{"senderKeyId":\#(id),"senderChainKey":{"iteration":0,"seed":"\#(key)"},"senderSigningKey":{"public":"\#(key)"}}"#
        }
        let text = "[" + (1...7).map(state).joined(separator: ",") + "]"
        let record = try BaileysSenderKey.decode(file(text)).record
        #expect(record.parts.map(\.id) == [7, 6, 5, 4, 3])
        let again = try BaileysSenderKey.decode(BaileysSenderKey.encode(record)).record
        #expect(again == record)
    }

    @Test(arguments: [
        "", "{}", "[1]", "[{}]", #"[{"senderKeyId":-1}]"#,
        #"[{"senderKeyId":1,"senderChainKey":{"iteration":0,"seed":"AA=="},"senderSigningKey":{"public":"AA=="}}]"#,
    ])
    func brokenFilesAreRefused(states: String) {
        #expect(throws: CredentialsImportError.self) { try BaileysSenderKey.decode(file(states)) }
    }
}
