import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Who learns of what has been read.
@Suite(.timeLimit(.minutes(4)))
struct ReceiptTests {
    /// Ada, and Bob with two devices.
    private func withTwoDevices(
        _ body: (SandboxWorld, RunningSession, RunningSession, RunningSession) async throws -> Void
    ) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let second = try await RunningSession.start(try await world.link(bob.jid.user), in: world)
            try await body(world, ada, bob, second)
            await second.session.stop()
        }
    }

    private func status(_ session: RunningSession, _ id: String) -> MessageStatus? {
        session.store.messages.first { $0.id == id }?.status
    }

    @Test(arguments: [false, true]) func whatOneDeviceReadsTheOthersKnow(isPlayed: Bool) async throws {
        try await withTwoDevices { _, ada, bob, second in
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] && second.texts == ["hello"] }
            let chat = try #require(bob.messages.first?.chat)
            try await bob.session.markRead([sent.id], in: chat, author: nil, isPlayed: isPlayed)
            let wanted: MessageStatus = isPlayed ? .played : .read
            try await eventually { status(ada, sent.id) == wanted }
            try await eventually { status(bob, sent.id) == wanted && status(second, sent.id) == wanted }
            #expect(second.store.chats[chat.description]?.unreadCount == 0)
            try await eventually {
                second.receipts.contains { $0.isOwnDevice && $0.status == wanted && $0.ids == [sent.id] }
            }
        }
    }

    /// It came to a device that cannot show it: nobody has got it yet.
    @Test func aDeviceThatIsNotAbleCountsAsNone() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let receipt = BinaryNode(
                "receipt",
                ["from": .jid(bob.lid), "id": "3EB0ABLE", "t": "1"],
                children: [BinaryNode("error", ["reason": "lid", "type": "feature-incapable"])]
            )
            try await world.sandbox.deliver(receipt, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { ada.receipts.contains { $0.ids == ["3EB0ABLE"] && $0.status == .sent } }
        }
    }

    /// Whoever calls the chat by its number tells the author all the same, under the name that the service knows.
    @Test func aChatIsReadUnderEitherName() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            try await bob.session.markRead([sent.id], in: ada.jid, author: nil)
            try await eventually { status(ada, sent.id) == .read && status(bob, sent.id) == .read }
            let stanzas = try await world.sandbox.recentStanzas().filter { $0.contains(#"type="read""#) }
            #expect(stanzas.contains { $0.hasPrefix("received") && $0.contains(#"to="\#(ada.lid)""#) })
        }
    }

    @Test func whatIsReadInAGroupIsReadOnTheOtherDevices() async throws {
        try await withTwoDevices { _, ada, bob, second in
            let group = try await ada.harbour(with: [bob, second])
            let sent = try await ada.send("all", to: group)
            try await eventually { bob.texts == ["all"] && second.texts == ["all"] }
            let author = try #require(bob.messages.first?.sender)
            try await bob.session.markRead([sent.id], in: group, author: author)
            try await eventually { status(second, sent.id) == .read }
            let receipt = try #require(second.receipts.last)
            #expect(receipt.isOwnDevice && receipt.by == bob.lid && receipt.chat == group)
            try await eventually { ada.receipts.contains { $0.by == bob.lid && $0.status == .read } }
        }
    }

    @Test(arguments: [false, true]) func whoShowsNobodyTellsTheOwnDevicesAlone(isPlayed: Bool) async throws {
        try await withTwoDevices { world, ada, bob, second in
            try await bob.session.setPrivacy(.readReceipts, to: .nobody)
            let sent = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] && second.texts == ["hello"] }
            let chat = try #require(bob.messages.first?.chat)
            try await bob.session.markRead([sent.id], in: chat, author: nil, isPlayed: isPlayed)
            let wanted: MessageStatus = isPlayed ? .played : .read
            try await eventually { status(second, sent.id) == wanted }
            // Another device opens it up again; this one asks anew.
            try await second.session.setPrivacy(.readReceipts, to: .all)
            try await eventually { await bob.session.isReadingShown == nil }
            let next = try await ada.send("and now?", to: bob.jid)
            try await eventually { bob.texts.last == "and now?" }
            try await bob.session.markRead([next.id], in: chat, author: nil)
            try await eventually { status(ada, next.id) == .read }
            #expect(status(ada, sent.id).map { $0 < .read } == true)
        }
    }

    @Test func aStatusIsReadUnderBothNamesOfItsAuthor() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            _ = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            let list = JID(user: "status", server: .broadcast)
            try await bob.session.markRead(["3EB0"], in: list, author: ada.lid)
            try await eventually {
                try await world.sandbox.recentStanzas().contains {
                    $0.contains(#"context="status""#) && $0.contains(#"peer_participant_pn="\#(ada.jid)""#)
                        && $0.contains(#"participant="\#(ada.lid)""#)
                }
            }
        }
    }
}
