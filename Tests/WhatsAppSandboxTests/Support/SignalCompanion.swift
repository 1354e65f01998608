import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// A linked companion that reads and writes messages, on the harness and with nothing of the client under test.
struct SignalCompanion {
    let companion: TestCompanion
    let address: DeviceAddress
    private(set) var connection: ConnectionID
    private let local: LocalIdentity
    private var preKeys: [UInt32: PreKey] = [:]
    private var sessions: [JID: SignalSession] = [:]
    private var senderKeys: [String: SenderKeyRecord] = [:]
    private var groupKeys: [String: OwnSenderKey] = [:]
    private var random = SystemRandomNumberGenerator()

    /// Links a companion to the phone, logs it in and leaves keys with the server.
    init(number: String, in harness: inout ServerHarness, preKeys count: UInt32 = 20) throws {
        companion = TestCompanion()
        let device = try harness.link(companion, number: number)
        address = DeviceAddress(number: number, device: device)
        connection = try harness.logIn(companion, device: UInt32(device), number: number)
        local = LocalIdentity(keyPair: companion.identity, registrationID: companion.registrationID)
        let keys = (1...max(1, count)).map { PreKey(id: $0, keyPair: .generate(using: &random)) }
        for key in keys { preKeys[key.id] = key }
        let list = keys.map { PreKeyStore.Key(id: $0.id, value: $0.keyPair.publicKey).node }
        harness.receive(
            BinaryNode(
                "iq",
                ["to": .jid(.server), "type": "set", "id": "upload", "xmlns": "encrypt"],
                children: [
                    BinaryNode("registration", bytes: companion.registrationID.fourBytes),
                    BinaryNode("type", bytes: [5]),
                    BinaryNode("identity", bytes: companion.identity.publicKey),
                    BinaryNode("list", children: keys.isEmpty ? [] : list), companion.skey,
                ]
            ),
            on: connection
        )
        _ = harness.take(connection)
    }

    mutating func leave(_ harness: inout ServerHarness) {
        harness.perform { $0.closed(connection) }
    }

    mutating func comeBack(_ harness: inout ServerHarness) throws {
        connection = try harness.logIn(companion, device: UInt32(address.device), number: address.number)
    }

    /// Loses every session and group key, as after a broken store.
    mutating func forgetSessions() {
        sessions = [:]
        senderKeys = [:]
    }

    func jid(_ harness: ServerHarness) -> JID { harness.state.jid(of: address, by: .lid) }

    // MARK: Reading

    /// The message in a stanza; takes in a group's key on the way.
    mutating func read(_ node: BinaryNode) throws -> WAMessage {
        let from = try #require(node.attributes.jid("from"))
        let sender = node.attributes.jid("participant") ?? from
        var content: WAMessage?
        for enc in node.children("enc") {
            let bytes = try #require(enc.bytes)
            let padded: [UInt8]
            switch enc.attributes.text("type") {
            case "skmsg":
                padded = try senderKeys["\(from) \(sender)", default: SenderKeyRecord()].decrypt(bytes)
            case "pkmsg":
                let message = try PreKeySignalMessage(bytes)
                padded = try sessions[sender, default: SignalSession()].decrypt(
                    message,
                    local: local,
                    signedPreKey: companion.signedPreKey,
                    preKey: message.preKeyID.flatMap { preKeys[$0] },
                    using: &random
                )
            default:
                padded = try sessions[sender, default: SignalSession()]
                    .decrypt(bytes, local: local, using: &random)
            }
            let plain = try #require(Padding.remove(from: padded))
            var message = try WAMessage(serializedBytes: Array(plain))
            if message.hasSenderKeyDistributionMessage {
                let key = message.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage
                senderKeys["\(from) \(sender)", default: SenderKeyRecord()].process(try SenderKeyDistribution(key))
                message.clearSenderKeyDistributionMessage()
            }
            if message != WAMessage() { content = message }
        }
        return try #require(content)
    }

    /// Reads every message that has come, confirms each, and gives content and stanza.
    mutating func readAll(_ harness: inout ServerHarness) throws -> [(message: WAMessage, node: BinaryNode)] {
        let nodes = harness.take(connection).filter { $0.tag == "message" }
        return try nodes.map { node in
            let message = try read(node)
            harness.receive(
                BinaryNode(
                    "receipt",
                    [
                        "id": node.attributes["id"], "to": node.attributes["from"],
                        "participant": node.attributes["participant"],
                    ]
                ),
                on: connection
            )
            return (message, node)
        }
    }

    // MARK: Writing

    /// Encrypts for a device, with a bundle from the server when there is no session.
    mutating func encrypt(
        _ message: WAMessage,
        for target: JID,
        _ harness: inout ServerHarness
    ) throws -> BinaryNode {
        if sessions[target]?.hasCurrentState != true {
            let asked = BinaryNode("user", ["jid": .jid(target)])
            let request = BinaryNode("key", children: [asked])
            harness.receive(harness.iq("get", "encrypt", [request]), on: connection)
            let answers = harness.take(connection)
            let users = answers.compactMap { $0.child("list")?.child("user") }
            let user = try #require(users.first)
            let bundle = try #require(PreKeyBundle(user, registration: user.child("registration")))
            try sessions[target, default: SignalSession()].start(with: bundle, local: local, using: &random)
        }
        let padded = Padding.add(to: try message.serializedBytes(), using: &random)
        switch try sessions[target, default: SignalSession()].encrypt(padded, local: local) {
        case .message(let bytes): return BinaryNode("enc", ["v": "2", "type": "msg"], bytes: bytes)
        case .preKeyMessage(let bytes): return BinaryNode("enc", ["v": "2", "type": "pkmsg"], bytes: bytes)
        }
    }

    /// Sends a private message to some devices.
    mutating func send(
        _ message: WAMessage,
        id: String,
        to chat: JID,
        devices: [JID],
        _ harness: inout ServerHarness
    ) throws {
        let targets = try devices.map { device in
            BinaryNode("to", ["jid": .jid(device)], children: [try encrypt(message, for: device, &harness)])
        }
        harness.receive(
            BinaryNode(
                "message",
                ["id": .text(id), "to": .jid(chat), "type": "text"],
                children: [BinaryNode("participants", children: targets)]
            ),
            on: connection
        )
    }

    /// Writes to a group: the key to those devices, the message to everybody.
    mutating func send(
        _ message: WAMessage,
        id: String,
        group: JID,
        keyTo devices: [JID],
        _ harness: inout ServerHarness
    ) throws {
        var key = groupKeys[group.description] ?? OwnSenderKey.generate(using: &random)
        var handout = WAMessage()
        handout.senderKeyDistributionMessage.groupID = group.description
        handout.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage = Data(key.distribution())
        let targets = try devices.map { device in
            BinaryNode("to", ["jid": .jid(device)], children: [try encrypt(handout, for: device, &harness)])
        }
        let padded = Padding.add(to: try message.serializedBytes(), using: &random)
        let ciphertext = try key.encrypt(padded, using: &random)
        groupKeys[group.description] = key
        harness.receive(
            BinaryNode(
                "message",
                ["id": .text(id), "to": .jid(group), "type": "text"],
                children: [
                    BinaryNode("participants", children: targets),
                    BinaryNode("enc", ["v": "2", "type": "skmsg"], bytes: ciphertext),
                ]
            ),
            on: connection
        )
    }
}

extension WAMessage {
    static func text(_ text: String) -> WAMessage {
        var message = WAMessage()
        message.conversation = text
        return message
    }
}
