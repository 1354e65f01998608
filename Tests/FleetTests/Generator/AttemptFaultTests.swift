import Foundation
import NIOPosix
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// What goes wrong at the service or the phone, and what the person is told.
@Suite(.serialized, .timeLimit(.minutes(4))) struct AttemptFaultTests {
    @Test func expiredReferencesAreReplacedByThemselves() async throws {
        try await GeneratorWorld.run { world in
            var (_, events) = try await world.beginListening()
            let first = try await events.qr()
            try await world.sandbox.inject(.expireReferences)
            #expect(try await events.status(.connecting) == AttemptWords.restarting)
            _ = try await events.status(.ready)
            let second = try await events.qr()
            #expect(second != first)
            try await world.sandbox.scan(second, with: GeneratorWorld.number)
            _ = try await events.session()
        }
    }

    @Test(arguments: [SandboxFault.drop, .streamError(code: 503, conflict: nil), .xmlStreamEnd, .serverRestart])
    func lostConnectionsStartOver(fault: SandboxFault) async throws {
        try await GeneratorWorld.run { world in
            var (_, events) = try await world.beginListening()
            _ = try await events.qr()
            try await world.sandbox.inject(fault)
            _ = try await events.status(.connecting)
            try await world.sandbox.scan(events.qr(), with: GeneratorWorld.number)
            _ = try await events.session()
        }
    }

    @Test(arguments: [
        SandboxFault.dropAtLogin, .closeWithoutRestart, .restartWithoutClose, .splitFrames, .joinFrames,
        .compressStanzas,
        .delay(milliseconds: 50, .all), .dropAtPairDevice,
    ])
    func faultsOnTheWayDoNotKeepItFromTheEnd(fault: SandboxFault) async throws {
        try await GeneratorWorld.run { world in
            try await world.sandbox.inject(fault)
            var (_, events) = try await world.beginListening()
            let qr = try await events.qr()
            async let scanned = world.sandbox.scan(qr, with: GeneratorWorld.number)
            let text = try await events.session()
            _ = try? await scanned
            #expect(await world.network.checkLogin(try SessionIDCodec.decode(text).credentials) == .working)
        }
    }

    @Test(arguments: [
        (SandboxFault.badHMAC, "generator.rejected"), (.badAccountSignature, "generator.rejected"),
        (.refuseLogin(reason: 401, attributes: [:]), "generator.refused"),
    ])
    func attemptsThatCannotGoOnSaySo(fault: SandboxFault, code: String) async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            let qr = try await events.qr()
            try await world.sandbox.inject(fault)
            async let scanned = world.sandbox.scan(qr, with: GeneratorWorld.number)
            let problem = try await events.problem()
            #expect(problem.code == code)
            #expect(try await events.status(.failed) == problem.message)
            _ = try? await scanned
            let snapshot = try await world.generator.snapshot(of: id)
            #expect(snapshot.state == .failed)
            #expect(snapshot.problem == problem)
            #expect(snapshot.session == nil)
            await #expect(throws: GeneratorError.notReadyForCode) {
                try await world.generator.requestCode(of: id, phone: .test())
            }
        }
    }

    @Test func foreignServerIsNotTrusted() async throws {
        try await GeneratorWorld.run { world in
            try await world.sandbox.inject(.wrongCertificate(.root))
            var (_, events) = try await world.beginListening()
            #expect(try await events.problem().code == "generator.untrusted_server")
            _ = try await events.status(.failed)
        }
    }

    @Test func unreachableServiceIsTriedAgainAndToldSo() async throws {
        try await GeneratorWorld.run { world in
            await world.sandbox.shutdown()
            var (id, events) = try await world.beginListening()
            while try await events.status(.connecting) != AttemptWords.unreachable {}
            await #expect(throws: GeneratorError.notReadyForCode) {
                try await world.generator.requestCode(of: id, phone: .test())
            }
            await #expect(throws: GeneratorError.noQR) { try await world.generator.currentQR(of: id) }
        }
    }

    @Test(arguments: [400, 403, 452, 500])
    func refusedCodesAreExplained(code: Int) async throws {
        try await GeneratorWorld.run { world in
            try await world.sandbox.inject(.pairingCodeError(code: code, backoff: nil))
            var (id, events) = try await world.beginListening(.code, phone: .test())
            let problem = try await events.problem()
            #expect(problem.code == "generator.code_refused")
            #expect(problem.message.contains("QR"))
            // The number is free again, and so is the attempt.
            try await world.generator.requestCode(of: id, phone: .test())
            let shown = try await events.code()
            try await world.sandbox.enterCode(shown, at: GeneratorWorld.number)
            _ = try await events.session()
        }
    }

    @Test func tooManyCodesAreHeldBackAsLongAsTheServiceSays() async throws {
        try await GeneratorWorld.run { world in
            try await world.sandbox.inject(.pairingCodeError(code: 429, backoff: 90))
            var (id, events) = try await world.beginListening(.code, phone: .test())
            let problem = try await events.problem()
            #expect(problem.retryAfter == .seconds(90))
            await #expect {
                try await world.generator.requestCode(of: id, phone: .test())
            } throws: { error in
                guard case .codeNotYet(let wait) = error as? GeneratorError else { return false }
                return wait <= .seconds(90) && wait > .seconds(80)
            }
        }
    }

    @Test func oneCodePerNumberAtATime() async throws {
        try await GeneratorWorld.run { world in
            var (first, firstEvents) = try await world.beginListening(.code, phone: .test())
            _ = try await firstEvents.code()
            var (second, secondEvents) = try await world.beginListening()
            _ = try await secondEvents.qr()
            for id in [first, second] {
                await #expect {
                    try await world.generator.requestCode(of: id, phone: .test())
                } throws: { error in
                    guard case .codeOutstanding(let wait) = error as? GeneratorError else { return false }
                    return wait <= .seconds(180) && wait > .seconds(150)
                }
            }
            // One that was refused gives nothing back when it ends.
            let third = try await world.begin()
            var thirdEvents = try await world.generator.events(of: third.id).makeAsyncIterator()
            _ = try await thirdEvents.qr()
            await #expect(throws: GeneratorError.self) {
                try await world.generator.requestCode(of: third.id, phone: .test())
            }
            try await world.generator.delete(third.id)
            await #expect(throws: GeneratorError.self) {
                try await world.generator.requestCode(of: second, phone: .test())
            }
            // The socket that the code belongs to is gone with its attempt, and the code with it.
            try await world.generator.delete(first)
            try await world.generator.requestCode(of: second, phone: .test())
            try await world.sandbox.enterCode(secondEvents.code(), at: GeneratorWorld.number)
            _ = try await secondEvents.session()
        }
    }

    @Test func codeMadeVoidByTheServiceCanBeAskedForAgain() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening(.code, phone: .test())
            let first = try await events.code()
            try await world.sandbox.inject(.refreshCode(forcedByHand: true))
            #expect(try await events.problem().code == "generator.code_expired")
            #expect(try await world.generator.snapshot(of: id).pairingCode == nil)
            try await world.generator.requestCode(of: id, phone: .test())
            let second = try await events.code()
            #expect(first != second)
        }
    }

    @Test func unlinkedBeforeItIsCopiedIsStillTold() async throws {
        try await GeneratorWorld.run { world in
            let (_, text) = try await world.link()
            try await world.sandbox.unlink(of: GeneratorWorld.number)
            let credentials = try SessionIDCodec.decode(text).credentials
            #expect(await world.network.checkLogin(credentials) == .refused(reason: 401))
        }
    }
}
