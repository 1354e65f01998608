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
