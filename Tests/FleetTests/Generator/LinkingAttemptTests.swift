import Foundation
import Synchronization
import Testing
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@testable import Fleet

/// Attempts from the beginning to the session ID, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(4))) struct LinkingAttemptTests {
    @Test(arguments: SessionIDDialect.allCases)
    func scannedQRGivesASessionIDThatLogsIn(dialect: SessionIDDialect) async throws {
        try await GeneratorWorld.run { world in
            let (_, text) = try await world.link(dialect: dialect)
            let imported = try SessionIDCodec.decode(text)
            #expect(imported.shape.dialect == dialect)
            #expect(imported.credentials.account?.jid.user == GeneratorWorld.number)
            // Nothing on the service that the ID lacks.
            #expect(imported.credentials.nextPreKeyID == 1)
            #expect(imported.credentials.firstUnuploadedPreKeyID == 1)
            try await world.connections(fallTo: 0)
            #expect(try await world.sandbox.devices(of: GeneratorWorld.number).count == 1)
            #expect(await world.network.checkLogin(imported.credentials) == .working)
        }
    }

    @Test func eventsTellTheWholeWay() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            var kinds: [String] = []
            var ids: [UInt64] = []
            while let event = await events.next(isolation: nil) {
                ids.append(event.id)
                switch event.kind {
                case .status(let state, let text, _):
                    #expect(!text.isEmpty)
                    kinds.append(state.rawValue)
                case .qr(let text, let svg, let expiresAt):
                    #expect(svg.hasPrefix("<svg") && expiresAt > Date())
                    kinds.append("qr")
                    try await world.sandbox.scan(text, with: GeneratorWorld.number)
                case .connected(let jid):
                    #expect(jid.hasPrefix(GeneratorWorld.number))
                    kinds.append("connected")
                case .sessionGenerated:
                    kinds.append("session")
                    try await world.generator.delete(id)
                default: kinds.append("\(event.kind)")
                }
            }
            #expect(kinds == ["connecting", "ready", "qr", "linking", "connected", "done", "session"])
            #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        }
    }

    @Test func givenNumberGetsItsCodeByItself() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening(.code, phone: .test())
            let code = try await events.code()
            #expect(code.utf8.count == 8)
            #expect(try await world.generator.snapshot(of: id).pairingCode?.code == code)
            try await world.sandbox.enterCode(code, at: GeneratorWorld.number)
            let imported = try SessionIDCodec.decode(await events.session())
            #expect(imported.credentials.account?.jid.user == GeneratorWorld.number)
            #expect(await world.network.checkLogin(imported.credentials) == .working)
        }
    }

    @Test func codeIsAskedForOnceTheServiceIsReady() async throws {
        try await GeneratorWorld.run { world in
            var (id, events) = try await world.beginListening()
            _ = try await events.qr()
            try await world.generator.requestCode(of: id, phone: .test())
            let code = try await events.code()
            try await world.sandbox.enterCode(code, at: GeneratorWorld.number)
            _ = try await events.session()
        }
    }

    @Test func snapshotTellsTheSameWithoutEvents() async throws {
        try await GeneratorWorld.run { world in
            let attempt = try await world.begin()
            while try await world.generator.snapshot(of: attempt.id).qr == nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            let ready = try await world.generator.snapshot(of: attempt.id)
            #expect(ready.state == .ready)
            #expect(try await world.generator.currentQR(of: attempt.id) == ready.qr)
            try await world.sandbox.scan(#require(ready.qr).text, with: GeneratorWorld.number)
            while try await world.generator.snapshot(of: attempt.id).session == nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            let done = try await world.generator.snapshot(of: attempt.id)
            #expect(done.state == .done)
            #expect(done.qr == nil)
            #expect(done.jid?.hasPrefix(GeneratorWorld.number) == true)
            await #expect(throws: GeneratorError.noQR) { try await world.generator.currentQR(of: attempt.id) }
        }
    }

    @Test func lateBrowserGetsWhatStillHolds() async throws {
        try await GeneratorWorld.run { world in
            let (id, text) = try await world.link()
            var late = try await world.generator.events(of: id).makeAsyncIterator()
            #expect(try await late.status(.done) == AttemptWords.done)
            #expect(try await late.session() == text)
            // The newest event has the highest number: nothing follows it.
            var caughtUp = try await world.generator.events(of: id, after: 1_000).makeAsyncIterator()
            try await world.generator.delete(id)
            #expect(await caughtUp.rest().isEmpty)
        }
    }

    @Test func handlerIsCalledWithTheFreshCredentials() async throws {
        let seen = Mutex<[String]>([])
        try await GeneratorWorld.run(
            whenLinked: { credentials, session in
                seen.withLock { $0.append("\(credentials.account?.jid.user ?? "") \(session.dialect.rawValue)") }
            },
            { world in
                _ = try await world.link()
                while seen.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
            }
        )
        #expect(seen.withLock { $0 } == ["\(GeneratorWorld.number) tilde-gzip"])
    }

    @Test func passkeyIsHandedOver() async throws {
        let phone = NewPhone(number: GeneratorWorld.number, hasPasskey: true)
        try await GeneratorWorld.run(phone: phone) { world in
            var (id, events) = try await world.beginListening()
            await #expect(throws: GeneratorError.noPasskeyRequested) {
                try await world.generator.submitPasskey(of: id, assertion: Array("{}".utf8))
            }
            let outcome = try await world.sandbox.scan(events.qr(), with: GeneratorWorld.number)
            guard case .passkeyDemanded = outcome, case .assertion(let options, let until) = try await events.passkey()
            else {
                Issue.record("no passkey demanded")
                return
            }
            #expect(until > Date())
            let shown = try await world.generator.snapshot(of: id)
            #expect(shown.state == .passkey)
            #expect(shown.qr == nil)
            #expect(shown.expiresAt >= until)
            for wrong in ["", "[]", "{", String(repeating: "[", count: 60_000)] {
                await #expect(throws: GeneratorError.invalidAssertion) {
                    try await world.generator.submitPasskey(of: id, assertion: Array(wrong.utf8))
                }
            }
            let assertion = try await world.sandbox.passkeyAssertion(
                of: GeneratorWorld.number,
                options: Array(options.utf8)
            )
            try await world.generator.submitPasskey(of: id, assertion: assertion)
            guard case .confirmation(let code) = try await events.passkey() else {
                Issue.record("no confirmation asked for")
                return
            }
            #expect(code.utf8.count >= 8)
            try await world.generator.confirmPasskey(of: id)
            let imported = try SessionIDCodec.decode(await events.session())
            #expect(await world.network.checkLogin(imported.credentials) == .working)
        }
    }
}
