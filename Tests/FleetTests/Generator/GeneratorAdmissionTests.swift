import Database
import Foundation
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// The limits as the one who begins attempts meets them.
@Suite(.serialized, .timeLimit(.minutes(4))) struct GeneratorAdmissionTests {
    private static var strict: GeneratorConfiguration { GeneratorConfiguration() }

    @Test func threeAnHourAndARestartDoesNotResetThem() async throws {
        try await GeneratorWorld.run(configuration: Self.strict) { world in
            for _ in 0..<3 { try await world.generator.delete(world.begin().id) }
            let again = try SessionGenerator(
                configuration: Self.strict,
                network: world.network,
                database: world.database,
                addressKey: GeneratorWorld.addressKey,
                logger: GeneratorWorld.silence
            )
            for generator in [world.generator, again] {
                await #expect {
                    try await generator.begin(AttemptRequest(method: .qr), from: .test())
                } throws: { error in
                    guard case .tooManyAttempts(3, let wait) = error as? GeneratorError else { return false }
                    return wait <= .seconds(3_600) && wait > .seconds(3_500)
                }
            }
            // Another address is not concerned.
            _ = try await world.begin(from: "192.0.2.2")
        }
    }

    @Test func twoAtOnce() async throws {
        try await GeneratorWorld.run(configuration: Self.strict) { world in
            let first = try await world.begin()
            _ = try await world.begin()
            await #expect {
                try await world.begin()
            } throws: { error in
                guard case .tooManyAtOnce(2, let wait) = error as? GeneratorError else { return false }
                return wait <= .seconds(300) && wait > .seconds(290)
            }
            try await world.generator.delete(first.id)
            // The refused one was not counted: this is the third of the hour.
            _ = try await world.begin()
        }
    }

    @Test func twoAtOnceAlsoWhenTheyComeTogether() async throws {
        var configuration = GeneratorConfiguration.roomy
        configuration.attemptsAtOnce = 2
        try await GeneratorWorld.run(configuration: configuration) { world in
            let begun = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { (try? await world.begin()) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(begun == 2)
            #expect(await world.generator.activeAttempts == 2)
        }
    }

    @Test func oneNetworkIsOneAddress() async throws {
        var configuration = Self.strict
        configuration.attemptsPerHour = 1
        try await GeneratorWorld.run(configuration: configuration) { world in
            _ = try await world.begin(from: "2001:db8:1:2::1")
            await #expect(throws: GeneratorError.self) { try await world.begin(from: "2001:db8:1:2:ffff::9") }
            _ = try await world.begin(from: "2001:db8:1:3::1")
            _ = try await world.begin(from: "198.51.100.7")
            await #expect(throws: GeneratorError.self) { try await world.begin(from: "::ffff:198.51.100.7") }
        }
    }

    @Test func allPlacesTaken() async throws {
        var configuration = GeneratorConfiguration.roomy
        configuration.attemptsInAll = 2
        try await GeneratorWorld.run(configuration: configuration) { world in
            _ = try await world.begin(from: "192.0.2.1")
            _ = try await world.begin(from: "192.0.2.2")
            await #expect {
                try await world.begin(from: "192.0.2.3")
            } throws: { error in
                guard case .busy(let wait) = error as? GeneratorError else { return false }
                return wait <= .seconds(300)
            }
        }
    }

    @Test func failedAttemptsGiveWay() async throws {
        var configuration = GeneratorConfiguration.roomy
        configuration.attemptsInAll = 1
        try await GeneratorWorld.run(configuration: configuration) { world in
            try await world.sandbox.inject(.wrongCertificate(.root))
            var (id, events) = try await world.beginListening()
            _ = try await events.status(.failed)
            _ = try await world.begin()
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.snapshot(of: id) }
        }
    }

    @Test func nothingIsBegunWithoutTheDatabase() async throws {
        try await GeneratorWorld.run { world in
            await world.database.close()
            await #expect(throws: GeneratorError.unavailable) { try await world.begin() }
            await #expect(throws: GeneratorError.unavailable) {
                try await world.generator.validate("x", checkLogin: false, from: .test())
            }
            #expect(await world.generator.activeAttempts == 0)
            let connections = try await world.sandbox.connectionCount()
            #expect(connections == 0)
        }
    }

    @Test func runningAttemptsDoNotNeedTheDatabase() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            let qr = try await events.qr()
            await world.database.close()
            try await world.sandbox.scan(qr, with: GeneratorWorld.number)
            _ = try await events.session()
            try await world.generator.delete(id)
        }
    }

    @Test func configurationIsChecked() {
        var wrong = GeneratorConfiguration()
        wrong.attemptsPerHour = 0
        #expect(throws: GeneratorConfigurationError.outOfRange("attemptsPerHour", "1...10000")) { try wrong.validate() }
        wrong = GeneratorConfiguration()
        wrong.lifetime = .seconds(1)
        #expect(throws: GeneratorConfigurationError.self) { try wrong.validate() }
        #expect(throws: Never.self) { try GeneratorConfiguration().validate() }
    }
}

@Suite struct ClientAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:0201", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:0DB8:0001:0002::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80:0:0:0::/64"), ("::1", "0:0:0:0::/64"),
    ])
    func bucketIsWhatOneCustomerHas(text: String, bucket: String) {
        #expect(ClientAddress(parsing: text)?.bucket == bucket)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4:80", "[::1]", "::g", "1.2.3.4\0x", " 1.2.3.4",
    ])
    func otherTextsAreNoAddress(text: String) {
        #expect(ClientAddress(parsing: text) == nil)
    }

    @Test func addressDoesNotDescribeItself() throws {
        #expect(!"\(try ClientAddress.test())".contains("192"))
    }
}

@Suite struct AttemptIDTests {
    @Test func namesAreLongRandomAndQuiet() throws {
        let ids = (0..<100).map { _ in AttemptID.random() }
        #expect(Set(ids).count == 100)
        for id in ids {
            #expect(id.text.utf8.count == 24)
            #expect(AttemptID(id.text) == id)
            #expect(!"\(id)".contains(id.text))
        }
    }

    @Test(arguments: [
        "", "short", String(repeating: "+", count: 24), String(repeating: "a", count: 25), "../../../../../../../etc/",
    ])
    func otherTextsAreNoName(text: String) {
        #expect(AttemptID(text) == nil)
    }
}
