import Foundation
import NIOCore
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// What is acknowledged only once it is durable, and told until it was heard.
@Suite(.timeLimit(.minutes(3)))
struct SessionEventTests {
    private let ben = "15550002222"

    /// A session that hears nothing out, and what it was told.
    private func deaf(_ credentials: Credentials, _ world: SandboxWorld, _ store: any SessionStore) async -> (
        session: Session, log: EventLog
    ) {
        let log = EventLog()
        let session = Session(
            credentials: credentials,
            store: store,
            environment: world.environment,
            eventLoop: world.group.next(),
            listener: { event, number in
                log.append(event)
                return number == nil ? .heard : .pending
            }
        )
        await session.start()
        return (session, log)
    }

    /// The service keeps a notification that was not stored, and brings it again.
    @Test func aNotificationThatCouldNotBeStoredComesAgain() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let ben = try await world.person(ben, name: "Ben")
            let group = try await ada.session.createGroup(
                GroupCreation(subject: "Harbour", members: [GroupInvitee(jid: ben.jid)])
            ).group
            try await eventually { ben.groupEvents.contains { if case .created = $0.kind { true } else { false } } }
            ben.store.fail(with: .unavailable)
            try await ada.session.setSubject("Marina", of: group.jid)
            #expect(try await ben.stopped() == .storeFailed)
            #expect(!ben.groupEvents.contains { $0.kind == .subject("Marina") })
            ben.store.fail(with: nil)
            let credentials = try #require(await ben.store.credentials())
            let next = try await RunningSession.start(credentials, in: world, store: ben.store)
            try await eventually { next.groupEvents.contains { $0.kind == .subject("Marina") } }
            #expect(try await next.session.metadata(of: group.jid).subject == "Marina")
            await next.session.stop()
            await ada.session.stop()
        }
    }

    /// Messages, receipts, group changes, calls and app state come back in order, from what is kept of them.
    @Test func eventsOfEveryKindAreToldAgain() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let store = MemoryStore(credentials: credentials)
            let first = await deaf(credentials, world, store)
            try await eventually {
                first.log.events.contains { if case .connection(.caughtUp) = $0 { true } else { false } }
            }
            let ben = try await world.person(ben, name: "Ben")
            let ada = JID(user: SandboxWorld.number, server: .user)
            _ = try await ben.send("hello", to: ada)
            let group = try await ben.session.createGroup(
                GroupCreation(subject: "Harbour", members: [GroupInvitee(jid: ada)])
            ).group
            _ = try await ben.send("all", to: group.jid)
            try await eventually { first.log.lasting.count >= 3 }
            let sent = try await first.session.send(.text("answer"), to: ben.jid)
            try await eventually {
                first.log.events.contains {
                    if case .receipt(let receipt) = $0 { receipt.ids == [sent.id] } else { false }
                }
            }
            try await world.sandbox.changeAppState(
                #"{"action":"pin","chat":"15550002222"}"#,
                at: SandboxWorld.number
            )
            try await eventually {
                first.log.events.contains {
                    if case .appState(let changes) = $0 { changes.contains { !$0.isInitial } } else { false }
                }
            }
            let told = first.log.lasting
            await first.session.stop()
            let second = await deaf(credentials, world, store)
            try await eventually { second.log.lasting.count >= told.count }
            #expect(second.log.lasting.prefix(told.count) == told[...])
            await second.session.stop()
            // Whoever hears is told once more, and then no more.
            let third = try await RunningSession.start(credentials, in: world, store: store)
            try await eventually { third.texts == ["hello", "all"] }
            await third.session.stop()
            let last = try await RunningSession.start(credentials, in: world, store: store)
            #expect(last.texts.isEmpty)
            await last.session.stop()
            await ben.session.stop()
        }
    }

    @Test func keysThatTheServiceHasLostAreHandedInAnew() async throws {
        try await SandboxWorld.run { world in
            let first = try await world.person(SandboxWorld.number, name: "Ada")
            await first.session.stop()
            let store = first.store
            // As after a week, and with a key gone that the service still gives away.
            let (name, _) = try #require(try await store.list(.preKey, prefix: "", after: nil, limit: 1).first)
            var batch = StoreBatch()
            batch.put(.setting, "key_bundle_checked", Array("1".utf8))
            batch.delete(.preKey, name)
            _ = try await store.commit(batch)
            let before = try await store.list(.preKey, prefix: "", after: nil, limit: 5_000).count
            let credentials = try #require(await store.credentials())
            let second = try await RunningSession.start(credentials, in: world, store: store)
            try await eventually {
                second.events.contains {
                    if case .note(let note) = $0 { note.text.contains("handed in anew") } else { false }
                }
            }
            try await eventually {
                let count = try await store.list(.preKey, prefix: "", after: nil, limit: 5_000).count
                return count == before + LoginEngine.batchSize
            }
            await second.session.stop()
            // The next look is a week away, and finds nothing wrong where nothing is.
            batch = StoreBatch()
            batch.put(.setting, "key_bundle_checked", Array("1".utf8))
            let sound = try await world.person(ben, name: "Ben")
            await sound.session.stop()
            _ = try await sound.store.commit(batch)
            let next = try await RunningSession.start(
                try #require(await sound.store.credentials()),
                in: world,
                store: sound.store
            )
            try await eventually { try await sound.store.load(.setting, "key_bundle_checked") != Array("1".utf8) }
            #expect(!next.events.contains { if case .note(let note) = $0 { note.level == .warning } else { false } })
            await next.session.stop()
        }
    }

    @Test func aMessageOfADisappearingChatCarriesTheTimerAndAReport() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let ben = try await world.person(ben, name: "Ben")
            _ = try await ben.session.send(OutgoingMessage(.disappearingTimer(.day)), to: ada.jid)
            try await eventually { !ada.messages.isEmpty }
            _ = try await ada.session.send(OutgoingMessage(.text(OutgoingText("soon gone"))), to: ben.jid)
            try await eventually { !ben.messages.isEmpty }
            let message = try #require(ben.messages.last)
            let content = MessageContent(message.message)
            #expect(content.text == "soon gone")
            #expect(content.expiration == 86_400)
            #expect(message.message.messageContextInfo.reportingTokenVersion == 2)
            await ada.session.stop()
            await ben.session.stop()
        }
    }
}

extension WAMessage {
    fileprivate static func text(_ text: String) -> WAMessage {
        var message = WAMessage()
        message.conversation = text
        return message
    }
}

extension RunningSession {
    fileprivate var groupEvents: [GroupEvent] {
        events.compactMap { if case .group(let event) = $0 { event } else { nil } }
    }
}

extension EventLog {
    /// What is told again, in short.
    fileprivate var lasting: [String] {
        events.compactMap { event in
            switch event {
            case .message(let message): "message \(message.id) \(message.chat) \(message.sender) \(message.device)"
            case .receipt(let receipt): "receipt \(receipt)"
            case .group(let event): "group \(event)"
            case .appState(let changes): changes.allSatisfy(\.isInitial) ? nil : "state \(changes)"
            case .identityChanged(let jid): "identity \(jid)"
            case .profile(let change): "profile \(change)"
            default: nil
            }
        }
    }
}
