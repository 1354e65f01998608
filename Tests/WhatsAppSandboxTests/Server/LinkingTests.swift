import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

struct LinkingTests {
    private let companion = TestCompanion()

    @Test func registrationShowsSixReferencesFromTheServer() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let iq = try #require(harness.take(id).first)
        #expect(iq.attributes["from"] == .jid(.server))
        #expect(iq.attributes.text("type") == "set")
        #expect(iq.attributes.text("xmlns") == "md")
        let references = harness.references([iq])
        #expect(Set(references).count == 6)
        for reference in references {
            #expect(!reference.contains(","))
            #expect((40...80).contains(reference.utf8.count))
        }
    }

    @Test(arguments: [true, false], [true, false])
    func qrLinksInEveryForm(wrapped: Bool, withKey: Bool) throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).last)
        let operation = try harness.scan(companion.qr(reference, clientType: wrapped ? "3" : nil, wrapped: wrapped))
        let iq = try #require(harness.take(id).first)
        #expect(iq.attributes.text("t") == "1766000000")
        let phone = try #require(harness.state.phones[ServerHarness.number])
        let device = try #require(iq.child("pair-success")?.child("device"))
        #expect(device.attributes["jid"] == .jid(phone.jid(of: 1)))
        #expect(device.attributes["lid"] == .jid(phone.lid(of: 1)))
        #expect(iq.child("pair-success")?.child("platform")?.attributes.text("name") == "android")
        #expect(harness.state.phones[ServerHarness.number]?.devices.isEmpty == true, "not before it has signed")

        guard case .reply(let reply) = try companion.check(iq, withKey: withKey) else {
            Issue.record("refused")
            return
        }
        harness.receive(reply, on: id)
        #expect(harness.take(id) == [BinaryNode("stream:error", ["code": "515"])])
        #expect(harness.closed.contains(id))
        guard case .success(.linked(let linked))? = harness.outcomes[operation] else {
            Issue.record("no outcome")
            return
        }
        #expect(linked.device == 1)
        #expect(linked.keyIndex == 1)
        #expect(linked.name == "Test")
        #expect(linked.platform == "firefox")
        #expect(harness.timers.isEmpty)

        let stored = try #require(harness.state.phones[ServerHarness.number]?.devices[1])
        let identity = try WAADVSignedDeviceIdentity(serializedBytes: stored.identity)
        #expect(identity.hasAccountSignatureKey && identity.hasDeviceSignature)
    }

    @Test func businessPhoneNamesItself() throws {
        let order = NewPhone(number: ServerHarness.number, platform: .smba, businessName: "Ada & Co")
        var harness = try ServerHarness.withPhone(order)
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        _ = try harness.scan(companion.qr(reference))
        let success = try #require(harness.take(id).first?.child("pair-success"))
        #expect(success.child("biz")?.attributes.text("name") == "Ada & Co")
        #expect(success.child("platform")?.attributes.text("name") == "smba")
    }

    @Test func wrongScansAreRefusedForTheirReason() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        #expect(throws: SandboxError.unknownPhone) { try harness.scan(companion.qr(reference), number: "15559999999") }
        #expect(throws: SandboxError.unknownReference) { try harness.scan(companion.qr("2@nobody")) }
        #expect(throws: SandboxError.keyMismatch) { try harness.scan(TestCompanion().qr(reference)) }
        _ = try harness.scan(companion.qr(reference))
        #expect(throws: SandboxError.unknownReference, "a reference serves once") {
            try harness.scan(companion.qr(reference))
        }
    }

    @Test func companionsRefusalReachesThePhone() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        let iq = try #require(harness.take(id).first)
        let refusal = BinaryNode(
            "iq",
            ["type": "error", "id": iq.attributes["id"]],
            children: [BinaryNode("error", ["code": "401", "text": "hmac-mismatch"])]
        )
        harness.receive(refusal, on: id)
        #expect(harness.outcomes[operation] == .failure(.companionRefused(code: 401, text: "hmac-mismatch")))
        #expect(harness.state.phones[ServerHarness.number]?.devices.isEmpty == true)
    }

    @Test func forgedDeviceSignatureIsNotTaken() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        let iq = try #require(harness.take(id).first)
        guard case .reply(var reply) = try companion.check(iq) else { return }
        var identity = try #require(reply.child("pair-device-sign")?.child("device-identity"))
        var bytes = Array(try #require(identity.bytes))
        bytes[bytes.count - 1] ^= 4
        identity.content = .bytes(bytes[...])
        reply.content = .nodes([BinaryNode("pair-device-sign", children: [identity])])
        harness.receive(reply, on: id)
        #expect(harness.outcomes[operation] == .failure(.companionRefused(code: nil, text: "bad-device-signature")))
        #expect(harness.closed.contains(id))
        #expect(harness.state.phones[ServerHarness.number]?.devices.isEmpty == true)
    }

    @Test func silentCompanionTimesOut() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        harness.advance(31)
        #expect(harness.outcomes[operation] == .failure(.timedOut))
    }

    @Test func vanishedCompanionIsNoticed() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        harness.perform { $0.closed(id) }
        #expect(harness.outcomes[operation] == .failure(.companionGone))
        #expect(harness.state.connections.isEmpty)
        #expect(harness.state.references.isEmpty)
    }

    @Test func referencesLive160Seconds() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        harness.advance(159)
        #expect(!harness.closed.contains(id))
        harness.advance(2)
        #expect(harness.closed.contains(id))
        #expect(throws: SandboxError.unknownReference) { try harness.scan(companion.qr(reference)) }
    }

    @Test func fifthDeviceIsTooMany() throws {
        var harness = try ServerHarness.withPhone()
        for expected in 1...4 { #expect(try harness.link(TestCompanion()) == UInt16(expected)) }
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        #expect(throws: SandboxError.deviceLimitReached(limit: 4)) { try harness.scan(companion.qr(reference)) }
    }

    @Test func keyIndexesAreNeverUsedAgain() throws {
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(TestCompanion())
        try harness.perform { try $0.unlink(1, of: ServerHarness.number) }
        #expect(try harness.link(companion) == 2)
        let phone = try #require(harness.state.phones[ServerHarness.number])
        #expect(phone.devices[2]?.keyIndex == 2)
        let signed = try WAADVSignedKeyIndexList(serializedBytes: phone.keyIndexList.signed)
        let list = try WAADVKeyIndexList(serializedBytes: signed.details)
        #expect(list.validIndexes == [0, 2])
        #expect(list.currentIndex == 2)
        #expect(
            XEdDSA.isValid(
                signed.accountSignature,
                for: [6, 2] + signed.details,
                publicKey: phone.keys.identity.publicKey
            )
        )
    }

    @Test func brokenRegistrationIsRefused() throws {
        var harness = try ServerHarness.withPhone()
        for change: (inout WAClientPayload) -> Void in [
            { $0.devicePairingData.eSkeySig[0] ^= 1 }, { $0.devicePairingData.eIdent = Data([1]) },
            { $0.devicePairingData.eRegid = Data() }, { $0.devicePairingData.eSkeyID = Data(count: 9) },
            { $0.clearDevicePairingData() },
        ] {
            let id = harness.connect(companion, payload: try companion.registration(change: change))
            #expect(harness.take(id).first?.attributes.text("reason") == "400")
            #expect(harness.closed.contains(id))
        }
        let id = harness.connect(companion, payload: [0xff, 0xff, 0xff])
        #expect(harness.closed.contains(id))
    }

    @Test func otherDevicesLearnOfNewAndRemovedOnes() throws {
        var harness = try ServerHarness.withPhone()
        #expect(try harness.link(companion) == 1)
        let first = try harness.logIn(companion, device: 1)
        _ = harness.take(first)
        _ = try harness.link(TestCompanion())
        let added = try #require(harness.take(first).first)
        let phone = try #require(harness.state.phones[ServerHarness.number])
        #expect(added.attributes["from"] == .jid(phone.jid))
        #expect(added.attributes.text("type") == "devices")
        #expect(added.child("add")?.child("device")?.attributes["jid"] == .jid(phone.jid(of: 2)))
        #expect(added.child("add")?.child("device")?.attributes.text("key-index") == "2")
        #expect(added.child("add")?.child("key-index-list")?.bytes.map(Array.init) == phone.keyIndexList.signed)

        try harness.perform { try $0.unlink(2, of: ServerHarness.number) }
        let removed = try #require(harness.take(first).first)
        #expect(removed.child("remove")?.child("device")?.attributes["jid"] == .jid(phone.jid(of: 2)))
    }
}
