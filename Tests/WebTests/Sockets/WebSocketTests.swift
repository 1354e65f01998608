import Foundation
import NIOCore
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct WebSocketTests {
    @Test func aHandshakeIsAnswered() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            #expect(client.reply.status == 101)
            // The example of RFC 6455, section 1.3.
            #expect(client.reply["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(client.reply["Content-Security-Policy"] != nil)
        }
    }

    @Test func aHandshakeWorksOnAnyRequestOfAConnection() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await WebReply.read(from: connection).status == 200)
            try await connection.write(
                "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            #expect(try await WebReply.read(from: connection).status == 101)
            try await connection.write(BrowserClient.frame(opcode: 9, Array("hi".utf8)))
            #expect(try await connection.read(4) == [0x8a, 2] + Array("hi".utf8))
        }
    }

    @Test(arguments: [
        ["Upgrade": ""], ["Upgrade": "h2c"], ["Sec-WebSocket-Version": "8"], ["Sec-WebSocket-Version": ""],
        ["Sec-WebSocket-Key": ""], ["Sec-WebSocket-Key": "short"], ["Sec-WebSocket-Key": "!!!!"],
    ])
    func whatIsNoHandshakeGetsAnAnswer(fields: [String: String]) async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site, fields: fields)
            #expect(client.reply.status == 426)
            #expect(client.reply["Sec-WebSocket-Version"] == "13")
            #expect(client.reply.errorCode == "request.websocket_only")
            // NIO's parser takes nothing more after a request that asks for another protocol, so the server hangs up.
            if fields["Upgrade"] != "" {
                #expect(client.reply["Connection"] == "close")
                #expect(await client.connection.readToEnd() == "")
            }
        }
    }

    @Test func pagesOfOtherSitesAreRefused() async throws {
        try await withSite { (site) async throws in
            for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example", "x"] {
                let client = try await BrowserClient(site, fields: ["Origin": origin])
                #expect(client.reply.status == 403, "\(origin)")
                #expect(client.reply.errorCode == "request.foreign_origin")
            }
            let own = try await BrowserClient(site, fields: ["Origin": "http://127.0.0.1:\(site.port)"])
            #expect(own.reply.status == 101)
        }
    }

    @Test func nonsenseIsAnsweredAndTheSocketLives() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            for (text, code) in [
                ("", "request.malformed_json"), ("hello", "request.malformed_json"), ("[]", "request.not_an_object"),
                ("{}", "socket.unknown_command"), (#"{"subscribe":1}"#, "request.wrong_type"),
                (#"{"subscribe":"a","unsubscribe":"b"}"#, "socket.unknown_command"),
                (#"{"unsubscribe":"b","after":1}"#, "socket.unknown_command"),
                (#"{"subscribe":"x"}"#, "socket.unknown_topic"), (#"{"subscribe":"inbox:7"}"#, "socket.unknown_topic"),
                (#"{"subscribe":"generator:"}"#, "generator.unknown_attempt"),
                (#"{"subscribe":"generator:AAAAAAAAAAAAAAAAAAAAAAAA"}"#, "generator.unknown_attempt"),
                (#"{"subscribe":"generator:x","after":-1}"#, "request.wrong_type"),
                (#"{"unsubscribe":"generator:x"}"#, "socket.not_subscribed"),
                (#"{"do":"it"}"#, "request.unknown_field"),
                (String(repeating: "[", count: 10_000), "request.json_too_deep"),
            ] {
                try await client.send(text)
                #expect(try await client.errorCode() == code, "\(text.prefix(60))")
            }
        }
    }

    @Test func errorsNameTheirTopic() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            try await client.send(#"{"subscribe":"generator:AAAAAAAAAAAAAAAAAAAAAAAA"}"#)
            let error = try #require(try await client.receiveJSON()["error"] as? [String: Any])
            #expect(error["topic"] as? String == "generator:AAAAAAAAAAAAAAAAAAAAAAAA")
            #expect((error["message"] as? String)?.isEmpty == false)
        }
    }

    @Test func fragmentsArePutTogetherAndPingsMayComeBetween() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            try await client.sendFrame(opcode: 1, Array(#"{"subsc"#.utf8), isFinal: false)
            try await client.sendFrame(opcode: 9, Array("now".utf8))
            #expect(try await client.receive() == BrowserClient.Frame(opcode: 10, payload: Array("now".utf8)))
            try await client.sendFrame(opcode: 0, Array(#"ribe":"#.utf8), isFinal: false)
            try await client.sendFrame(opcode: 0, Array(#""x"}"#.utf8))
            #expect(try await client.errorCode() == "socket.unknown_topic")
        }
    }

    @Test(arguments: Violation.all)
    func brokenRulesEndTheSocketWithTheirCode(violation: Violation) async throws {
        try await withSite(configuration: .test { $0.sockets.closeTimeout = .milliseconds(200) }) {
            (site) async throws in
            let client = try await BrowserClient(site)
            try await client.connection.write(violation.bytes)
            #expect(try await client.closeCode() == violation.code)
            _ = await client.connection.readToEnd()
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func manySmallFragmentsAreStillOneMessage() async throws {
        try await withSite(configuration: .test { $0.sockets.closeTimeout = .milliseconds(200) }) {
            (site) async throws in
            let client = try await BrowserClient(site)
            var bytes = BrowserClient.frame(opcode: 1, [], isFinal: false)
            for _ in 0..<20 {
                bytes += BrowserClient.frame(opcode: 0, [UInt8](repeating: 0x20, count: 1024), isFinal: false)
            }
            try await client.connection.write(bytes)
            #expect(try await client.closeCode() == 1009)
        }
    }

    @Test func aCloseIsAnsweredWithItsCode() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            try await client.sendFrame(opcode: 8, [0x0b, 0xb8] + Array("bye".utf8))
            #expect(
                try await client.receive() == BrowserClient.Frame(opcode: 8, payload: [0x0b, 0xb8] + Array("bye".utf8))
            )
            #expect(await client.connection.readToEnd() == "")
            let silent = try await BrowserClient(site)
            try await silent.sendFrame(opcode: 8, [])
            #expect(try await silent.receive() == BrowserClient.Frame(opcode: 8, payload: []))
        }
    }

    @Test func aBrowserThatDoesNotAnswerPingsIsGivenUp() async throws {
        let quick = WebConfiguration.test { configuration in
            configuration.sockets.pingInterval = .milliseconds(20)
            configuration.sockets.pongTimeout = .milliseconds(100)
        }
        try await withSite(configuration: quick) { (site) async throws in
            let client = try await BrowserClient(site)
            #expect(try await client.receive().opcode == 9)
            _ = await client.connection.readToEnd()
        }
    }

    @Test func aBrowserThatAnswersPingsIsKept() async throws {
        let quick = WebConfiguration.test { configuration in
            configuration.sockets.pingInterval = .milliseconds(10)
            configuration.sockets.pongTimeout = .seconds(60)
        }
        try await withSite(configuration: quick) { (site) async throws in
            let client = try await BrowserClient(site)
            for _ in 0..<3 {
                #expect(try await client.receive().opcode == 9)
                try await client.sendFrame(opcode: 10, [])
            }
        }
    }

    @Test func aHalfClosedSocketEnds() async throws {
        try await withSite { (site) async throws in
            let client = try await BrowserClient(site)
            try await client.connection.closeOutput()
            _ = await client.connection.readToEnd()
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func aBrowserThatReadsNothingIsCutOff() async throws {
        let small = WebConfiguration.test { $0.sockets.unsentBytes = 4096 }
        try await withSite(configuration: small) { (site) async throws in
            let client = try await BrowserClient(site)
            try await client.connection.stopReading()
            await #expect(throws: (any Error).self) {
                // Each is answered by a pong that nobody reads.
                let nonsense = BrowserClient.frame(opcode: 9, [UInt8](repeating: 1, count: 125))
                let many = [UInt8]((0..<1000).flatMap { _ in nonsense })
                for _ in 0..<10_000 { try await client.connection.write(many) }
            }
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func aFloodOfMessagesClosesTheSocketInsteadOfLosingSome() async throws {
        let small = WebConfiguration.test { $0.sockets.inboxMessages = 4 }
        try await withSite(configuration: small) { (site) async throws in
            let client = try await BrowserClient(site)
            let many = [UInt8]((0..<5000).flatMap { _ in BrowserClient.frame(opcode: 1, Array("{}".utf8)) })
            try await client.connection.write(many)
            #expect(try await client.closeCode() == 1008)
        }
    }

    @Test func oneAddressHasSoManySockets() async throws {
        try await withSite(configuration: .test { $0.sockets.socketsPerAddress = 2 }) { (site) async throws in
            let first = try await BrowserClient(site)
            let second = try await BrowserClient(site)
            let third = try await BrowserClient(site)
            #expect(first.reply.status == 101)
            #expect(second.reply.status == 101)
            #expect(third.reply.status == 429)
            #expect(third.reply["Retry-After"] == "30")
            try await first.sendFrame(opcode: 8, [])
            _ = await first.connection.readToEnd()
            // The place is free as soon as the socket's task has ended.
            var status = 429
            while status == 429 { status = try await BrowserClient(site).reply.status }
            #expect(status == 101)
            // A refused handshake takes no place.
            for _ in 0..<5 {
                let refused = try await BrowserClient(site, fields: ["Upgrade": "h2c"])
                #expect(refused.reply.status == 426 || refused.reply.status == 429)
            }
        }
    }

    @Test func shutdownSaysGoodbye() async throws {
        try await withSite(configuration: .test { $0.sockets.closeTimeout = .milliseconds(300) }) {
            (site) async throws in
            let polite = try await BrowserClient(site)
            let deaf = try await BrowserClient(site)
            // Both are served before the end begins.
            for client in [polite, deaf] {
                try await client.sendFrame(opcode: 9, [])
                #expect(try await client.receive().opcode == 10)
            }
            await site.stop()
            #expect(try await polite.closeCode() == 1001)
            try await polite.sendFrame(opcode: 8, [3, 0xe9])
            #expect(try await deaf.closeCode() == 1001)
            await site.ended()
        }
    }
}
