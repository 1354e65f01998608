import Foundation
import SignalProtocol
import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// A whole session folder of Baileys, out and in again: the conversation goes on where it was.
@Suite(.timeLimit(.minutes(3)))
struct FolderTests {
    private func files(of session: RunningSession) async throws -> [FolderRecords.File] {
        let credentials = try #require(try await session.store.credentials())
        return try await FolderRecords.files(of: credentials, in: session.store, at: Date())
    }

    private func store(from text: String) async throws -> MemoryStore {
        let imported = try SessionIDCodec.decode(text)
        let records = try #require(imported.records())
        #expect(records.unreadable == 0)
        let store = MemoryStore(credentials: imported.credentials)
        _ = try await store.commit(records.batch)
        return store
    }

    @Test func aMovedSessionNeedsNoNewRatchets() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("hello", to: bob.jid)
            try await eventually { bob.texts == ["hello"] }
            _ = try await bob.send("aye", to: ada.jid)
            _ = try await bob.send("all", to: group)
            _ = try await ada.send("to all", to: group)
            try await eventually { ada.texts == ["aye", "all"] && bob.texts == ["hello", "to all"] }
            try await ada.knowsAppState()
            await ada.session.stop()
            // Written while it moves.
            _ = try await bob.send("late", to: ada.jid)
            _ = try await bob.send("late to all", to: group)

            let files = try await files(of: ada)
            let moved = try await store(from: try SessionIDCodec.encode(folder: files).reveal())
            for kind in [RecordKind.signalSession, .senderKey, .preKey, .appStateVersion, .appStateMAC, .lidOfPhone] {
                let before = try await ada.store.list(kind, prefix: "", after: nil, limit: 5_000)
                let after = try await moved.list(kind, prefix: "", after: nil, limit: 5_000)
                // A collection without anything in it is asked for anew.
                let isEmpty = { (value: [UInt8]) in kind == .appStateVersion && value.prefix(8).allSatisfy { $0 == 0 } }
                #expect(before.filter { !isEmpty($0.value) }.map(\.name) == after.map(\.name), "\(kind)")
                #expect(!before.isEmpty, "\(kind)")
            }
            try await world.sandbox.tapMessages()
            let account = try #require(try await moved.credentials())
            let again = try await RunningSession.start(account, in: world, store: moved)
            try await eventually { Set(again.texts) == ["late", "late to all"] }
            _ = try await again.send("here I am", to: bob.jid)
            _ = try await again.send("for all", to: group)
            try await eventually { bob.texts == ["hello", "to all", "here I am", "for all"] }
            #expect(await again.session.counters.decryptFailures == 0)
            #expect(await bob.session.counters.decryptFailures == 0)
            // No key is handed out again, and no session begins.
            let sent = try await world.sandbox.tappedMessages()
            let toGroup = try #require(sent.last { $0.attributes.jid("to") == group })
            #expect(toGroup.child("participants") == nil)
            let device = await bob.device
            let companions = [bob.lid.with(device: device), bob.jid.with(device: device)]
            let types = sent.flatMap { $0.child("participants")?.children("to") ?? [] }
                .filter { target in companions.contains { $0 == target.attributes.jid("jid") } }
                .compactMap { $0.child("enc")?.attributes.text("type") }
            #expect(!types.isEmpty && !types.contains("pkmsg"))
            await again.session.stop()
        }
    }

    @Test func filesAreNamedAsBaileysNamesThem() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let group = try await ada.harbour(with: [bob])
            _ = try await ada.send("to all", to: group)
            try await eventually { bob.texts == ["to all"] }
            _ = try await bob.send("aye", to: ada.jid)
            try await eventually { ada.texts == ["aye"] }
            try await ada.knowsAppState()
            await ada.session.stop()
            let device = await ada.device
            let names = Set(try await files(of: ada).map(\.name))
            for name in [
                "creds.json", "session-\(bob.lid.user)_1.\(await bob.device).json", "session-\(bob.lid.user)_1.0.json",
                "sender-key-\(group)--\(ada.lid.user)_1--\(device).json", "sender-key-memory-\(group).json",
                "lid-mapping-\(bob.jid.user).json", "lid-mapping-\(bob.lid.user)_reverse.json",
                "app-state-sync-version-critical_block.json",
            ] {
                #expect(names.contains(name), "\(name)")
            }
            #expect(names.contains { $0.hasPrefix("app-state-sync-key-") })
            #expect(names.allSatisfy { !$0.contains("/") && !$0.contains(":") })
            let creds = try #require(try await files(of: ada).first).content
            #expect(String(decoding: creds, as: UTF8.self).contains("myAppStateKeyId"))
        }
    }
}
