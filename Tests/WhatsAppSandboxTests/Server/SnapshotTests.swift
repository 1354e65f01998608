import Foundation
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

    @Test func stateIsTheSameAfterATrip() throws {
        var harness = try ServerHarness.withPhone(NewPhone(number: ServerHarness.number, hasPasskey: true))
        _ = try harness.perform { try $0.createPhone(NewPhone(number: "15550002222", businessName: "Ada & Co")) }
        _ = try harness.link(companion, number: "15550002222")
        _ = try harness.link(TestCompanion(), number: "15550002222")
        var random = SystemRandomNumberGenerator()
        let authority = CertificateAuthority.generate(using: &random)
        let snapshot = Snapshot(harness.state, authority: authority)
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
