import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// One person under two names: what is kept, and what is forgotten.
@Suite(.timeLimit(.minutes(4)))
struct AddressTests {
    /// As with an import from before the mapping was known: everything is under the phone number.
    @Test func whatIsKeptUnderThePhoneNumberGoesOnUnderTheLID() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("hello", to: bob.jid)
            _ = try await ada.send("all", to: group)
            try await eventually { bob.texts == ["hello", "all"] }
            _ = try await bob.send("aye", to: ada.jid)
            try await eventually { ada.texts == ["aye"] }
            await bob.session.stop()
            let device = await ada.device
            let lid = ada.lid.with(device: device).signalName
            let phone = ada.jid.with(device: device).signalName
            let session = try #require(try await bob.store.load(.signalSession, lid))
            let key = try #require(try await bob.store.load(.senderKey, "\(group)|\(lid)"))
            var batch = StoreBatch()
            batch.put(.signalSession, phone, session)
            batch.delete(.signalSession, lid)
            batch.put(.senderKey, "\(group)|\(phone)", key)
            batch.delete(.senderKey, "\(group)|\(lid)")
            batch.delete(.lidOfPhone, ada.jid.user)
            batch.delete(.phoneOfLID, ada.lid.user)
            _ = try await bob.store.commit(batch)
            let again = try await bob.again(in: world)
            _ = try await ada.send("more", to: bob.jid)
            _ = try await ada.send("for all", to: group)
            try await eventually { again.texts == ["more", "for all"] }
            #expect(await again.session.counters.decryptFailures == 0)
            try await eventually {
                let old = try await bob.store.load([
                    RecordKey(.signalSession, phone), RecordKey(.senderKey, "\(group)|\(phone)"),
                ])
                let new = try await bob.store.load([
                    RecordKey(.signalSession, lid), RecordKey(.senderKey, "\(group)|\(lid)"),
                ])
                return old.isEmpty && new.count == 2
            }
            await again.session.stop()
        }
    }

    /// Bob goes on under a new number; whoever gets the old one is not written to in his place.
    @Test func aNumberThatWasGivenUpIsNobodysAnyMore() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            #expect(try await ada.session.lid(of: bob.jid) == bob.lid)
            let new = JID(user: "15550004444", server: .user)
            let notice = BinaryNode(
                "notification",
                ["from": .jid(bob.jid), "type": "contacts", "id": "moved", "t": "1766000000"],
                children: [
                    BinaryNode(
                        "modify",
                        ["old": .jid(bob.jid), "new": .jid(new), "old_lid": .jid(bob.lid), "new_lid": .jid(bob.lid)]
                    )
                ]
            )
            try await world.sandbox.deliver(notice, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { try await ada.session.lid(of: new) == bob.lid }
            #expect(try await ada.session.lid(of: bob.jid) == nil)
            #expect(try await ada.session.phone(of: bob.lid) == new)
            try await eventually { try await ada.store.load(.lidOfPhone, bob.jid.user) == nil }
            #expect(ada.store.contacts[new.description]?.lid == bob.lid.description)
        }
    }

    /// The notification names neither the LID of the user nor that of the device.
    @Test func aRemovedDeviceIsForgottenUnderItsLID() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            let device = await bob.device
            let name = bob.lid.with(device: device).signalName
            #expect(try await ada.store.load(.signalSession, name) != nil)
            let notice = BinaryNode(
                "notification",
                ["from": .jid(bob.jid), "type": "devices", "id": "gone", "t": "1"],
                children: [
                    BinaryNode(
                        "remove",
                        ["device_hash": "2:AAAAAAAA"],
                        children: [BinaryNode("device", ["jid": .jid(bob.jid.with(device: device))])]
                    )
                ]
            )
            try await world.sandbox.deliver(notice, toDevice: await ada.device, of: ada.jid.user)
            try await eventually {
                let kept = try await ada.store.load([
                    RecordKey(.signalSession, name), RecordKey(.deviceList, bob.lid.description),
                    RecordKey(.deviceList, bob.jid.description),
                ])
                return kept.isEmpty
            }
            _ = try await ada.send("again", to: bob.jid)
            try await eventually { bob.texts == ["hello", "again"] }
        }
    }

    /// Where the structure does not name the phone's key, the phone's identity as last seen decides.
    @Test func aCompanionIsCheckedAgainstThePhoneThatIsKnown() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            let identity = try #require(await bob.session.deviceIdentityNode)
            var bare = try WAADVSignedDeviceIdentity(serializedBytes: Array(try #require(identity.bytes)))
            bare.clearAccountSignatureKey()
            let node = BinaryNode("device-identity", bytes: try bare.serializedBytes() as [UInt8])
            let companion = bob.lid.with(device: await bob.device)
            let key = await bob.session.credentials.identityKey.publicKey
            #expect(try await ada.session.isVouchedFor(companion, identityKey: key, node))
            #expect(try await ada.session.isVouchedFor(companion, identityKey: key, identity))
            // Signed by another phone than the one that is known; nobody knows the phone of a stranger.
            bare.accountSignature[3] ^= 1
            let forged = BinaryNode("device-identity", bytes: try bare.serializedBytes() as [UInt8])
            #expect(try await !ada.session.isVouchedFor(companion, identityKey: key, forged))
            let stranger = JID(user: "299999999999999", server: .lid, device: 2)
            #expect(try await ada.session.isVouchedFor(stranger, identityKey: key, forged))
            #expect(SignalError.unknownCompanion.retryReason == 12)
        }
    }

    /// A first message whose companion is not signed by its phone is not read, and the reason is told.
    @Test func aCompanionThatNobodyVouchesForIsNotRead() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            await bob.session.forgeIdentity()
            _ = try await bob.send("let me in", to: ada.jid)
            try await eventually {
                try await world.sandbox.recentStanzas().contains {
                    $0.hasPrefix("received <receipt") && $0.contains(#"error="12""#)
                }
            }
            #expect(ada.texts.isEmpty)
        }
    }
}

extension Session {
    /// Damages the own signed identity, as it is shown to others.
    func forgeIdentity() {
        credentials.account?.identity.accountSignature[5] ^= 1
    }
}
