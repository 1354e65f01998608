import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Phones that read and write for themselves.
struct PhoneMessageTests {
    private static let ada = ServerHarness.number
    private static let bob = "15550002222"

    private var harness: ServerHarness
    private var companion: SignalCompanion

    /// Ada has a companion; Bob has only his phone.
    init() throws {
        harness = try ServerHarness.withPhone()
        _ = try harness.perform { try $0.createPhone(NewPhone(number: Self.bob, name: "Bob")) }
        companion = try SignalCompanion(number: Self.ada, in: &harness)
    }

    private func phone(_ number: String) throws -> Phone { try #require(harness.state.phones[number]) }
    private func log(_ number: String) throws -> [PhoneLog.Entry] { try phone(number).log.all }

    private mutating func post(_ text: String, from number: String, to chat: JID) throws -> String {
        try harness.perform { try $0.post(.text(text), from: number, to: chat) }
    }

    @Test mutating func messageReachesPhoneAndCompanion() throws {
        let id = try post("Hello", from: Self.bob, to: try phone(Self.ada).jid)
        let received = try companion.readAll(&harness)
        #expect(received.map { $0.message.conversation } == ["Hello"])
        #expect(received.first?.node.attributes["id"] == .text(id))
        #expect(received.first?.node.attributes["from"] == .jid(try phone(Self.bob).lid), "the account is migrated")
        #expect(try log(Self.ada).map { $0.content.conversation } == ["Hello"])
        let sent = try #require(try log(Self.bob).first)
        #expect(sent.chat == (try phone(Self.ada)).jid)
        #expect(sent.receipts.map(\.device.device).sorted() == [0, 1])
    }

    @Test mutating func companionAndPhoneWriteToEachOther() throws {
        let bob = try phone(Self.bob)
        for round in 1...3 {
            try companion.send(.text("ping \(round)"), id: "C\(round)", to: bob.lid, devices: [bob.lid], &harness)
            _ = try post("pong \(round)", from: Self.bob, to: try phone(Self.ada).lid)
            #expect(try companion.readAll(&harness).map { $0.message.conversation } == ["pong \(round)"])
        }
        let texts = try log(Self.bob).map { $0.content.conversation }
        #expect(texts == (1...3).flatMap { ["ping \($0)", "pong \($0)"] })
        #expect(try log(Self.bob).filter { !$0.isOwn }.allSatisfy { $0.chat.user == Self.ada && $0.author.device == 1 })
    }

    @Test mutating func bothNamesOfADeviceLeadToOneSession() throws {
        let bob = try phone(Self.bob)
        try companion.send(.text("by number"), id: "N", to: bob.jid, devices: [bob.jid], &harness)
        try companion.send(.text("by LID"), id: "L", to: bob.lid, devices: [bob.lid], &harness)
        try companion.send(.text("by number again"), id: "N2", to: bob.jid, devices: [bob.jid], &harness)
        #expect(try log(Self.bob).map { $0.content.conversation } == ["by number", "by LID", "by number again"])
        #expect(try phone(Self.bob).signal.sessions.count == 1)
    }

    @Test mutating func clientWithASessionForEachNameReadsUnderBoth() throws {
        let bob = try phone(Self.bob)
        let ada = try phone(Self.ada)
        _ = try post("first", from: Self.bob, to: ada.jid)
        _ = try companion.readAll(&harness)
        try companion.send(.text("by number"), id: "N", to: bob.jid, devices: [bob.jid], &harness)
        _ = try post("answer", from: Self.bob, to: ada.jid)
        let answer = try #require(try companion.readAll(&harness).first)
        #expect(answer.node.attributes["from"] == .jid(bob.jid), "under the name that the client has used")
        try companion.send(.text("by LID"), id: "L", to: bob.lid, devices: [bob.lid], &harness)
        _ = try post("again", from: Self.bob, to: ada.jid)
        let again = try #require(try companion.readAll(&harness).first)
        #expect(again.node.attributes["from"] == .jid(bob.lid))
        #expect(again.message.conversation == "again")
        #expect(try phone(Self.bob).signal.sessions.keys.filter { $0.device == 1 }.count == 1)
    }

    @Test mutating func ownMessagesReachTheOtherDevicesOfTheAccount() throws {
        _ = try post("From my phone", from: Self.ada, to: try phone(Self.bob).jid)
        let copy = try #require(try companion.readAll(&harness).first)
        #expect(copy.message.deviceSentMessage.message.conversation == "From my phone")
        #expect(copy.message.deviceSentMessage.destinationJid == (try phone(Self.bob)).lid.description)
        #expect(copy.node.attributes["recipient"] == .jid((try phone(Self.bob)).lid))

        var sent = WAMessage()
        sent.deviceSentMessage.destinationJid = try phone(Self.bob).lid.description
        sent.deviceSentMessage.message = .text("From my computer")
        let ada = try phone(Self.ada)
        try companion.send(sent, id: "D", to: try phone(Self.bob).lid, devices: [ada.lid], &harness)
        let entry = try #require(try log(Self.ada).last)
        #expect(entry.content.conversation == "From my computer")
        #expect(entry.isOwn)
        #expect(entry.chat.user == Self.bob)
    }

    @Test mutating func unreadableMessageIsAskedForAgainWithKeysTheSecondTime() throws {
        let bob = try phone(Self.bob)
        var broken = try companion.encrypt(.text("lost"), for: bob.lid, &harness)
        var bytes = Array(try #require(broken.bytes))
        bytes[bytes.count - 1] ^= 1
        broken.content = .bytes(bytes[...])
        for count in 1...6 {
            harness.receive(
                BinaryNode(
                    "message",
                    ["id": "B", "to": .jid(bob.lid), "type": "text"],
                    children: [
                        BinaryNode(
                            "participants",
                            children: [BinaryNode("to", ["jid": .jid(bob.lid)], children: [broken])]
                        )
                    ]
                ),
                on: companion.connection
            )
            let receipt = harness.take(companion.connection).first { $0.attributes["type"] == "retry" }
            guard count <= 5 else {
                #expect(receipt == nil, "five times are enough")
                break
            }
            #expect(receipt?.child("retry")?.attributes["count"] == .text(String(count)))
            #expect((receipt?.child("keys") != nil) == (count > 1))
            #expect(receipt?.attributes["from"] == .jid(bob.lid))
        }
        #expect(try log(Self.bob).isEmpty)
    }

    @Test mutating func phoneSendsAgainInAFreshSession() throws {
        _ = try post("one", from: Self.bob, to: try phone(Self.ada).lid)
        _ = try companion.readAll(&harness)
        let bob = try phone(Self.bob).lid
        try companion.send(.text("yes"), id: "Y", to: bob, devices: [bob], &harness)
        let id = try post("two", from: Self.bob, to: try phone(Self.ada).lid)
        companion.forgetSessions()
        let node = try #require(harness.take(companion.connection).last { $0.tag == "message" })
        #expect(throws: SignalError.self) { try companion.read(node) }
        harness.receive(
            BinaryNode(
                "receipt",
                ["id": .text(id), "to": .jid(try phone(Self.bob).lid), "type": "retry"],
                children: [
                    BinaryNode("retry", ["v": "1", "count": "1", "id": .text(id)]),
                    BinaryNode("registration", bytes: companion.companion.registrationID.fourBytes),
                ]
            ),
            on: companion.connection
        )
        let again = try #require(harness.take(companion.connection).last { $0.tag == "message" })
        #expect(again.attributes["id"] == .text(id))
        #expect(again.child("enc")?.attributes["count"] == "1")
        #expect(again.child("enc")?.attributes["type"] == "pkmsg")
        #expect(try companion.read(again).conversation == "two")
    }

    @Test mutating func peerMessageIsForTheCompanionAlone() throws {
        _ = try harness.perform { try $0.sendPeerMessage(.text("key"), from: Self.ada, toDevice: 1) }
        let received = try companion.readAll(&harness)
        #expect(received.map { $0.message.conversation } == ["key"])
        #expect(received.first?.node.attributes["category"] == "peer")
        #expect(received.first?.node.attributes["from"] == .jid(try phone(Self.ada).jid))
        #expect(throws: SandboxError.unknownDevice) {
            try harness.perform { try $0.sendPeerMessage(.text("key"), from: Self.ada, toDevice: 7) }
        }
    }

    @Test mutating func companionGetsALostMessageFromItsOwnPhone() throws {
        let id = try post("again", from: Self.bob, to: try phone(Self.ada).lid)
        _ = harness.take(companion.connection)
        var request = WAMessage()
        request.protocolMessage.type = .peerDataOperationRequestMessage
        request.protocolMessage.peerDataOperationRequestMessage.peerDataOperationRequestType =
            .placeholderMessageResend
        var wanted = WAPeerDataOperationRequestMessage.PlaceholderMessageResendRequest()
        wanted.messageKey.id = id
        request.protocolMessage.peerDataOperationRequestMessage.placeholderMessageResendRequest = [wanted]
        let own = try phone(Self.ada)
        let enc = try companion.encrypt(request, for: own.jid, &harness)
        harness.receive(
            BinaryNode(
                "message",
                ["id": "P", "to": .jid(own.jid), "type": "text", "category": "peer"],
                children: [enc]
            ),
            on: companion.connection
        )
        let answer = try #require(try companion.readAll(&harness).last?.message.protocolMessage)
        let response = answer.peerDataOperationRequestResponseMessage
        #expect(response.stanzaID == "P")
        let bytes = try #require(response.peerDataOperationResult.first).placeholderMessageResendResponse
        let info = try WAWebMessageInfo(serializedBytes: bytes.webMessageInfoBytes)
        #expect(info.message.conversation == "again")
        #expect(info.key.id == id)
        #expect(info.key.remoteJid == (try phone(Self.bob)).lid.description)
    }

    @Test mutating func phonesWriteToEachOther() throws {
        let id = try post("Hi Bob", from: Self.ada, to: try phone(Self.bob).jid)
        #expect(try log(Self.bob).map(\.id) == [id])
        #expect(try log(Self.ada).first?.receipts.map(\.device.number) == [Self.bob])
        #expect(throws: SandboxError.unknownRecipient) {
            try harness.perform { try $0.post(.text("x"), from: Self.ada, to: JID(user: "19", server: .user)) }
        }
    }

    @Test mutating func logIsBounded() throws {
        let limit = try phone(Self.bob).log.capacity
        for index in 0..<limit + 5 { _ = try post("\(index)", from: Self.ada, to: try phone(Self.bob).jid) }
        #expect(try log(Self.bob).count == limit)
        #expect(try log(Self.bob).last?.content.conversation == "\(limit + 4)")
        #expect(try phone(Self.bob).log.last == UInt64(limit + 5))
    }
}
