import Testing
import WharfTestSupport
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// Who has the own key of a group: those that the service has taken it for, and nobody before.
@Suite(.timeLimit(.minutes(4)))
struct GroupKeyTests {
    private func holders(_ ada: RunningSession, _ group: JID) async throws -> Set<String> {
        guard let kept = try await ada.store.load(.ownSenderKey, group.description) else { return [] }
        return try SharedSenderKey(encoded: kept).devices
    }

    /// Neither those of a device that is gone nor those of a group that was left are of any more use.
    @Test func keysOfOthersGoWithTheirDevicesAndWithTheGroup() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let eve = try await world.person("15550003333", name: "Eve")
            let other = try await ada.harbour(with: [bob, eve])
            for (person, chat) in [(bob, group), (bob, other), (eve, other)] {
                _ = try await person.send("hello", to: chat)
            }
            try await eventually { ada.texts.count == 3 }
            func kept() async throws -> Set<String> {
                let all = try await ada.store.list(.senderKey, prefix: "", after: nil, limit: 100)
                return Set(all.map(\.name))
            }
            let bobs = bob.lid.with(device: await bob.device).signalName
            let eves = eve.lid.with(device: await eve.device).signalName
            try await eventually { try await kept() == ["\(group)|\(bobs)", "\(other)|\(bobs)", "\(other)|\(eves)"] }
            let removal = BinaryNode(
                "notification",
                ["from": .jid(eve.lid), "type": "devices", "id": "gone", "t": "1"],
                children: [
                    BinaryNode(
                        "remove",
                        children: [BinaryNode("device", ["jid": .jid(eve.lid.with(device: await eve.device))])]
                    )
                ]
            )
            try await world.sandbox.deliver(removal, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { try await kept() == ["\(group)|\(bobs)", "\(other)|\(bobs)"] }
            _ = try await ada.session.leave([group])
            try await eventually { try await kept() == ["\(other)|\(bobs)"] }
            _ = try await bob.send("still here", to: other)
            try await eventually { ada.texts.last == "still here" }
            await eve.session.stop()
        }
    }

    /// The key went with a message that the service has refused.
    @Test(arguments: [403, 479]) func aRefusedMessageHandsOutNothing(code: Int) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let scope = FaultScope(number: ada.jid.user, device: await ada.device)
            try await world.sandbox.inject(.refuseMessage(code: code), scope: scope)
            await #expect(throws: SendError.refused(code: code)) { _ = try await ada.send("no", to: group) }
            _ = try await ada.send("one", to: group)
            _ = try await ada.send("two", to: group)
            try await eventually { bob.texts == ["one", "two"] }
            #expect(await bob.session.counters.decryptFailures == 0)
        }
    }

    /// As after a crash: nobody knows whether the message with the key has left.
    @Test func whatWasNotAcknowledgedIsHandedOutAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let scope = FaultScope(number: ada.jid.user, device: await ada.device)
            try await world.sandbox.tapMessages()
            try await world.sandbox.inject(.loseAck, scope: scope)
            let lost = Task { try await ada.send("one", to: group) }
            try await eventually { bob.texts == ["one"] }
            #expect(try await holders(ada, group).isEmpty)
            // While the process lives the next message needs no second copy.
            _ = try await ada.send("two", to: group)
            await ada.session.stop()
            await #expect(throws: SendError.notConnected) { _ = try await lost.value }
            #expect(try await holders(ada, group).isEmpty)
            let again = try await ada.again(in: world)
            _ = try await again.send("three", to: group)
            _ = try await again.send("four", to: group)
            try await eventually { bob.texts == ["one", "two", "three", "four"] }
            let keyed = try await world.sandbox.tappedMessages().map { $0.child("participants") != nil }
            #expect(keyed == [true, false, true, false])
            #expect(await bob.session.counters.decryptFailures == 0)
            let bobs = bob.lid.with(device: await bob.device).signalName
            try await eventually { try await holders(again, group).contains(bobs) }
            await again.session.stop()
        }
    }
}
