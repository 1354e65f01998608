import NIOCore
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// The server on a real socket.
@Suite(.serialized) struct SocketTests {
    private let companion = TestCompanion()

    @Test func linksAndLogsIn() async throws {
        try await TestSandbox.run { sandbox in
            let device = try await sandbox.link(companion)
            #expect(device.device == 1)
            let socket = try await sandbox.logIn(companion, device: 1, routingInfo: [8, 13, 16, 2])
            #expect(try await socket.next().tag == "success")
            #expect(try await socket.next().child("edge_routing")?.child("routing_info")?.bytes?.isEmpty == false)
            try await socket.send(companion.preKeyUpload(30))
            #expect(try await socket.next("iq").attributes.text("type") == "result")
            #expect(try await sandbox.server.devices(of: TestSandbox.number).first?.preKeys == 30)
            #expect(try await sandbox.server.devices(of: TestSandbox.number).first?.isConnected == true)
            try await sandbox.server.unlink(1, of: TestSandbox.number)
            let end = try await socket.next("stream:error")
            #expect(end.child("conflict")?.attributes.text("type") == "device_removed")
            #expect(try await socket.socket.next() == .init(opcode: 8, bytes: [3, 232]))
        }
    }

    @Test func codeIsTypedAtThePhone() async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await sandbox.register(companion)
            _ = try await socket.next()
            let flow = try TestCodeFlow()
            let hello = flow.hello(companion, number: TestSandbox.number)
            try await socket.send(
                BinaryNode("iq", ["id": "1", "type": "set", "xmlns": "md", "to": .jid(.server)], children: [hello])
            )
            _ = try await socket.next("iq")
            let server = sandbox.server
            async let typed = server.enterCode("htyx-2dn2", at: TestSandbox.number)
            var linking = companion
            let finish = try flow.finish(try await socket.next("notification"), companion: companion)
            linking.advSecret = finish.advSecret
            try await socket.send(
                BinaryNode(
                    "iq",
                    ["id": "2", "type": "set", "xmlns": "md", "to": .jid(.server)],
                    children: [finish.request]
                )
            )
            #expect(try await socket.next().attributes.text("id") == "2")
            guard case .reply(let reply) = try linking.check(try await socket.next()) else {
                Issue.record("refused")
                return
            }
            try await socket.send(reply)
            guard case .linked = try await typed else {
                Issue.record("not linked")
                return
            }
        }
    }

    @Test(arguments: ["whole", "pieces", "joined", "fragments"])
    func framesAreTakenHoweverTheyAreCut(_ cut: String) async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.link(companion)
            let socket = try await sandbox.logIn(companion, device: 1)
            _ = try await socket.next()
            let pings = try (1...3).map { number in
                try socket.seal(
                    BinaryNode(
                        "iq",
                        ["id": .text("ping-\(number)"), "type": "get", "xmlns": "w:p", "to": .jid(.server)]
                    )
                )
            }
            let all = pings.flatMap(\.self)
            switch cut {
            case "whole": for ping in pings { try await socket.socket.send(ping) }
            case "pieces": for byte in all { try await socket.socket.send([byte]) }
            case "joined": try await socket.socket.send(all)
            default:
                try await socket.socket.send(Array(all[..<5]), isLast: false)
                try await socket.socket.send(Array(all[5..<9]), opcode: 0, isLast: false)
                try await socket.socket.send(Array(all[9...]), opcode: 0)
            }
            for number in 1...3 {
                #expect(try await socket.next("iq").attributes.text("id") == "ping-\(number)")
            }
        }
    }

    @Test(arguments: [SandboxFault.splitFrames, .joinFrames, .compressStanzas])
    func shapingReachesTheWire(_ fault: SandboxFault) async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.link(companion)
            try await sandbox.server.inject(fault, scope: FaultScope(number: TestSandbox.number))
            let socket = try await sandbox.logIn(companion, device: 1)
            let before = socket.messages
            for tag in ["success", "ib", "ib", "ib"] { #expect(try await socket.next().tag == tag) }
            switch fault {
            case .splitFrames: #expect(socket.messages - before > 8)
            case .joinFrames: #expect(socket.messages - before == 1)
            default: #expect(socket.flags == [2, 2, 2, 2])
            }
        }
    }

    @Test func delayHoldsBackInOrder() async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.link(companion)
            try await sandbox.server.inject(.delay(milliseconds: 150, .all))
            let clock = ContinuousClock()
            let start = clock.now
            let socket = try await sandbox.logIn(companion, device: 1)
            #expect(clock.now - start >= .milliseconds(150))
            for tag in ["success", "ib", "ib", "ib"] { #expect(try await socket.next().tag == tag) }
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test(arguments: CertificateFlaw.allCases)
    func wrongCertificateIsRefusedByTheCompanion(_ flaw: CertificateFlaw) async throws {
        try await TestSandbox.run { sandbox in
            try await sandbox.server.inject(.wrongCertificate(flaw))
            await #expect(throws: NoiseError.self) { _ = try await sandbox.register(companion) }
            _ = try await sandbox.register(companion)
        }
    }

    @Test func pingsAndTextMessagesOfWebSocket() async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await TestWebSocket.open(port: sandbox.port)
            try await socket.send(Array("hello".utf8), opcode: 1)
            try await socket.send([1, 2, 3], opcode: 9)
            #expect(try await socket.next() == .init(opcode: 10, bytes: [1, 2, 3]))
            try await socket.send([3, 232], opcode: 8)
            #expect(try await socket.next().opcode == 8)
        }
    }

    @Test(arguments: [
        TestWebSocket.frame([0x57, 0x41, 0x05, 0x02]), TestWebSocket.frame([UInt8](repeating: 0xff, count: 500)),
        TestWebSocket.frame(Frame.prologue + [0, 0, 3, 1, 2, 3]),
        TestWebSocket.frame(Frame.prologue + [0, 0, 0]),
        TestWebSocket.frame(Frame.prologue, isMasked: false),
        TestWebSocket.frame([0x45, 0x44, 0, 1, 0xff, 0xff, 0xff] + [UInt8](repeating: 1, count: 70_000)),
        [0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4], [0xff, 0xff, 0xff],
    ])
    func rubbishClosesThatConnectionAlone(_ bytes: [UInt8]) async throws {
        var timeouts = SandboxTimeouts()
        // Some of it is the beginning of something that never comes.
        timeouts.handshake = .seconds(1)
        try await TestSandbox.run(SandboxConfiguration(port: 0, timeouts: timeouts)) { sandbox in
            let neighbour = try await sandbox.register(companion)
            _ = try await neighbour.next()
            let socket = try await TestWebSocket.open(port: sandbox.port)
            try await socket.connection.write(bytes)
            _ = await socket.connection.readToEnd()
            try await neighbour.send(BinaryNode("iq", ["id": "1", "type": "get", "xmlns": "w:p", "to": .jid(.server)]))
            #expect(try await neighbour.next("iq").attributes.text("id") == "1")
        }
    }

    /// With 1009 for a message that is too long and 1002 for a control frame in pieces (RFC 6455, 7.4.1).
    @Test(
        arguments: [
            ([0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4], [3, 241]),
            ([0x09, 0x80, 1, 2, 3, 4], [3, 234]),
        ] as [([UInt8], [UInt8])]
    )
    func whoBreaksTheWebSocketIsToldSo(_ bytes: [UInt8], code: [UInt8]) async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await TestWebSocket.open(port: sandbox.port)
            try await socket.connection.write(bytes)
            #expect(try await socket.next() == .init(opcode: 8, bytes: code))
            #expect(await socket.connection.readToEnd().isEmpty)
        }
    }

    @Test func halfOpenAndSilentSocketsAreClosed() async throws {
        var timeouts = SandboxTimeouts()
        // Long enough for a busy machine to get a companion registered in between.
        timeouts.handshake = .seconds(2)
        timeouts.silence = .seconds(3)
        timeouts.request = .milliseconds(500)
        try await TestSandbox.run(SandboxConfiguration(port: 0, timeouts: timeouts)) { sandbox in
            let noHandshake = try await TestWebSocket.open(port: sandbox.port)
            _ = await noHandshake.connection.readToEnd()
            let silent = try await sandbox.register(companion)
            _ = await silent.socket.connection.readToEnd()
            let slow = try await RawConnection.open(port: sandbox.port)
            try await slow.write("GET /sandbox HTT")
            #expect(await slow.readToEnd().isEmpty)
            let halfClosed = try await sandbox.register(companion)
            try await halfClosed.socket.connection.closeOutput()
            _ = await halfClosed.socket.connection.readToEnd()
        }
    }

    /// A client that met the end of the stream before it had handled 515 never came back (whatsmeow).
    @Test func lastStanzaHasTimeBeforeTheEnd() async throws {
        var timeouts = SandboxTimeouts()
        timeouts.lingering = .milliseconds(400)
        try await TestSandbox.run(SandboxConfiguration(port: 0, timeouts: timeouts)) { sandbox in
            let socket = try await sandbox.register(companion)
            _ = try await socket.next()
            try await sandbox.server.inject(.streamError(code: 515, conflict: nil))
            #expect(try await socket.next() == BinaryNode("stream:error", ["code": "515"]))
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await socket.socket.next().opcode == 8)
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test func referencesRunOut() async throws {
        try await TestSandbox.run(SandboxConfiguration(port: 0, referenceLifetime: .milliseconds(200))) { sandbox in
            let socket = try await sandbox.register(companion)
            _ = try await socket.next()
            #expect(try await socket.socket.next().opcode == 8)
        }
    }

    @Test func shutdownEndsConnectionsAndOrders() async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await sandbox.register(companion)
            let reference = try #require(try await socket.next().child("pair-device")?.child("ref")?.text)
            let server = sandbox.server
            let qr = companion.qr(reference)
            async let scan = server.scan(qr, with: TestSandbox.number)
            _ = try await socket.next()
            await server.shutdown()
            do {
                _ = try await scan
                Issue.record("The order ends with the server")
            } catch let error as SandboxError {
                #expect(error == .companionGone || error == .notRunning)
            }
            #expect(throws: SandboxError.notRunning) { try server.webSocketURL }
        }
    }

    @Test func hundredsOfCompanionsAtOnce() async throws {
        // The first must not have run out of references when the last comes, however busy the machine.
        var timeouts = SandboxTimeouts()
        timeouts.silence = .hours(1)
        let configuration = SandboxConfiguration(port: 0, referenceLifetime: .seconds(3600), timeouts: timeouts)
        try await TestSandbox.run(configuration) { sandbox in
            var sockets: [SocketCompanion] = []
            for _ in 0..<200 {
                let socket = try await sandbox.register(companion)
                _ = try await socket.next()
                sockets.append(socket)
            }
            #expect(try await sandbox.server.connectionCount() == 200)
            try await sandbox.server.inject(.serverRestart)
            for socket in sockets { _ = await socket.socket.connection.readToEnd() }
        }
    }
}
