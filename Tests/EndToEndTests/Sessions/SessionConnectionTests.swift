import SignalProtocol
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(3)))
struct SessionConnectionTests {
    @Test func firstLoginHandsInStoredPreKeys() async throws {
        try await SandboxWorld.run { world in
            let running = try await RunningSession.start(try await world.link(), in: world)
            let stored = try await running.store.list(.preKey, prefix: "", after: nil, limit: 2000)
            // The phone may have used some up already to write to its new companion.
            #expect(Set(stored.compactMap { Int($0.name) }).isSubset(of: Set(1...812)))
            #expect((805...812).contains(stored.count))
            let device = try #require(try await world.sandbox.devices(of: SandboxWorld.number).first)
            #expect((805...812).contains(device.preKeys))
            #expect(device.isConnected)
            await running.session.stop()
            let stop = try await running.stopped()
            #expect(stop == .closed)
        }
    }

    @Test func secondLoginKeepsItsPreKeys() async throws {
        try await SandboxWorld.run { world in
            let first = try await RunningSession.start(try await world.link(), in: world)
            try await eventually { try await first.store.credentials()?.serverHasPreKeys == true }
            await first.session.stop()
            let credentials = try #require(try await first.store.credentials())
            #expect(credentials.nextPreKeyID == 813)
            let second = try await RunningSession.start(credentials, in: world, store: first.store)
            let stored = try await second.store.list(.preKey, prefix: "", after: nil, limit: 2000)
            #expect((805...812).contains(stored.count))
            try await eventually { try await second.store.credentials()?.loginCount == 3 }
            await second.session.stop()
        }
    }

    @Test func whatIsSentWhileTheLoginIsUnderWayWaitsForIt() async throws {
        try await SandboxWorld.run { world in
            let ben = "15550002222"
            _ = try await world.sandbox.createPhone(NewPhone(number: ben))
            // A first login: the pre-keys have yet to be made.
            let running = try await RunningSession.start(try await world.link(), in: world, isAwaited: false)
            _ = try await running.first { if case .connection(.loggedIn) = $0 { () } else { nil } }
            var message = WAMessage()
            message.conversation = "at once"
            let sent = try await running.session.send(message, to: JID(user: ben, server: .user))
            #expect(!sent.id.isEmpty)
            await running.session.stop()
            await #expect(throws: SendError.notConnected) {
                try await running.session.send(message, to: JID(user: ben, server: .user))
            }
        }
    }

    @Test func logOutUnlinks() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let running = try await RunningSession.start(credentials, in: world)
            await running.session.logOut()
            #expect(try await running.stopped() == .loggedOut)
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).isEmpty)
            #expect(await world.check(credentials) == .refused(reason: 401))
        }
    }

    @Test func unlinkingOnThePhoneEndsIt() async throws {
        try await SandboxWorld.run { world in
            let running = try await RunningSession.start(try await world.link(), in: world)
            try await world.sandbox.unlink(1, of: SandboxWorld.number)
            #expect(try await running.stopped() == .loggedOut)
        }
    }

    @Test func secondConnectionReplacesTheFirst() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let first = try await RunningSession.start(credentials, in: world)
            let second = try await RunningSession.start(credentials, in: world, store: first.store)
            #expect(try await first.stopped() == .service(.replaced))
            await second.session.stop()
        }
    }

    /// What was staged before the store failed must not go out, and nothing after it may either.
    @Test func failingStoreEndsIt() async throws {
        try await SandboxWorld.run { world in
            let running = try await RunningSession.start(try await world.link(), in: world)
            running.store.fail(with: .unavailable)
            await #expect(throws: SendError.self) { _ = try await running.send("lost", to: running.jid) }
            #expect(try await running.stopped() == .storeFailed)
        }
    }

    @Test(arguments: [
        SandboxFault.drop, .serverRestart, .xmlStreamEnd, .streamError(code: 515, conflict: nil),
        .streamError(code: 503, conflict: nil),
    ])
    func lostConnectionComesBack(_ fault: SandboxFault) async throws {
        try await SandboxWorld.run { world in
            let running = try await RunningSession.start(try await world.link(), in: world)
            try await world.sandbox.inject(fault)
            _ = try await running.first { if case .connection(.disconnected) = $0 { () } else { nil } }
            try await running.caughtUp()
            await running.session.stop()
        }
    }

    @Test(arguments: [
        (SandboxFault.streamError(code: 516, conflict: nil), ClientStop.loggedOut),
        (.streamError(code: 401, conflict: "device_removed"), .loggedOut),
        (.streamError(code: nil, conflict: "replaced"), .service(.replaced)),
    ])
    func finalErrorsEndIt(_ fault: SandboxFault, _ stop: ClientStop) async throws {
        try await SandboxWorld.run { world in
            let running = try await RunningSession.start(try await world.link(), in: world)
            try await world.sandbox.inject(fault)
            #expect(try await running.stopped() == stop)
        }
    }

    @Test(arguments: [
        (401, ClientStop.loggedOut), (403, .loggedOut), (406, .loggedOut), (409, .service(.refused(reason: 409))),
    ])
    func refusedLoginsEndIt(_ reason: Int, _ stop: ClientStop) async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            try await world.sandbox.inject(.refuseLogin(reason: reason, attributes: [:]))
            let running = try await RunningSession.start(credentials, in: world, isAwaited: false)
            #expect(try await running.stopped() == stop)
        }
    }

    @Test func temporaryBanNamesItsEnd() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            try await world.sandbox.inject(.refuseLogin(reason: 402, attributes: ["code": "101", "expire": "3600"]))
            let running = try await RunningSession.start(credentials, in: world, isAwaited: false)
            let stop = try await running.stopped()
            #expect(stop == .service(.temporarilyBanned(code: 101, expiry: .seconds(3600))))
        }
    }
}
