import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

/// Messages that disappear with their chat's timer, and those that somebody deletes for this account.
@Suite(.timeLimit(.minutes(3)))
struct MessageEndTests {
    private static let day: TimeInterval = 86_400

    private func stored(_ id: String, in session: RunningSession) -> StoredMessage? {
        session.store.messages.first { $0.id == id }
    }

    /// How long after it was written a message disappears.
    private func lifetime(_ id: String, in session: RunningSession) throws -> TimeInterval? {
        let message = try #require(stored(id, in: session))
        return message.expiresAt.map { $0.timeIntervalSince(message.timestamp).rounded() }
    }

    @Test func messagesOfAChatWithATimerEndOnBothSides() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let before = try await ada.session.send(OutgoingMessage(.text(OutgoingText("stays"))), to: bob.jid)
            _ = try await ada.session.send(OutgoingMessage(.disappearingTimer(.day)), to: bob.jid)
            let text = try await ada.session.send(OutgoingMessage(.text(OutgoingText("goes"))), to: bob.jid)
            try await eventually { bob.messages.count == 3 }
            // Without a place for the timer in itself.
            let target = MessageTarget(chat: ada.jid, id: text.id, isFromMe: false, author: ada.jid)
            let reaction = try await bob.session.send(OutgoingMessage(.reaction(target, "👍")), to: ada.jid)
            try await eventually { ada.messages.count == 1 }
            for session in [ada, bob] {
                #expect(try lifetime(before.id, in: session) == nil)
                #expect(try lifetime(text.id, in: session) == Self.day)
                try await eventually { try lifetime(reaction.id, in: session) == Self.day }
            }
            let later = Date(timeIntervalSinceNow: 2 * Self.day)
            bob.store.removeEnded(at: later)
            #expect(bob.store.messages.map(\.id).contains(before.id))
            #expect(!bob.store.messages.map(\.id).contains(text.id))
        }
    }

    @Test func theTimerOfAGroupCounts() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let group = try await ada.harbour(with: [bob])
            try await ada.session.set(.ephemeral(seconds: 604_800), of: group)
            let sent = try await ada.session.send(OutgoingMessage(.text(OutgoingText("hear"))), to: group)
            try await eventually { bob.texts == ["hear"] }
            for session in [ada, bob] { #expect(try lifetime(sent.id, in: session) == 7 * Self.day) }
        }
    }

    @Test func keptMessagesStayUntilTheyAreLetGo() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            _ = try await ada.session.send(OutgoingMessage(.disappearingTimer(.day)), to: bob.jid)
            let sent = try await ada.session.send(OutgoingMessage(.text(OutgoingText("goes"))), to: bob.jid)
            try await eventually { bob.texts.contains("goes") }
            let theirs = MessageTarget(chat: ada.jid, id: sent.id, isFromMe: false, author: ada.jid)
            let later = Date(timeIntervalSinceNow: 2 * Self.day)
            _ = try await bob.session.send(OutgoingMessage(.keep(theirs, isKept: true)), to: ada.jid)
            try await eventually { ada.store.marks.contains { $0.id == sent.id && $0.isKept == true } }
            for session in [ada, bob] {
                session.store.removeEnded(at: later)
                #expect(stored(sent.id, in: session) != nil)
            }
            _ = try await bob.session.send(OutgoingMessage(.keep(theirs, isKept: false)), to: ada.jid)
            try await eventually { ada.store.marks.contains { $0.id == sent.id && $0.isKept == false } }
            for session in [ada, bob] {
                session.store.removeEnded(at: later)
                #expect(stored(sent.id, in: session) == nil)
            }
        }
    }

    // MARK: Deleted for this account

    /// Ada's session, with app state, and what she and Bob have written to each other.
    private func withChat(
        _ body: (SandboxWorld, RunningSession, RunningSession, _ sent: [String]) async throws -> Void
    ) async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await ada.knowsAppState()
            let own = try await ada.send("from Ada", to: bob.jid).id
            let theirs = try await bob.send("from Bob", to: ada.jid).id
            let starred = try await bob.send("starred", to: ada.jid).id
            try await eventually { ada.texts == ["from Bob", "starred"] }
            try await body(world, ada, bob, [own, theirs, starred])
        }
    }

    private func ids(_ session: RunningSession) -> Set<String> { Set(session.store.messages.map(\.id)) }

    @Test func whatThePhoneDeletesGoesHereToo() async throws {
        try await withChat { world, ada, bob, sent in
            let number = ada.jid.user
            try await world.sandbox.changeAppState(
                #"{"action":"delete-message","chat":"\#(bob.jid.user)","message":"\#(sent[1])"}"#,
                at: number
            )
            try await eventually { ids(ada) == [sent[0], sent[2]] }
            try await world.sandbox.changeAppState(
                #"{"action":"star","chat":"\#(bob.jid.user)","message":"\#(sent[2])"}"#,
                at: number
            )
            try await eventually { ada.store.marks.contains { $0.isStarred == true } }
            // Whose last message was an hour ago: nothing is meant that was written since.
            let past = Int(Date(timeIntervalSinceNow: -3_600).timeIntervalSince1970 * 1_000)
            for until in [past, nil] {
                let before = ada.changes.count
                let bound = until.map { #","until":\#($0)"# } ?? ""
                try await world.sandbox.changeAppState(
                    #"{"action":"clear-chat","on":false,"chat":"\#(bob.jid.user)"\#(bound)}"#,
                    at: number
                )
                try await eventually { ada.changes.count > before }
                #expect(ids(ada) == (until == nil ? [sent[2]] : [sent[0], sent[2]]))
            }
            try await world.sandbox.changeAppState(
                #"{"action":"delete-chat","chat":"\#(bob.jid.user)"}"#,
                at: number
            )
            try await eventually { ids(ada).isEmpty }
            // Bob keeps his.
            #expect(ids(bob).count == 3)
        }
    }

    @Test func whatThisDeviceDeletesGoesAtOnce() async throws {
        try await withChat { _, ada, bob, sent in
            let message = AppStateMessage(chat: bob.jid, id: sent[0], isFromMe: true)
            try await ada.session.changeAppState([.deleteForMe(message, deletesMedia: true, sentAt: nil)])
            #expect(ids(ada) == [sent[1], sent[2]])
            let range = AppStateMessageRange(lastMessageAt: Date(timeIntervalSinceNow: 60))
            try await ada.session.changeAppState([
                .clear(chat: bob.jid, deletesStarred: true, deletesMedia: true, range)
            ])
            #expect(ids(ada).isEmpty)
        }
    }
}
