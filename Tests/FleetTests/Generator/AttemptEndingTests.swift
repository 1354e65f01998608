import Foundation
import ServiceLifecycle
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Fleet

/// How attempts end, and that nothing is left of them.
@Suite(.serialized, .timeLimit(.minutes(4))) struct AttemptEndingTests {
    @Test func fiveMinutesAreAllThereIs() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            _ = try await events.qr()
            // The real clock goes on beside it: a busy machine takes its time.
            world.time.advance(by: .seconds(270))
            await world.generator.sweep()
            #expect(try await world.generator.snapshot(of: id).state == .ready)
            world.time.advance(by: .seconds(31))
            await world.generator.sweep()
            let rest = await events.rest()
            #expect(rest.last == .expired(text: AttemptWords.expired))
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.snapshot(of: id) }
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.currentQR(of: id) }
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.events(of: id) }
            try await world.connections(fallTo: 0)
        }
    }

    @Test func sessionIDCanBeCopiedForAWhileEvenAtTheVeryEnd() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            let qr = try await events.qr()
            world.time.advance(by: .seconds(295))
            try await world.sandbox.scan(qr, with: GeneratorWorld.number)
            _ = try await events.session()
            world.time.advance(by: .seconds(60))
            await world.generator.sweep()
            #expect(try await world.generator.snapshot(of: id).session != nil)
            world.time.advance(by: .seconds(61))
            await world.generator.sweep()
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.snapshot(of: id) }
        }
    }

    @Test func attemptWithoutABrowserIsWipedAfterAMinute() async throws {
        try await GeneratorWorld.run { world in
            let attempt = try await world.begin()
            world.time.advance(by: .seconds(59))
            await world.generator.sweep()
            // Asking about it counts as a browser.
            _ = try await world.generator.snapshot(of: attempt.id)
            world.time.advance(by: .seconds(59))
            await world.generator.sweep()
            #expect(await world.generator.activeAttempts == 1)
            world.time.advance(by: .seconds(2))
            await world.generator.sweep()
            #expect(await world.generator.activeAttempts == 0)
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.snapshot(of: attempt.id) }
            try await world.connections(fallTo: 0)
        }
    }

    @Test func listeningBrowserKeepsItAliveUntilItLeaves() async throws {
        try await GeneratorWorld.run { world in
            let attempt = try await world.begin()
            let listener = Task {
                var events = try await world.generator.events(of: attempt.id).makeAsyncIterator()
                _ = try await events.qr()
                _ = await events.rest()
            }
            while await world.generator.records[attempt.id]?.subscribers.isEmpty != false {
                try await Task.sleep(for: .milliseconds(5))
            }
            world.time.advance(by: .seconds(120))
            await world.generator.sweep()
            #expect(await world.generator.activeAttempts == 1)
            listener.cancel()
            _ = await listener.result
            while await world.generator.records[attempt.id]?.subscribers.isEmpty == false {
                try await Task.sleep(for: .milliseconds(5))
            }
            world.time.advance(by: .seconds(61))
            await world.generator.sweep()
            #expect(await world.generator.activeAttempts == 0)
        }
    }

    @Test func deletedAttemptIsGoneWithItsKeys() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            _ = try await events.qr()
            weak let connection = await world.generator.records[id]?.connection
            #expect(connection != nil)
            try await world.generator.delete(id)
            #expect(await events.rest().isEmpty)
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.delete(id) }
            while connection != nil { try await Task.sleep(for: .milliseconds(5)) }
            try await world.connections(fallTo: 0)
        }
    }

    @Test func socketIsClosedWithoutLoggingOutOnceLinked() async throws {
        try await GeneratorWorld.run { world in
            let (id, _) = try await world.link()
            try await world.connections(fallTo: 0)
            #expect(try await world.sandbox.devices(of: GeneratorWorld.number).count == 1)
            try await world.generator.delete(id)
            #expect(try await world.sandbox.devices(of: GeneratorWorld.number).count == 1)
        }
    }

    @Test func namesOfOthersAreUnknown() async throws {
        try await GeneratorWorld.run { world in
            let stranger = AttemptID.random()
            await #expect(throws: GeneratorError.unknownAttempt) { try await world.generator.snapshot(of: stranger) }
            await #expect(throws: GeneratorError.unknownAttempt) { try await world.generator.delete(stranger) }
        }
    }

    @Test func goneNamesAreForgottenAfterTenMinutes() async throws {
        try await GeneratorWorld.run { world in
            let attempt = try await world.begin()
            try await world.generator.delete(attempt.id)
            world.time.advance(by: .seconds(601))
            await world.generator.sweep()
            await #expect(throws: GeneratorError.unknownAttempt) { try await world.generator.snapshot(of: attempt.id) }
        }
    }

    @Test func stoppingWipesEverythingAndBeginsNothing() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            _ = try await events.qr()
            await world.generator.stop()
            #expect(await events.rest().isEmpty)
            await #expect(throws: GeneratorError.attemptGone) { try await world.generator.snapshot(of: id) }
            await #expect(throws: GeneratorError.notRunning) { try await world.begin() }
            try await world.connections(fallTo: 0)
        }
    }

    @Test func gracefulShutdownEndsEveryAttempt() async throws {
        try await GeneratorWorld.run { world in
            let generator = try SessionGenerator(
                configuration: .roomy,
                network: world.network,
                database: world.database,
                addressKey: GeneratorWorld.addressKey,
                logger: GeneratorWorld.silence
            )
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(services: [generator], logger: GeneratorWorld.silence)
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let attempt = try await generator.begin(AttemptRequest(method: .qr), from: .test())
                var events = try await generator.events(of: attempt.id).makeAsyncIterator()
                _ = try await events.qr()
                await group.triggerGracefulShutdown()
                #expect(await events.rest().isEmpty)
                try await tasks.waitForAll()
            }
            await #expect(throws: GeneratorError.notRunning) {
                try await generator.begin(AttemptRequest(method: .qr), from: .test())
            }
            try await world.connections(fallTo: 0)
        }
    }

    @Test func oneAttemptHasAFewSocketsAtMost() async throws {
        try await GeneratorWorld.run { world in
            let attempt = try await world.begin()
            var first = try await world.generator.events(of: attempt.id).makeAsyncIterator()
            // Held, because one that is let go of leaves by itself and makes room.
            var others: [AsyncStream<GeneratorEvent>] = []
            for _ in 0..<8 { others.append(try await world.generator.events(of: attempt.id)) }
            // The ninth closed the first.
            _ = await first.rest()
            withExtendedLifetime(others) {}
        }
    }
}
