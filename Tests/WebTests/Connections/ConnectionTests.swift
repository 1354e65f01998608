import Foundation
import NIOCore
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test func whoNeverFinishesAHeadIsHungUpOn() async throws {
        try await withSite(configuration: .test { $0.connections.firstHead = .milliseconds(200) }) {
            (site) async throws in
            for begun in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
                let connection = try await RawConnection(port: site.port)
                try await connection.write(begun)
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test func anIdleConnectionEnds() async throws {
        try await withSite(configuration: .test { $0.connections.idle = .seconds(3) }) { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await WebReply.read(from: connection).status == 200)
            try await connection.write("GET / HTTP/1.1\r\nX-Slow")
            #expect(await connection.readToEnd() == "")
        }
    }

    @Test func aBodyThatDoesNotComeInTimeGets408() async throws {
        let quick = WebConfiguration.test { configuration in
            configuration.connections.body = .milliseconds(200)
        }
        try await withSite(configuration: quick) { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write(
                "POST /api/session/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{\"method\":"
            )
            let reply = try await WebReply.read(from: connection)
            #expect(reply.status == 408)
            #expect(reply.errorCode == "request.body_timed_out")
            #expect(await connection.readToEnd() == "")
        }
    }

    @Test func aBodyThatIsTooLargeIsRefusedBeforeItIsRead() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write(
                "POST /api/session/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10485760\r\n\r\n"
            )
            let reply = try await WebReply.read(from: connection)
            #expect(reply.status == 413)
            #expect(reply.errorCode == "request.body_too_large")
            #expect(reply["Connection"] == "close")
        }
    }

    @Test func tenMegabytesOfJSONGetAnAnswer() async throws {
        try await withSite(configuration: .test { $0.connections.linger = .seconds(60) }) { (site) async throws in
            let json = "{\"method\":\"" + String(repeating: "x", count: 10 << 20) + "\"}"
            for path in ["/api/session/generate", "/api/session/validate"] {
                let reply = try await site.post(path, json: json)
                #expect(reply.status == 413)
                #expect(reply.errorCode == "request.body_too_large")
            }
        }
    }

    @Test func chunkedBodiesAreBoundedToo() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write(
                "POST /api/session/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
            for _ in 0..<20 { try await connection.write(chunk) }
            #expect(try await WebReply.read(from: connection).status == 413)
        }
    }

    @Test func aBrokenChunkGets400() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write(
                "POST /api/session/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n"
            )
            #expect(await connection.readToEnd().hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func placesAreCountedByNetwork() throws {
        let counter = AddressCounter(limit: 2)
        let one = try #require(NetworkAddress("2001:db8::1"))
        let neighbour = try #require(NetworkAddress("2001:db8::2"))
        let other = try #require(NetworkAddress("2001:db9::1"))
        #expect(counter.take(one))
        #expect(counter.take(neighbour))
        #expect(!counter.take(one))
        #expect(counter.take(other))
        counter.giveBack(neighbour)
        #expect(counter.take(one))
        #expect(!counter.take(neighbour))
    }

    @Test func whoAsksAndLeavesDoesNoHarm() async throws {
        try await withSite { (site) async throws in
            for request in [
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET /",
                "POST /api/session/generate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
            ] {
                let connection = try await RawConnection(port: site.port)
                try await connection.write(request)
                await connection.close()
            }
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func aHalfOpenConnectionGetsItsAnswerAndEnds() async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            try await connection.closeOutput()
            #expect(try await WebReply.read(from: connection).status == 200)
            #expect(await connection.readToEnd() == "")
        }
    }

    @Test(arguments: [
        "rubbish\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: x\r\n\r\nzz\r\n", "GET / HTTP/1.1\r\nNo Colon\r\n\r\n",
    ])
    func rubbishGets400OrIsHungUpOn(text: String) async throws {
        try await withSite { (site) async throws in
            let connection = try await RawConnection(port: site.port)
            try await connection.write(text)
            let answer = await connection.readToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400") || text.contains("zz"), "\(answer.prefix(40))")
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func longHeadsAreRefused() async throws {
        try await withSite { (site) async throws in
            for head in [
                "GET / HTTP/1.1\r\nX-Long: \(String(repeating: "x", count: 40_000))\r\n\r\n",
                "GET / HTTP/1.1\r\n" + (0..<200).map { "X-\($0): y\r\n" }.joined() + "\r\n",
            ] {
                let connection = try await RawConnection(port: site.port)
                try await connection.write(head)
                let answer = await connection.readToEnd()
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer.prefix(40))")
            }
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func whoReadsNothingIsHungUpOn() async throws {
        let quick = WebConfiguration.test { $0.connections.response = .milliseconds(300) }
        try await withSite(configuration: quick) { (site) async throws in
            let connection = try await RawConnection(port: site.port, autoRead: false)
            let request = "GET /generate HTTP/1.1\r\nHost: x\r\n\r\n"
            await #expect(throws: (any Error).self) {
                while true { try await connection.write(String(repeating: request, count: 200)) }
            }
            #expect(try await site.get("/health").status == 200)
        }
    }

    @Test func withoutADatabaseNothingBeginsAndEverythingElseGoesOn() async throws {
        try await withSite { (site) async throws in
            let reply = try await site.post("/api/session/generate", json: #"{"method":"qr"}"#)
            #expect(reply.status == 503)
            #expect(reply.errorCode == "generator.unavailable")
            #expect(reply["Retry-After"] == "60")
            #expect(try await site.get("/generate").status == 200)
        }
    }
}
