import Crypto
import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppCrypto

struct AddOnKeyTests {
    private let vectors: AddOnVectors
    private let author = JID(user: "111222333", server: .lid)
    private let modifier = JID(user: "444555666", server: .lid, device: 7)
    private let target = "3EB0C767D0971E3B9FF5AB"

    init() throws { vectors = try AddOnVectors() }

    @Test func voteIsSealedAsPublished() throws {
        let key = AddOnKey(
            secret: try vectors.bytes("poll_vote", "message_secret"),
            target: target,
            author: author,
            modifier: modifier,
            use: .pollVote
        )
        #expect(key.key == (try vectors.bytes("poll_vote", "key")))
        let plaintext = try vectors.bytes("poll_vote", "vote_message")
        let sealed = key.seal(plaintext, nonce: try vectors.bytes("poll_vote", "iv"))
        #expect(sealed.payload == (try vectors.bytes("poll_vote", "enc_payload")))
        #expect(try key.open(sealed) == plaintext)
    }

    @Test func editIsSealedAsPublished() throws {
        let key = AddOnKey(
            secret: try vectors.bytes("secret_encrypted_edit", "message_secret"),
            target: target,
            author: author,
            modifier: modifier,
            use: .messageEdit
        )
        #expect(key.key == (try vectors.bytes("secret_encrypted_edit", "key")))
        let sealed = key.seal(
            try vectors.bytes("secret_encrypted_edit", "plaintext_message"),
            nonce: try vectors.bytes("secret_encrypted_edit", "iv")
        )
        #expect(sealed.payload == (try vectors.bytes("secret_encrypted_edit", "enc_payload")))
    }

    @Test func namespaceOfTheWriterIsFound() throws {
        var random = SystemRandomNumberGenerator()
        let secret = [UInt8](repeating: 9, count: 32)
        let phoneAuthor = JID(user: "15550001", server: .user)
        let phoneModifier = JID(user: "15550002", server: .user)
        let sealed = AddOnKey(
            secret: secret,
            target: target,
            author: phoneAuthor,
            modifier: phoneModifier,
            use: .reaction
        )
        .seal([1, 2, 3], using: &random)
        let pairs = [(author: author, modifier: modifier), (author: phoneAuthor, modifier: phoneModifier)]
        let opened = try AddOnKey.open(sealed, secret: secret, target: target, pairs: pairs, use: .reaction)
        #expect(opened == [1, 2, 3])
        #expect(throws: AddOnError.notAuthentic) {
            try AddOnKey.open(sealed, secret: secret, target: target, pairs: [pairs[0]], use: .reaction)
        }
    }

    @Test func hostilePayloadsAreRefused() {
        let key = AddOnKey(secret: [], target: "", author: author, modifier: modifier, use: .eventResponse)
        for length in 0..<40 {
            for nonce in [0, 11, 12, 13] {
                let sealed = SealedAddOn(
                    payload: [UInt8](repeating: 1, count: length),
                    nonce: [UInt8](repeating: 2, count: nonce)
                )
                let expected: AddOnError = length >= 16 && nonce == 12 ? .notAuthentic : .malformed
                #expect(throws: expected) { try key.open(sealed) }
            }
        }
    }

    @Test func botSecretIsDerivedAsPublished() throws {
        let derived = BotSecret.derive(from: try vectors.bytes("bot_message_secret", "message_secret"))
        #expect(derived == (try vectors.bytes("bot_message_secret", "derived")))
    }

    @Test func contactTokenIsMadeAsPublished() throws {
        let lid = try #require(JID(try vectors.text("cstoken", "recipient_lid")))
        let token = ContactToken.make(salt: try vectors.bytes("cstoken", "nct_salt"), recipient: lid)
        #expect(token == (try vectors.bytes("cstoken", "cstoken")))
    }

    @Test func deviceHashIsMadeAsPublished() throws {
        let devices = try vectors.texts("phash", "devices").map { try #require(JID($0)) }
        #expect(DeviceHash.phash(of: devices) == (try vectors.text("phash", "phash")))
        #expect(DeviceHash.phash(of: devices.reversed()) == (try vectors.text("phash", "phash")))
    }

    /// The definition word by word, over names of all lengths, servers and devices.
    @Test func deviceHashIsOfTheSortedNames() {
        let servers: [JID.Server] = [.user, .lid, .hosted, .legacyUser]
        for count in [0, 1, 2, 50, 800] {
            let devices = (0..<count).map { _ in
                JID(
                    user: String(UInt64.random(in: 0...(.max)) >> UInt64.random(in: 0...60)),
                    server: servers.randomElement() ?? .user,
                    device: UInt16.random(in: 0...130),
                    agent: UInt8.random(in: 0...12)
                )
            }
            let names = devices.map {
                "\($0.user).\($0.agent):\($0.device)@\($0.server == .legacyUser ? "s.whatsapp.net" : $0.server.name)"
            }
            let hash = SHA256.hash(data: Data(names.sorted().joined().utf8))
            #expect(DeviceHash.phash(of: devices) == "2:" + Data(hash.prefix(6)).base64EncodedString())
        }
    }
}
