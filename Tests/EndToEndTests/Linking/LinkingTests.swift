import SignalProtocol
import Testing
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(3)))
struct LinkingTests {
    @Test func scannedQRLinksAndLogsIn() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            let account = try #require(credentials.account)
            #expect(account.jid.user == SandboxWorld.number)
            #expect(account.jid.device == 1)
            #expect(account.lid?.device == 1)
            #expect(account.platform == "android")
            #expect(credentials.loginCount == 1)
            let device = try #require(try await world.sandbox.devices(of: SandboxWorld.number).first)
            #expect(device.name == "Wharf test")
            #expect(device.platform == "chrome")
            // Nothing is left behind that the credentials lack.
            #expect(device.preKeys == 0)
            #expect(credentials.nextPreKeyID == 1)
        }
    }

    @Test func typedCodeLinksAndLogsIn() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            linking.requestPairingCode(for: try PhoneNumber(parsing: "+1 (555) 000-1111"))
            let code = try await events.code()
            #expect(code.count == 8)
            let typed = "\(code.prefix(4))-\(code.suffix(4))".lowercased()
            try await world.sandbox.enterCode(typed, at: SandboxWorld.number)
            let credentials = try await events.credentials()
            #expect(credentials.account?.jid.user == SandboxWorld.number)
            #expect(await world.check(credentials) == .loggedIn(lid: credentials.account?.lid))
        }
    }

    @Test func wrongCodeLeavesTheRightOneGood() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            linking.requestPairingCode(for: try PhoneNumber(parsing: SandboxWorld.number))
            let code = try await events.code()
            let wrong = code.first == "2" ? "3" + code.dropFirst() : "2" + code.dropFirst()
            await #expect(throws: (any Error).self) {
                try await world.sandbox.enterCode(wrong, at: SandboxWorld.number)
            }
            try await world.sandbox.enterCode(code, at: SandboxWorld.number)
            _ = try await events.credentials()
        }
    }

    @Test func secondCodeIsRefusedWhileTheFirstIsGood() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            let number = try PhoneNumber(parsing: SandboxWorld.number)
            linking.requestPairingCode(for: number)
            _ = try await events.code()
            linking.requestPairingCode(for: number)
            let refusal = try await events.codeRefusal()
            #expect(refusal.reason == .outstanding)
            #expect(refusal.retryAfter != nil)
            linking.close()
        }
    }

    @Test func codeForAnUnknownNumberIsRefused() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            linking.requestPairingCode(for: try PhoneNumber(parsing: "15559998888"))
            let refusal = try await events.codeRefusal()
            guard case .service(let code, _) = refusal.reason else {
                Issue.record("\(refusal)")
                return
            }
            #expect([400, 404].contains(code))
            linking.close()
        }
    }

    @Test func passkeyIsHandedOver() async throws {
        let phone = NewPhone(number: SandboxWorld.number, name: "Ada", hasPasskey: true)
        try await SandboxWorld.run(phone: phone) { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            let qr = try await events.qr()
            try await world.sandbox.scan(qr, with: SandboxWorld.number)
            let options = try await events.passkeyOptions()
            linking.submitPasskeyAssertion(Array("{}".utf8))
            let refusal = try await events.first { if case .passkeyRefused(let refusal) = $0 { refusal } else { nil } }
            #expect(refusal == .malformedAssertion)
            linking.submitPasskeyAssertion(
                try await world.sandbox.passkeyAssertion(of: SandboxWorld.number, options: options)
            )
            let code = try await events.first { if case .passkeyConfirmation(let code) = $0 { code } else { nil } }
            #expect(code.count == 8)
            linking.confirmPasskey()
            let credentials = try await events.credentials()
            #expect(await world.check(credentials) == .loggedIn(lid: credentials.account?.lid))
        }
    }

    @Test func closingLeavesTheDeviceLinked() async throws {
        try await SandboxWorld.run { world in
            let credentials = try await world.link()
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).count == 1)
            #expect(await world.check(credentials) == .loggedIn(lid: credentials.account?.lid))
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).count == 1)
        }
    }

    @Test func closeEndsTheEvents() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            linking.start()
            var events = linking.events.makeAsyncIterator()
            try await events.ready()
            linking.close()
            while await events.next() != nil {}
        }
    }
}

extension SandboxWorld {
    func check(_ credentials: Credentials) async -> LoginCheck {
        await checkLogin(
            credentials,
            service: service,
            profile: profile,
            eventLoopGroup: group,
            logger: logger
        )
    }
}
