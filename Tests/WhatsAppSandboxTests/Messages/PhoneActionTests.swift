import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Every kind of message that a phone can send, as a companion sees it.
struct PhoneActionTests {
    private static let ada = ServerHarness.number
    private static let bob = "15550002222"

    private var harness: ServerHarness
    private var companion: SignalCompanion
    private let bobLID: JID
    private let adaLID: JID

    init() throws {
        harness = try ServerHarness.withPhone()
        _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
        companion = try SignalCompanion(number: Self.ada, in: &harness)
        bobLID = try #require(harness.state.phones[Self.bob]).lid
        adaLID = try #require(harness.state.phones[Self.ada]).lid
    }

    /// Bob does something; what Ada's companion gets of it.
    private mutating func act(_ action: PhoneAction, to chat: JID? = JID(user: ada, server: .user)) throws
        -> (id: String, message: WAMessage, node: BinaryNode)
    {
        let id = try harness.perform { try $0.act(action, at: Self.bob, in: chat) }
        let received = try #require(try companion.readAll(&harness).last)
        return (id, received.message, received.node)
    }

    @Test mutating func quoteReactionEditAndRevokeNameTheirTarget() throws {
        let first = try act(.text("first"))
        #expect(first.message.messageContextInfo.messageSecret.count == 32)
        let quote = try act(.text("second", quoting: first.id)).message.extendedTextMessage
        #expect(quote.contextInfo.stanzaID == first.id)
        #expect(quote.contextInfo.participant == bobLID.description)
        #expect(quote.contextInfo.quotedMessage.conversation == "first")

        let reaction = try act(.reaction(to: first.id, emoji: "👍"), to: nil)
        #expect(reaction.message.reactionMessage.key.id == first.id)
        #expect(reaction.message.reactionMessage.key.fromMe)
        #expect(reaction.message.reactionMessage.key.remoteJid == adaLID.description)
        #expect(reaction.node.attributes["type"] == "reaction")
        #expect(reaction.node.child("enc")?.attributes["decrypt-fail"] == "hide")

        let edit = try act(.edit(first.id, text: "better"), to: nil)
        #expect(edit.message.protocolMessage.type == .messageEdit)
        #expect(edit.message.protocolMessage.editedMessage.conversation == "better")
        #expect(edit.node.attributes["edit"] == "1")

        let revoke = try act(.revoke(first.id), to: nil)
        #expect(revoke.message.protocolMessage.type == .revoke)
        #expect(revoke.node.attributes["edit"] == "7")
        #expect(revoke.node.child("enc")?.attributes["decrypt-fail"] == nil)

        let pin = try act(.pin(first.id, isPinned: true), to: nil)
        #expect(pin.message.pinInChatMessage.type == .pinForAll)
        #expect(pin.node.attributes["edit"] == "2")
    }

    @Test mutating func pollIsVotedOnWithASealedVote() throws {
        let poll = try act(.poll(name: "Tea?", options: ["Yes", "No"], selectable: 1))
        #expect(poll.message.pollCreationMessageV3.options.map(\.optionName) == ["Yes", "No"])
        #expect(poll.node.attributes["type"] == "poll")
        #expect(poll.node.child("meta")?.attributes["polltype"] == "creation")

        let vote = try harness.perform { try $0.act(.vote(poll: poll.id, options: ["No"]), at: Self.ada, in: nil) }
        let seen = try harness.state.messages(of: Self.bob, after: 0)
        let entry = try #require(seen.first { $0.id == vote })
        #expect(entry.kind == "vote")
        #expect(entry.choices == ["No"])
        #expect(entry.target == poll.id)
        #expect(throws: SandboxError.unknownMessage) {
            try harness.perform { try $0.act(.vote(poll: "nothing", options: []), at: Self.ada, in: nil) }
        }
    }

    @Test mutating func mediaLiesEncryptedWhereTheMessageSays() throws {
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0) }
        let sent = try act(
            .media(PhoneMedia(kind: .image, bytes: bytes, type: "image/png", caption: "a picture", isViewOnce: true))
        )
        let image = sent.message.viewOnceMessageV2.message.imageMessage
        #expect(image.caption == "a picture")
        #expect(image.viewOnce)
        #expect(image.fileLength == 5_000)
        #expect(sent.node.child("enc")?.attributes["mediatype"] == "image")
        #expect(sent.node.attributes["type"] == "media")
        let file = try #require(harness.state.blobs[image.directPath])
        #expect(file.count == 5_008 + MediaEncryptor.macLength)
        #expect(Array(file.prefix(64)) != Array(bytes.prefix(64)))
    }

    @Test mutating func otherKindsArrive() throws {
        let location = try act(.location(latitude: 52.5, longitude: 13.4, name: "Here"))
        #expect(location.message.locationMessage.degreesLatitude == 52.5)
        #expect(location.node.child("enc")?.attributes["mediatype"] == "location")
        let contact = try act(.contact(name: "Eve", vCard: "BEGIN:VCARD\nEND:VCARD"))
        #expect(contact.message.contactMessage.displayName == "Eve")
        #expect(contact.node.child("enc")?.attributes["mediatype"] == "vcard")
    }

    @Test mutating func disappearingChatMarksItsMessages() throws {
        let setting = try act(.disappearing(seconds: 86_400))
        #expect(setting.message.protocolMessage.ephemeralExpiration == 86_400)
        let marked = try act(.text("gone tomorrow")).message.extendedTextMessage
        #expect(marked.contextInfo.expiration == 86_400)
        _ = try harness.perform { try $0.act(.text("and mine"), at: Self.ada, in: JID(user: Self.bob, server: .user)) }
        let last = try #require(try harness.state.messages(of: Self.bob, after: 0).last)
        #expect(last.text == "and mine")
        #expect(last.expiration == 86_400, "the other phone has taken the setting over")
    }

    @Test mutating func readingAndTypingReachTheOtherSide() throws {
        let id = try harness.perform {
            try $0.act(.text("read me"), at: Self.bob, in: JID(user: Self.ada, server: .user))
        }
        try harness.perform { try $0.read([id], at: Self.ada) }
        let entry = try #require(try harness.state.messages(of: Self.bob, after: 0).last)
        #expect(entry.receipts.contains { $0.from == Self.ada && $0.device == 0 && $0.type == "read" })
        let synced = harness.take(companion.connection).last { $0.attributes["type"] == "read" }
        #expect(synced?.attributes["recipient"] == .jid(bobLID))

        try harness.perform { try $0.type(true, at: Self.bob, to: JID(user: Self.ada, server: .user)) }
        let state = harness.take(companion.connection).last
        #expect(state == BinaryNode("chatstate", ["from": .jid(bobLID)], children: [BinaryNode("composing")]))
    }

    @Test(
        arguments: [
            #"{"to":"15550001111","text":"x","quote":"y"}"#, #"{"reaction":{"to":"A","emoji":""}}"#,
            #"{"edit":{"id":"A","text":"b"}}"#, #"{"revoke":"A"}"#, #"{"pin":"A"}"#, #"{"unpin":"A"}"#,
            #"{"poll":{"name":"a","options":["b"]}}"#, #"{"vote":{"poll":"a","options":[]}}"#,
            #"{"location":{"latitude":1,"longitude":2}}"#, #"{"contact":{"name":"a","vCard":"b"}}"#,
            #"{"disappearing":0}"#, #"{"content":"CgFh"}"#, #"{"media":{"kind":"voice","bytes":"AAAA"}}"#,
        ]
    )
    func everyKindIsRead(_ json: String) throws {
        _ = try ControlBody.decode(ControlBody.Message.self, from: Array(json.utf8)).action()
    }

    @Test(
        arguments: [
            (#"{}"#, "text"), (#"{"media":{"kind":"cat","bytes":""}}"#, "media.kind"),
            (#"{"poll":{"name":"a","options":[]}}"#, "poll.options"), (#"{"content":"/w=="}"#, "content"),
        ]
    )
    func rubbishNamesItsField(_ json: String, _ field: String) throws {
        let body = try ControlBody.decode(ControlBody.Message.self, from: Array(json.utf8))
        do {
            _ = try body.action()
            Issue.record("taken")
        } catch {
            guard case .invalid(field, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
