import Foundation
import Logging
import NIOPosix
import SignalProtocol
import Testing
import WharfTestSupport
import WhatsAppWire

@testable import WhatsAppSandbox

struct SnapshotTests {
    private let companion = TestCompanion()

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("snapshot.json").path)
    }

    @Test func everythingSurvivesARestart() async throws {
        try await withFolder { path in
            let configuration = SandboxConfiguration(port: 0, snapshotPath: path)
            var rootKey: [UInt8] = []
            var phone: SandboxPhone?
            try await TestSandbox.run(configuration) { sandbox in
                rootKey = sandbox.rootKey
                _ = try await sandbox.link(companion)
                let socket = try await sandbox.logIn(companion, device: 1)
                _ = try await socket.next("success")
                try await socket.send(companion.preKeyUpload(7))
                _ = try await socket.next("iq")
            }
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try await TestSandbox.run(configuration, phone: nil) { sandbox in
                #expect(sandbox.rootKey == rootKey)
                phone = try await sandbox.server.phone(TestSandbox.number)
                #expect(phone?.devices.first?.preKeys == 7)
                let socket = try await sandbox.logIn(companion, device: 1)
                #expect(try await socket.next().tag == "success")
                #expect(try await sandbox.link(TestCompanion()).keyIndex == 2)
            }
        }
    }

    @Test func aFileThatCannotBeWrittenStopsTheStart() async throws {
        try await withFolder { path in
            let server = SandboxServer(
                configuration: SandboxConfiguration(port: 0, snapshotPath: path + "/none/snapshot.json"),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: Logger(label: "test")
            )
            let expected = SandboxError.unusableSnapshot(
                path: path + "/none/snapshot.json",
                reason: "it cannot be written"
            )
            await #expect(throws: expected) { try await server.start() }
        }
    }

    @Test func stateIsTheSameAfterATrip() throws {
        var harness = try ServerHarness.withPhone(NewPhone(number: ServerHarness.number, hasPasskey: true))
        _ = try harness.perform { try $0.createPhone(NewPhone(number: "15550002222", businessName: "Ada & Co")) }
        _ = try harness.link(companion, number: "15550002222")
        _ = try harness.link(TestCompanion(), number: "15550002222")
        var random = SystemRandomNumberGenerator()
        let authority = CertificateAuthority.generate(using: &random)
        let snapshot = try Snapshot(harness.state, authority: authority, tls: .generate(at: Date()))
        let read = try Snapshot(decoding: try snapshot.encoded)
        #expect(try read.certificateAuthority() == authority)
        var restored = ServerState(settings: harness.state.settings, now: harness.state.now)
        try read.restore(into: &restored)
        #expect(restored.numbers == harness.state.numbers)
        for number in [ServerHarness.number, "15550002222"] {
            let before = try #require(harness.state.phones[number])
            let after = try #require(restored.phones[number])
            #expect(after.account == before.account)
            #expect(after.keys == before.keys)
            #expect(after.passkey == before.passkey)
            #expect(after.keyIndexList == before.keyIndexList)
            #expect(after.highestKeyIndex == before.highestKeyIndex)
            #expect(after.devices == before.devices)
        }
        #expect(restored.phones["15550002222"]?.devices[1]?.outbox.entries.count == 1)
    }

    @Test func accountsAreInTheSnapshot() throws {
        var harness = try ServerHarness.withPhone()
        _ = try harness.perform {
            try $0.createPhone(NewPhone(number: "15550002222", name: "Bob", isLIDMigrated: false))
        }
        let jpeg = Data([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
        try harness.perform { state in
            var order = ProfileOrder()
            order.about = "At sea"
            order.picture = jpeg
            order.block = ["15550002222"]
            order.demandsTokens = true
            try state.change(order, of: ServerHarness.number)
            _ = try state.startCall(from: ServerHarness.number, to: "15550002222", isVideo: true)
            state.issueToken(by: ServerHarness.number, to: "15550002222", at: 7, form: .lid)
            _ = state.channels.create(owner: ServerHarness.number, name: "News", about: "Harbour", at: 1)
            try state.generate(GeneratedHistory(chats: 2, messages: 3), at: ServerHarness.number)
        }
        var random = SystemRandomNumberGenerator()
        let snapshot = try Snapshot(
            harness.state,
            authority: .generate(using: &random),
            tls: .generate(at: harness.state.now)
        )
        var restored = ServerState(settings: harness.state.settings, now: harness.state.now)
        try Snapshot(decoding: try snapshot.encoded).restore(into: &restored)
        let view = try restored.profileView(of: ServerHarness.number)
        #expect(view.about == "At sea" && view.blocked == ["15550002222"] && view.demandsTokens)
        let picture = try #require(restored.accounts[ServerHarness.number].picture)
        #expect(restored.blobs[picture.path].map { Data($0) } == jpeg)
        #expect(restored.accounts.calls == harness.state.accounts.calls && restored.accounts.calls.count == 1)
        #expect(restored.accounts.newID() != picture.id)
        #expect(restored.tokens.issued == harness.state.tokens.issued && restored.tokens.issued.count == 1)
        #expect(restored.channels.channels.values.map(\.name) == ["News"])
        let second = restored.channels.create(owner: "1", name: "Other", about: "", at: 1)
        #expect(restored.channels.channels.count == 2 && second.name == "Other")
        #expect(restored.phones[ServerHarness.number]?.generatedHistory == GeneratedHistory(chats: 2, messages: 3))
        #expect(restored.phones["15550002222"]?.account.isLIDMigrated == false)
    }

    @Test(arguments: ["", "{}", "[1,2", #"{"version":1}"#])
    func unusableFileStopsTheStart(_ content: String) async throws {
        try await withFolder { path in
            try Data(content.utf8).write(to: URL(fileURLWithPath: path))
            await #expect(throws: SandboxError.self) {
                try await TestSandbox.run(SandboxConfiguration(port: 0, snapshotPath: path)) { _ in }
            }
        }
    }

    @Test func changesAreWrittenWhileItRuns() async throws {
        try await withFolder { path in
            try await TestSandbox.run(SandboxConfiguration(port: 0, snapshotPath: path)) { _ in
                try await eventually(within: .seconds(60)) {
                    (try? SnapshotFile(path: path).read())??.phones.first?.number == TestSandbox.number
                }
            }
        }
    }
}
