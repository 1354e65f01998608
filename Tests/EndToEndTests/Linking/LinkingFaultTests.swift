import Testing
import WhatsApp
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(3)))
struct LinkingFaultTests {
    @Test(arguments: [
        (CertificateFlaw.root, CertificateError.untrustedRoot),
        (.issuerSerial, .unexpectedIssuer(1)),
        (.expired, .expired),
        (.leaf, .keyMismatch),
    ])
    func wrongCertificateEndsIt(_ flaw: CertificateFlaw, _ error: CertificateError) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(.wrongCertificate(flaw))
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            guard case .untrustedServer(let found) = try await events.failure() else {
                Issue.record("another failure")
                return
            }
            if case .issuerSerial = flaw {
                guard case .unexpectedIssuer = found else {
                    Issue.record("\(found)")
                    return
                }
            } else {
                #expect(found == error)
            }
        }
    }

    @Test(arguments: [
        SandboxFault.dropAtPairDevice, .drop, .expireReferences, .xmlStreamEnd, .serverRestart,
        .streamError(code: 503, conflict: nil), .streamError(code: 429, conflict: nil),
    ])
    func lostConnectionStartsOver(_ fault: SandboxFault) async throws {
        try await SandboxWorld.run { world in
            if !fault.isImmediate { try await world.sandbox.inject(fault) }
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            if fault.isImmediate {
                _ = try await events.qr()
                try await world.sandbox.inject(fault)
            }
            try await events.restart()
            let qr = try await events.qr()
            try await world.sandbox.scan(qr, with: SandboxWorld.number)
            _ = try await events.credentials()
        }
    }

    @Test(arguments: [
        (SandboxFault.badHMAC, PairingRejection.hmacMismatch), (.badAccountSignature, .signatureMismatch),
    ])
    func forgedSuccessIsRejected(_ fault: SandboxFault, _ rejection: PairingRejection) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(fault)
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            let qr = try await events.qr()
            _ = try? await world.sandbox.scan(qr, with: SandboxWorld.number)
            #expect(try await events.failure() == .rejected(rejection))
            #expect(try await world.sandbox.devices(of: SandboxWorld.number).isEmpty)
        }
    }

    @Test(arguments: [SandboxFault.closeWithoutRestart, .restartWithoutClose, .dropAtLogin])
    func endOfPairingMayTakeAnyForm(_ fault: SandboxFault) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(fault)
            let credentials = try await world.link()
            #expect(credentials.account?.jid.device == 1)
        }
    }

    @Test(arguments: [
        SandboxFault.splitFrames, .joinFrames, .compressStanzas, .delay(milliseconds: 50, .all),
    ])
    func shapeOfTheStreamHasNoMeaning(_ fault: SandboxFault) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(fault)
            _ = try await world.link()
        }
    }

    @Test func replacedSecretRedrawsTheCode() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            let first = try await events.qr()
            try await world.sandbox.inject(.rotateSecret)
            let second = try await events.qr()
            #expect(first != second)
            #expect(first.prefix(80) == second.prefix(80))
            try await world.sandbox.scan(second, with: SandboxWorld.number)
            _ = try await events.credentials()
        }
    }

    @Test(arguments: [400, 403, 429, 452, 500])
    func codeErrorsReachTheCaller(_ code: Int) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(.pairingCodeError(code: code, backoff: 7))
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            linking.requestPairingCode(for: try PhoneNumber(parsing: SandboxWorld.number))
            let refusal = try await events.codeRefusal()
            guard case .service(code, _) = refusal.reason else {
                Issue.record("\(refusal)")
                return
            }
            #expect(refusal.retryAfter == .seconds(7))
            // The QR code is not touched by it.
            let qr = try await world.sandbox.scanAnotherQR(linking, &events)
            #expect(qr)
        }
    }

    @Test func voidCodeCanBeReplaced() async throws {
        try await SandboxWorld.run { world in
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            let number = try PhoneNumber(parsing: SandboxWorld.number)
            linking.requestPairingCode(for: number)
            let first = try await events.code()
            try await world.sandbox.inject(.refreshCode(forcedByHand: false))
            try await events.first { if case .pairingCodeExpired = $0 { () } else { nil } }
            linking.requestPairingCode(for: number)
            let second = try await events.code()
            #expect(first != second)
            try await world.sandbox.enterCode(second, at: SandboxWorld.number)
            _ = try await events.credentials()
        }
    }

    @Test func repeatedPrimaryHelloIsTaken() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(.duplicatePrimaryHello)
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            try await events.ready()
            linking.requestPairingCode(for: try PhoneNumber(parsing: SandboxWorld.number))
            let code = try await events.code()
            _ = try? await world.sandbox.enterCode(code, at: SandboxWorld.number)
            _ = try await events.credentials()
        }
    }

    @Test(arguments: [401, 403, 405, 406, 409])
    func refusedLoginAfterPairingIsReported(_ reason: Int) async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(.refuseLogin(reason: reason, attributes: [:]))
            let linking = world.makeLinking()
            var events = linking.events.makeAsyncIterator()
            linking.start()
            let qr = try await events.qr()
            try await world.sandbox.scan(qr, with: SandboxWorld.number)
            guard case .refused = try await events.failure() else {
                Issue.record("another failure")
                return
            }
        }
    }

    @Test func overloadedLoginIsTriedAgain() async throws {
        try await SandboxWorld.run { world in
            try await world.sandbox.inject(.refuseLogin(reason: 503, attributes: [:]))
            _ = try await world.link()
        }
    }
}

extension SandboxServer {
    /// Expires what is on show, so that a fresh code comes, and scans that.
    fileprivate func scanAnotherQR(
        _ linking: LinkingConnection,
        _ events: inout AsyncStream<LinkingEvent>.Iterator
    ) async throws -> Bool {
        try await inject(.rotateSecret)
        let qr = try await events.qr()
        try await scan(qr, with: SandboxWorld.number)
        return try await events.credentials().account != nil
    }
}
