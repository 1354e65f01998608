import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// What goes wrong between two sessions, and what becomes of the messages.
@Suite(.timeLimit(.minutes(4)))
struct MessageFaultTests {
    /// Deliveries to one session.
    private func scope(_ session: RunningSession) async -> FaultScope {
        FaultScope(number: session.jid.user, device: await session.device)
    }

    @Test func aMessageThatComesTwiceIsToldOnce() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.inject(.duplicateMessage, scope: await scope(bob), times: 3)
            for number in 0..<3 { _ = try await ada.send("\(number)", to: bob.jid) }
            try await eventually { await bob.session.counters.duplicates == 3 && bob.texts.count == 3 }
            #expect(bob.texts == ["0", "1", "2"])
            #expect(await bob.session.counters.decryptFailures == 0)
        }
    }

    @Test func aMessageThatWasOvertakenIsRead() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("first", to: bob.jid)
            try await eventually { bob.texts == ["first"] }
            try await world.sandbox.inject(.reorderMessages, scope: await scope(bob))
            _ = try await ada.send("slow", to: bob.jid)
            _ = try await ada.send("fast", to: bob.jid)
            try await eventually { bob.texts.count == 3 }
            #expect(bob.texts == ["first", "fast", "slow"])
            #expect(await bob.session.counters.decryptFailures == 0)
        }
    }

    @Test func aChangedCiphertextIsAskedForAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            _ = try await bob.send("answer", to: ada.jid)
            try await eventually { ada.texts == ["answer"] }
            try await world.sandbox.tapMessages()
            try await world.sandbox.inject(.corruptMessage, scope: await scope(bob))
            let sent = try await ada.send("broken", to: bob.jid)
            try await eventually { bob.texts == ["before", "broken"] }
            #expect(bob.messages.last?.id == sent.id)
            #expect(await bob.session.counters.decryptFailures == 1)
            let again = try #require(try await world.sandbox.tappedMessages().last?.child("enc"))
            #expect(again.attributes.text("count") == "1")
            // What Bob writes next begins anew, and both go on.
            _ = try await bob.send("one", to: ada.jid)
            _ = try await ada.send("two", to: bob.jid)
            try await eventually { bob.texts.last == "two" && ada.texts == ["answer", "one"] }
            #expect(await ada.session.counters.decryptFailures == 0)
            #expect(await bob.session.counters.decryptFailures == 1)
        }
    }

    /// Four answers that cannot be read either; after the fifth question the phone has it.
    @Test func whatStaysUnreadableComesFromTheOwnPhone() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            try await world.sandbox.tapMessages()
            try await world.sandbox.inject(.corruptMessage, scope: await scope(bob), times: 5)
            let sent = try await ada.send("broken", to: bob.jid)
            try await eventually { bob.texts == ["before", "broken"] }
            #expect(bob.messages.last?.id == sent.id)
            #expect(bob.unreadable.map(\.id) == [sent.id])
            #expect(bob.unreadable.map(\.reason) == [.undecryptable])
            #expect(await bob.session.counters.decryptFailures == 5)
            let counts = try await world.sandbox.tappedMessages()
                .filter { $0.attributes.text("id") == sent.id }
                .compactMap { $0.child("enc")?.attributes.text("count") }
            #expect(counts == ["1", "2", "3", "4"])
            // Fresh keys go with the second question and every later one.
            let questions = try await world.sandbox.recentStanzas()
                .filter { $0.hasPrefix("received <receipt") && $0.contains(#"type="retry""#) }
            #expect(questions.map { $0.contains("<keys>") } == [false, true, true, true, true])
            _ = try await ada.send("after", to: bob.jid)
            try await eventually { bob.texts.last == "after" }
        }
    }

    @Test func aLostAcknowledgementIsMadeUpForAfterAReconnect() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await world.sandbox.inject(.loseAck, scope: await scope(ada))
            async let sending = ada.send("once", to: bob.jid)
            try await eventually { bob.texts == ["before", "once"] }
            try await world.sandbox.inject(.drop, scope: await scope(ada))
            let sent = try await sending
            #expect(bob.messages.last?.id == sent.id)
            try await eventually { await bob.session.counters.duplicates == 1 }
            #expect(bob.texts == ["before", "once"])
            #expect(bob.store.messages.count == 2)
        }
    }

    @Test(arguments: [401, 403, 404, 463, 475, 479])
    func aRefusalIsTheCallersToKnow(code: Int) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            if code == 463 { try await world.sandbox.setReachOutLock(true, of: ada.jid.user) }
            if code == 475 { try await world.sandbox.setNewChats(used: 30, total: 30, of: ada.jid.user) }
            try await world.sandbox.inject(.refuseMessage(code: code), scope: await scope(ada))
            await #expect(throws: SendError.refused(code: code)) { _ = try await ada.send("no", to: bob.jid) }
            let restrictions = await ada.session.restrictions
            #expect(restrictions.isReachOutLocked == (code == 463))
            #expect(restrictions.isNewChatCapReached == (code == 475))
            try await eventually { ada.store.messages.last?.status == .failed }
            // After 479 the devices are asked for anew.
            let address = try await ada.session.wireAddress(of: bob.jid)
            let isKnown = try await ada.store.load(.deviceList, address.description) != nil
            #expect(isKnown == (code != 479))
            _ = try await ada.send("yes", to: bob.jid)
            try await eventually { bob.texts == ["before", "yes"] }
        }
    }

    /// In a group it is not the group's own list that may be stale, but those of its members.
    @Test func aRefusalInAGroupForgetsItsMembersDevices() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("before", to: group)
            try await eventually { bob.texts == ["before"] }
            #expect(try await ada.store.load(.deviceList, bob.lid.description) != nil)
            try await world.sandbox.inject(.refuseMessage(code: 479), scope: await scope(ada))
            await #expect(throws: SendError.refused(code: 479)) { _ = try await ada.send("no", to: group) }
            try await eventually {
                let bobs = try await ada.store.load(.deviceList, bob.lid.description)
                let own = try await ada.store.load(.deviceList, ada.lid.description)
                return bobs == nil && own == nil
            }
            _ = try await ada.send("yes", to: group)
            try await eventually { bob.texts == ["before", "yes"] }
        }
    }

    /// Encrypted in a way that is not known here: asked for again, as what does not decrypt.
    @Test func whatIsEncryptedInAnUnknownWayIsAskedForAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let message = BinaryNode(
                "message",
                [
                    "from": .jid(bob.lid.with(device: await bob.device)), "id": "3EB0UNKNOWN", "type": "text",
                    "t": .text(String(Int(Date().timeIntervalSince1970))),
                ],
                children: [BinaryNode("enc", ["v": "4", "type": "pqmsg"], bytes: [1, 2, 3])]
            )
            try await world.sandbox.deliver(message, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { await ada.session.counters.decryptFailures == 1 }
            try await eventually {
                try await world.sandbox.recentStanzas().contains {
                    $0.hasPrefix("received <receipt") && $0.contains(#"type="retry""#) && $0.contains("3EB0UNKNOWN")
                }
            }
        }
    }

    /// The service says it of one person several times within moments.
    @Test func aNoticeThatIsRepeatedCountsOnce() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            try await eventually { bob.texts == ["before"] }
            for number in 0..<3 {
                let notice = BinaryNode(
                    "notification",
                    ["from": .jid(bob.lid), "type": "encrypt", "id": .text("identity\(number)"), "t": "1"],
                    children: [BinaryNode("identity")]
                )
                try await world.sandbox.deliver(notice, toDevice: await ada.device, of: ada.jid.user)
            }
            try await eventually {
                let acks = try await world.sandbox.recentStanzas().filter { $0.hasPrefix("received <ack") }
                return acks.filter { $0.contains(#"id="identity"#) }.count == 3
            }
            let told = ada.events.filter { if case .identityChanged = $0 { true } else { false } }
            #expect(told.count == 1)
            _ = try await ada.send("after", to: bob.jid)
            try await eventually { bob.texts == ["before", "after"] }
        }
    }

    /// A person's devices are others than the list says, as the answer of the service tells; once, not with each message.
    @Test func aStaleListOfAPersonIsMendedByTheHash() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            let address = try await ada.session.wireAddress(of: bob.jid)
            for (round, isForgotten) in [true, false].enumerated() {
                #expect(try await ada.store.load(.deviceList, address.description) != nil)
                try await world.sandbox.inject(.loseAck, scope: await scope(ada))
                var message = WAMessage()
                message.conversation = "\(round)"
                let content = message
                async let sending = ada.session.send(content, to: bob.jid, id: "3EB0HASH\(round)")
                try await eventually { bob.texts.last == "\(round)" }
                let ack = BinaryNode(
                    "ack",
                    [
                        "class": "message", "id": .text("3EB0HASH\(round)"), "from": .jid(address), "t": "1766000000",
                        "phash": "2:AAAAAAAA",
                    ]
                )
                try await world.sandbox.deliver(ack, toDevice: await ada.device, of: ada.jid.user)
                _ = try await sending
                _ = await ada.session.durable()
                #expect(try await (ada.store.load(.deviceList, address.description) == nil) == isForgotten)
                _ = try await ada.send("between", to: bob.jid)
            }
        }
    }

    /// Each question with a key would cost one; whoever is asked on and on gets no more.
    @Test func aSenderWhoCannotBeReadDoesNotUseUpOurKeys() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await bob.send("before", to: ada.jid)
            try await eventually { ada.texts == ["before"] }
            let sender = bob.lid.with(device: await bob.device)
            let before = await ada.session.credentials.nextPreKeyID
            for number in 0..<40 {
                let enc = BinaryNode(
                    "enc",
                    ["v": "2", "type": "msg", "count": "1"],
                    bytes: [0x33] + [UInt8](repeating: UInt8(number), count: 60)
                )
                let message = BinaryNode(
                    "message",
                    [
                        "from": .jid(sender), "id": .text("3EB0UNREADABLE\(number)"), "type": "text",
                        "t": .text(String(Int(Date().timeIntervalSince1970))),
                    ],
                    children: [enc]
                )
                try await world.sandbox.deliver(message, toDevice: await ada.device, of: ada.jid.user)
            }
            try await eventually { await ada.session.counters.decryptFailures == 40 }
            try await eventually { ada.notes.contains { $0.contains("one-time keys") } }
            let used = await ada.session.credentials.nextPreKeyID - before
            #expect(used == UInt32(KeyAllowances.perSender))
            #expect(ada.notes.count { $0.contains("one-time keys") } == 1)
            _ = try await bob.send("after", to: ada.jid)
            try await eventually { ada.texts == ["before", "after"] }
        }
    }

    @Test(arguments: [408, 429]) func whatPassesIsTriedAgainByItself(code: Int) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await world.sandbox.inject(.refuseMessage(code: code), scope: await scope(ada))
            let sent = try await ada.send("patience", to: bob.jid)
            try await eventually { bob.texts == ["patience"] }
            #expect(bob.messages.first?.id == sent.id)
        }
    }

    /// What comes after a message that is tried again waits for it.
    @Test func whatIsTriedAgainIsNotOvertaken() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("before", to: bob.jid)
            let answers = await ada.session.counters.acknowledged
            try await world.sandbox.inject(.refuseMessage(code: 429), scope: await scope(ada))
            async let first = ada.send("first", to: bob.jid)
            try await eventually { await ada.session.counters.acknowledged == answers + 1 }
            async let second = ada.send("second", to: bob.lid)
            async let third = ada.send("third", to: bob.jid)
            _ = try await (first, second, third)
            try await eventually { bob.texts.count == 4 }
            #expect(Array(bob.texts.prefix(2)) == ["before", "first"])
            #expect(await ada.session.sending.lines.isEmpty)
        }
    }

    @Test func aGroupThatIsAddressedOtherwiseIsAskedForAndSentToAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            try await world.sandbox.inject(.refuseMessage(code: 421), scope: await scope(ada))
            let sent = try await ada.send("all", to: group)
            try await eventually { bob.texts == ["all"] }
            #expect(bob.messages.first?.id == sent.id)
            #expect(await bob.session.counters.decryptFailures == 0)
            #expect(bob.store.messages.count == 1)
        }
    }

    /// Taken, but the group goes by phone numbers now: it is sent once more, as the same message.
    @Test func aGroupThatWasAddressedOtherwiseThanItIsNowGetsItAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("before", to: group)
            try await world.sandbox.tapMessages()
            try await world.sandbox.inject(.loseAck, scope: await scope(ada), times: 2)
            var message = WAMessage()
            message.conversation = "all"
            let content = message
            async let sending = ada.session.send(content, to: group, id: "3EB0ADDRESSED")
            try await eventually { bob.texts == ["before", "all"] }
            func acknowledge(_ mode: String) async throws {
                let ack = BinaryNode(
                    "ack",
                    [
                        "class": "message", "id": "3EB0ADDRESSED", "from": .jid(group), "t": "1766000000",
                        "addressing_mode": .text(mode),
                    ]
                )
                try await world.sandbox.deliver(ack, toDevice: await ada.device, of: ada.jid.user)
            }
            try await acknowledge("pn")
            try await eventually { try await world.sandbox.tappedMessages().count == 2 }
            try await acknowledge("pn")
            #expect(try await sending.id == "3EB0ADDRESSED")
            let modes = try await world.sandbox.tappedMessages().map { $0.attributes.text("addressing_mode") }
            #expect(modes == ["lid", "pn"])
            let kept = ada.store.messages.filter { $0.id == "3EB0ADDRESSED" }
            #expect(kept.count == 1)
            #expect(bob.texts == ["before", "all"])
        }
    }

    /// The acknowledgement tells that the list of devices was another.
    @Test func aStaleDeviceListIsMendedByTheHash() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let stale = try await world.sandbox.inject(.staleDevices, scope: FaultScope(number: bob.jid.user))
            guard case .standing(let fault) = stale else { return }
            _ = try await ada.send("early", to: group)
            try await eventually { await bob.session.counters.decryptFailures == 1 }
            try await world.sandbox.clearFaults(fault.id)
            _ = try await ada.send("late", to: group)
            try await eventually { bob.texts.contains("late") }
            let failures = await bob.session.counters.decryptFailures
            _ = try await ada.send("last", to: group)
            try await eventually { bob.texts.contains("last") }
            #expect(await bob.session.counters.decryptFailures == failures)
        }
    }

    @Test func yesterdaysMessagesAreNotToldAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            for number in 0..<4 {
                _ = try await ada.send("\(number)", to: number % 2 == 0 ? bob.jid : group)
            }
            try await eventually { bob.texts.count == 4 }
            let told = bob.texts
            await bob.session.stop()
            let again = try await bob.again(in: world)
            try await world.sandbox.inject(.replayMessages, scope: await scope(again))
            _ = try await ada.send("new", to: bob.jid)
            try await eventually { again.texts == ["new"] }
            #expect(await again.session.counters.duplicates >= 4)
            #expect(await again.session.counters.decryptFailures == 0)
            #expect(bob.store.messages.count == told.count + 1)
            await again.session.stop()
        }
    }
}

extension RunningSession {
    /// Makes a group, once all members know of it.
    func harbour(with members: [RunningSession]) async throws -> JID {
        let made = try await session.createGroup(
            GroupCreation(subject: "Harbour", members: members.map { GroupInvitee(jid: $0.jid) })
        ).group.jid
        for other in members {
            _ = try await other.first { event in
                if case .group(let change) = event, change.group == made { () } else { nil }
            }
        }
        return made
    }
}
