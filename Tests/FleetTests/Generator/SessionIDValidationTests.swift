import Foundation
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

@Suite(.serialized, .timeLimit(.minutes(4))) struct SessionIDValidationTests {
    @Test func reportTellsWithoutALogin() async throws {
        try await GeneratorWorld.run { world in
            let (_, text) = try await world.link(dialect: .semicolonsGzip)
            let report = try await world.generator.validate(text, checkLogin: false, from: .test())
            #expect(report.phone == GeneratorWorld.number)
            #expect(report.shape.dialect == .semicolonsGzip)
            #expect(report.platform == "android")
            #expect(report.login == nil)
            #expect(report.findings.isEmpty)
            #expect(try #require(report.linkedAt).timeIntervalSinceNow.magnitude < 60)
        }
    }

    @Test func loginIsTriedWhenAskedAndLeavesNoTrace() async throws {
        try await GeneratorWorld.run { world in
            let (_, text) = try await world.link()
            #expect(try await world.generator.validate(text, checkLogin: true, from: .test()).login == .working)
            try await world.connections(fallTo: 0)
            #expect(try await world.sandbox.devices(of: GeneratorWorld.number).count == 1)
            try await world.sandbox.unlink(of: GeneratorWorld.number)
            let refused = try await world.generator.validate(text, checkLogin: true, from: .test())
            #expect(refused.login == .refused(reason: 401))
            await world.sandbox.shutdown()
            let unreachable = try await world.generator.validate(text, checkLogin: true, from: .test())
            #expect(unreachable.login == .unreachable)
        }
    }

    @Test func otherTextsAreRefusedByName() async throws {
        try await GeneratorWorld.run { world in
            let mega = "IK~AbCdEfG1#" + String(repeating: "k", count: 43)
            await #expect(throws: GeneratorError.sessionID(.pointer(.mega))) {
                try await world.generator.validate(mega, checkLogin: true, from: .test())
            }
            await #expect(throws: GeneratorError.sessionID(.empty)) {
                try await world.generator.validate(" ", checkLogin: false, from: .test())
            }
        }
    }

    @Test func validationsAndLoginsAreLimited() async throws {
        var configuration = GeneratorConfiguration.roomy
        configuration.validationsPerHour = 3
        configuration.loginChecksPerHour = 1
        try await GeneratorWorld.run(configuration: configuration) { world in
            let (_, text) = try await world.link()
            _ = try await world.generator.validate(text, checkLogin: true, from: .test())
            await #expect {
                try await world.generator.validate(text, checkLogin: true, from: .test())
            } throws: { error in
                guard case .tooManyLoginChecks(1, let wait) = error as? GeneratorError else { return false }
                return wait > .seconds(3_500)
            }
            _ = try await world.generator.validate(text, checkLogin: false, from: .test())
            await #expect {
                try await world.generator.validate(text, checkLogin: false, from: .test())
            } throws: { error in
                guard case .tooManyValidations(3, _) = error as? GeneratorError else { return false }
                return true
            }
            _ = try await world.generator.validate(text, checkLogin: false, from: .test("192.0.2.9"))
        }
    }
}
