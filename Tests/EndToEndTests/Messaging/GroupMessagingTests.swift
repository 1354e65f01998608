import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(4)))
struct GroupMessagingTests {
    /// Three people in a group that the first has made.
    private func withGroup(
        _ body: (SandboxWorld, JID, _ ada: RunningSession, _ bob: RunningSession, _ eve: RunningSession) async throws ->
            Void
    ) async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let eve = try await world.person("15550003333", name: "Eve")
            let made = try await ada.session.createGroup(
                GroupCreation(subject: "Harbour", members: [bob.jid, eve.jid].map { GroupInvitee(jid: $0) })
            )
            #expect(made.refused.isEmpty)
            let group = made.group.jid
            for other in [bob, eve] {
                _ = try await other.first { event in
                    if case .group(let change) = event, change.group == group { () } else { nil }
                }
            }
            try await body(world, group, ada, bob, eve)
            for person in [ada, bob, eve] { await person.session.stop() }
        }
    }

    @Test func everybodyReadsWhatOneWrites() async throws {
        try await withGroup { _, group, ada, bob, eve in
            for number in 0..<5 { _ = try await ada.send("a\(number)", to: group) }
            _ = try await bob.send("b", to: group)
            try await eventually { bob.texts.count == 5 && eve.texts.count == 6 && ada.texts == ["b"] }
            #expect(bob.texts == (0..<5).map { "a\($0)" })
            #expect(eve.messages.first?.chat == group)
            #expect(eve.messages.first?.sender == ada.lid)
            for person in [ada, bob, eve] { #expect(await person.session.counters.decryptFailures == 0) }
        }
    }

    @Test func whoHasLeftCannotReadWhatFollows() async throws {
        try await withGroup { _, group, ada, bob, eve in
            _ = try await ada.send("before", to: group)
            try await eventually { bob.texts == ["before"] && eve.texts == ["before"] }
            let before = try #require(try await ada.store.load(.ownSenderKey, group.description))
            _ = try await ada.session.change(.remove, [eve.lid], in: group)
            _ = try await ada.send("after", to: group)
            try await eventually { bob.texts == ["before", "after"] }
            let after = try #require(try await ada.store.load(.ownSenderKey, group.description))
            #expect(before.prefix(8) != after.prefix(8))
            #expect(eve.texts == ["before"])
        }
    }

    @Test func aLostSenderKeyIsAskedForAgain() async throws {
        try await withGroup { world, group, ada, bob, _ in
            _ = try await ada.send("first", to: group)
            try await eventually { bob.texts == ["first"] }
            await bob.session.stop()
            // As after an import without the sender keys.
            var loss = StoreBatch()
            loss.deletedPrefixes = [RecordKey(.senderKey, "")]
            _ = try await bob.store.commit(loss)
            let again = try await RunningSession.start(
                try #require(try await bob.store.credentials()),
                in: world,
                store: bob.store
            )
            _ = try await ada.send("second", to: group)
            try await eventually { again.texts == ["second"] }
            #expect(await again.session.counters.decryptFailures == 1)
            await again.session.stop()
        }
    }
}
