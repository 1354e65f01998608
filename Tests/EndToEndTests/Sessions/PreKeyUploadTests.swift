import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// One-time keys that the service does not take at once.
@Suite(.timeLimit(.minutes(3)))
struct PreKeyUploadTests {
    private func keys(_ running: RunningSession) async throws -> Int {
        try await running.store.list(.preKey, prefix: "", after: nil, limit: 5_000).count
    }

    private var few: BinaryNode {
        BinaryNode(
            "notification",
            ["from": .jid(.server), "type": "encrypt", "id": "few"],
            children: [BinaryNode("count", ["value": "3"])]
        )
    }

    /// A refill that is refused is tried again, on the same connection and with the same keys.
    @Test func aRefusedRefillIsHandedInAgain() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let before = try await keys(ada)
            let scope = FaultScope(number: ada.jid.user)
            try await world.sandbox.inject(.refusePreKeys(code: 500), scope: scope)
            try await world.sandbox.deliver(few, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { try await world.sandbox.faults().isEmpty }
            _ = try await bob.send("meanwhile", to: ada.jid)
            try await eventually { ada.texts == ["meanwhile"] }
            try await eventually { try await ada.store.credentials()?.serverHasPreKeys == true }
            #expect(try await keys(ada) <= before + LoginEngine.batchSize)
            #expect(await ada.session.counters.disconnects == 0)
            let credentials = await ada.session.credentials
            #expect(credentials.firstUnuploadedPreKeyID == credentials.nextPreKeyID)
        }
    }

    /// What an earlier run made in vain is offered first; what has gone out with a question in between is not.
    @Test func whatWasNeverTakenIsOfferedByTheNextLogin() async throws {
        try await SandboxWorld.run { world in
            let scope = FaultScope(number: SandboxWorld.number)
            try await world.sandbox.inject(.refusePreKeys(code: 503), scope: scope, times: nil)
            let first = try await RunningSession.start(try await world.link(), in: world)
            try await eventually { try await first.store.credentials()?.nextPreKeyID == 813 }
            _ = await first.session.freshKeys()
            #expect(await first.session.credentials.nextPreKeyID == 814)
            await first.session.stop()
            #expect(await first.session.counters.disconnects == 0)
            #expect(try await keys(first) == 813)
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).first?.preKeys == 0)

            try await world.sandbox.clearFaults()
            let second = try await first.again(in: world)
            try await eventually { try await second.store.credentials()?.serverHasPreKeys == true }
            #expect((805...812).contains(try await world.sandbox.devices(of: SandboxWorld.number).first?.preKeys ?? 0))
            #expect((805...813).contains(try await keys(second)))
            #expect(await second.session.credentials.nextPreKeyID == 814)
            #expect(try await second.store.load(.setting, "pre_keys_waiting") == nil)
            await second.session.stop()
        }
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 5), (5, 8), (14, 610), (90, 610)])
    func thePauseGrows(failures: Int, seconds: Int) {
        #expect(LoginEngine.uploadPause(after: failures) == .seconds(seconds))
    }

    /// A key that went out with a question does not stay for ever when nobody uses it.
    @Test func aKeyThatWentOutWithAQuestionEnds() async throws {
        try await SandboxWorld.run { world in
            let ada = try await RunningSession.start(try await world.link(), in: world)
            let change = await ada.session.stagedFreshKey()
            guard case .put(_, let expiry) = change else {
                Issue.record("No key was staged.")
                return await ada.session.stop()
            }
            let days = (expiry?.timeIntervalSinceNow ?? 0) / 86_400
            #expect(days > 29 && days <= 30)
            await ada.session.stop()
        }
    }
}

extension Session {
    fileprivate func stagedFreshKey() -> StoreBatch.RecordChange? {
        _ = freshKeys()
        return outbox.staged.records.first { $0.key.kind == .preKey }?.value
    }
}
