import SignalProtocol
import Testing
import WhatsApp
import WhatsAppSandbox

@Suite(.timeLimit(.minutes(1)))
struct ClientConnectionTests {
    @Test func firstLoginHandsInStoredPreKeys() async throws {
        try await SandboxWorld.run { world in
            let store = KeyStore()
            let client = world.makeClient(try await world.link(), store: store)
            var events = client.events.makeAsyncIterator()
            client.start()
            try await events.active()
            #expect(store.preKeys.count == 812)
            #expect(Set(store.preKeys.map(\.id)) == Set(1...812))
            let device = try #require(try await world.sandbox.devices(of: SandboxWorld.number).first)
            #expect(device.preKeys == 812)
            #expect(device.isConnected)
            client.close()
            #expect(try await events.stop() == .closed)
        }
    }

    @Test func secondLoginKeepsItsPreKeys() async throws {
        try await SandboxWorld.run { world in
            let store = KeyStore()
            let first = world.makeClient(try await world.link(), store: store)
            var events = first.events.makeAsyncIterator()
            first.start()
            try await events.active()
            first.close()
            _ = try await events.stop()

            let credentials = try #require(store.credentials)
            #expect(credentials.serverHasPreKeys)
            #expect(credentials.nextPreKeyID == 813)
            let second = world.makeClient(credentials, store: store)
            var later = second.events.makeAsyncIterator()
            second.start()
            try await later.active()
            #expect(store.preKeys.count == 812)
            #expect(store.credentials?.loginCount == 3)
            second.close()
        }
    }

    @Test func logOutUnlinks() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let client = world.makeClient(credentials)
            var events = client.events.makeAsyncIterator()
            client.start()
            try await events.active()
            client.logOut()
            #expect(try await events.stop() == .loggedOut)
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).isEmpty)
            #expect(await world.check(credentials) == .refused(reason: 401))
        }
    }

    @Test func unlinkingOnThePhoneEndsIt() async throws {
        try await SandboxWorld.run { world in
            let client = world.makeClient(try await world.link())
            var events = client.events.makeAsyncIterator()
            client.start()
            try await events.active()
            try await world.sandbox.unlink(1, of: SandboxWorld.number)
            #expect(try await events.stop() == .loggedOut)
        }
    }

    @Test func secondConnectionReplacesTheFirst() async throws {
        try await SandboxWorld.run { world in
            let store = KeyStore()
            let first = world.makeClient(try await world.link(), store: store)
            var events = first.events.makeAsyncIterator()
            first.start()
            try await events.active()
            let second = world.makeClient(try #require(store.credentials))
            var later = second.events.makeAsyncIterator()
            second.start()
            try await later.active()
            #expect(try await events.stop() == .service(.replaced))
            second.close()
        }
    }

    @Test(arguments: [
        SandboxFault.drop, .serverRestart, .xmlStreamEnd, .streamError(code: 515, conflict: nil),
        .streamError(code: 503, conflict: nil),
    ])
    func lostConnectionComesBack(_ fault: SandboxFault) async throws {
        try await SandboxWorld.run { world in
            let client = world.makeClient(try await world.link())
            var events = client.events.makeAsyncIterator()
            client.start()
            try await events.active()
            try await world.sandbox.inject(fault)
            try await events.first { if case .disconnected = $0 { () } else { nil } }
            try await events.active()
            client.close()
        }
    }

    @Test(arguments: [
        (SandboxFault.streamError(code: 516, conflict: nil), ClientStop.loggedOut),
        (.streamError(code: 401, conflict: "device_removed"), .loggedOut),
        (.streamError(code: nil, conflict: "replaced"), .service(.replaced)),
    ])
    func finalErrorsEndIt(_ fault: SandboxFault, _ stop: ClientStop) async throws {
        try await SandboxWorld.run { world in
            let client = world.makeClient(try await world.link())
            var events = client.events.makeAsyncIterator()
            client.start()
            try await events.active()
            try await world.sandbox.inject(fault)
            #expect(try await events.stop() == stop)
        }
    }

    @Test(arguments: [
        (401, ClientStop.loggedOut), (403, .loggedOut), (406, .loggedOut), (409, .service(.refused(reason: 409))),
    ])
    func refusedLoginsEndIt(_ reason: Int, _ stop: ClientStop) async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            try await world.sandbox.inject(.refuseLogin(reason: reason, attributes: [:]))
            let client = world.makeClient(credentials)
            var events = client.events.makeAsyncIterator()
            client.start()
            #expect(try await events.stop() == stop)
        }
    }

    @Test func temporaryBanNamesItsEnd() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            try await world.sandbox.inject(.refuseLogin(reason: 402, attributes: ["code": "101", "expire": "3600"]))
            let client = world.makeClient(credentials)
            var events = client.events.makeAsyncIterator()
            client.start()
            let stop = try await events.stop()
            #expect(stop == .service(.temporarilyBanned(code: 101, expiry: .seconds(3600))))
        }
    }
}
