import HTTPClient
import Testing
import WharfTestSupport

@Suite(.timeLimit(.minutes(3)))
struct HTTPClientTests {
    @Test func responseHasStatusHeadersAndBody() async throws {
        let script: LoopbackServer.Script = { _ in
            LoopbackServer.answer("404 Not Found", ["X-Kind:  a b ", "x-two: 2"], Array("gone".utf8))
        }
        try await withServer(script) {
            client,
            server in
            let response = try await client.send(HTTPRequest(.get, server.url + "/page?q=1"))
            #expect(response.status == 404)
            #expect(response.header("x-kind") == "a b")
            #expect(response.header("X-Two") == "2")
            #expect(response.header("absent") == nil)
            #expect(response.body == Array("gone".utf8))
            #expect(server.requests.first?.hasPrefix("GET /page?q=1 HTTP/1.1\r\n") == true)
            #expect(server.requests.first?.contains("User-Agent: Wharf") == true)
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func bodyIsSentWithItsMethod(method: HTTPRequest.Method) async throws {
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK") }
        try await withServer(script) { client, server in
            let body = Array("{\"a\":1}".utf8)
            let type = HTTPHeader("Content-Type", "application/json")
            _ = try await client.send(HTTPRequest(method, server.url, headers: [type], body: body))
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("\(method.rawValue) / HTTP/1.1\r\n"))
            #expect(request.contains("Content-Type: application/json\r\n"))
            #expect(request.contains("Content-Length: 7\r\n"))
            #expect(request.hasSuffix("\r\n\r\n{\"a\":1}"))
            #expect(!request.contains("Expect:"))
        }
    }

    @Test func headAndEmptyPostHaveNoBody() async throws {
        let script: LoopbackServer.Script = { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8) }
        try await withServer(script) { client, server in
            let response = try await client.send(HTTPRequest(.head, server.url))
            #expect(response.body.isEmpty)
            #expect(server.requests.first?.hasPrefix("HEAD / ") == true)
        }
        let secondScript: LoopbackServer.Script = { _ in LoopbackServer.answer("204 No Content") }
        try await withServer(secondScript) { client, server in
            let response = try await client.send(HTTPRequest(.post, server.url))
            #expect(response.status == 204)
            #expect(server.requests.first?.contains("Content-Length: 0\r\n") == true)
            #expect(server.requests.first?.contains("Content-Type") == false)
        }
    }

    /// However an address is written: asked of the connection itself, so after every redirect as well.
    @Test(arguments: [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]", "[fd00::1]", "224.0.0.1", "255.255.255.255",
    ])
    func privateAddressesAreNotConnectedTo(host: String) async throws {
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK") }
        try await withServer(script) { client, server in
            let port = server.url.split(separator: ":").last.map { String($0) } ?? "1"
            var request = HTTPRequest(.get, "http://\(host):\(port)/")
            request.isPublicOnly = true
            request.timeout = .seconds(20)
            await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func bodyBeyondTheLimitIsRefused() async throws {
        let script: LoopbackServer.Script = { _ in
            LoopbackServer.answer("200 OK", [], [UInt8](repeating: 7, count: 300_000))
        }
        try await withServer(script) {
            client,
            server in
            var request = HTTPRequest(.get, server.url)
            request.responseLimit = 299_999
            await #expect(throws: HTTPClientError.responseTooLarge(limit: 299_999)) { try await client.send(request) }
            request.responseLimit = 300_000
            let response = try await client.send(request)
            #expect(response.body.count == 300_000)
        }
    }

    @Test func limitCountsBytesAfterDecompression() async throws {
        // What `head -c 2000000 /dev/zero | gzip -9n` makes: but for both ends it is zeros itself.
        let start: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xED, 0xC1, 1, 1, 0, 0, 0, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 1,
        ]
        let end: [UInt8] = [0x6F, 0x06, 0x41, 0x1D, 0x5A, 0x42, 0x80, 0x84, 0x1E, 0]
        let bomb = start + [UInt8](repeating: 0, count: 1_972 - start.count - end.count) + end
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK", ["Content-Encoding: gzip"], bomb) }
        try await withServer(script) {
            client,
            server in
            var request = HTTPRequest(.get, server.url)
            request.responseLimit = 1_000_000
            await #expect(throws: HTTPClientError.responseTooLarge(limit: 1_000_000)) { try await client.send(request) }
            request.responseLimit = 2_000_000
            let response = try await client.send(request)
            #expect(response.body == [UInt8](repeating: 0, count: 2_000_000))
        }
    }

    @Test func endlessHeadersAreRefused() async throws {
        let headers = (0..<2_000).map { "X-\($0): " + String(repeating: "y", count: 60) }
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK", headers) }
        try await withServer(script) { client, server in
            await #expect(throws: HTTPClientError.responseTooLarge(limit: 1 << 20)) {
                try await client.send(HTTPRequest(.get, server.url))
            }
        }
    }

    @Test func redirectsAreReturnedUnlessAskedFor() async throws {
        let script: LoopbackServer.Script = { request in
            guard let hops = request.firstMatch(of: #/^GET /(\d+) /#).flatMap({ Int($0.output.1) }), hops > 0 else {
                return LoopbackServer.answer("200 OK", ["X-Last: yes"], Array("end".utf8))
            }
            return LoopbackServer.answer("302 Found", ["Location: /\(hops - 1)", "X-Hop: \(hops)"])
        }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.get, server.url + "/3")
            let first = try await client.send(request)
            #expect(first.status == 302)
            #expect(first.header("location") == "/2")
            request.redirects = .followed(limit: 3)
            let last = try await client.send(request)
            #expect(last.body == Array("end".utf8))
            #expect(last.header("x-hop") == nil)
            request.redirects = .followed(limit: 2)
            await #expect(throws: HTTPClientError.tooManyRedirects) { try await client.send(request) }
        }
    }

    @Test func silentServerTimesOut() async throws {
        let script: LoopbackServer.Script = { _ in nil }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.get, server.url)
            request.timeout = .milliseconds(100)
            await #expect(throws: HTTPClientError.timedOut) { try await client.send(request) }
        }
    }

    @Test func cancellingTheTaskClosesTheConnection() async throws {
        let (asked, note) = AsyncStream<Void>.makeStream()
        let script: LoopbackServer.Script = { _ in
            note.yield()
            return nil
        }
        try await withServer(script) { client, server in
            let task = Task { try await client.send(HTTPRequest(.get, server.url)) }
            var arrivals = asked.makeAsyncIterator()
            await arrivals.next()
            task.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await task.value }
            var closures = server.closures.makeAsyncIterator()
            await closures.next()
        }
    }

    @Test func requestOfACancelledTaskIsNotSent() async throws {
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK") }
        try await withServer(script) { client, server in
            let (gate, open) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in gate {}
                return try await client.send(HTTPRequest(.get, server.url))
            }
            task.cancel()
            open.finish()
            await #expect(throws: HTTPClientError.cancelled) { try await task.value }
        }
    }

    @Test func shutdownEndsWhatRunsAndRefusesTheRest() async throws {
        let (asked, note) = AsyncStream<Void>.makeStream()
        let script: LoopbackServer.Script = { _ in
            note.yield()
            return nil
        }
        try await withServer(script) { client, server in
            let task = Task { try await client.send(HTTPRequest(.get, server.url)) }
            var arrivals = asked.makeAsyncIterator()
            await arrivals.next()
            await client.shutdown()
            await #expect(throws: HTTPClientError.shutDown) { try await task.value }
            await #expect(throws: HTTPClientError.shutDown) { try await client.send(HTTPRequest(.get, server.url)) }
        }
    }

    @Test func requestsBeyondTheLimitAreTurnedAway() async throws {
        let (asked, note) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { _ in
            note.yield()
            return nil
        }
        let client = HTTPClient(limit: 1)
        let task = Task { try await client.send(HTTPRequest(.get, server.url)) }
        var arrivals = asked.makeAsyncIterator()
        await arrivals.next()
        await #expect(throws: HTTPClientError.overloaded(limit: 1)) {
            try await client.send(HTTPRequest(.get, server.url))
        }
        task.cancel()
        _ = await task.result
        await client.shutdown()
        server.stop()
    }

    @Test func twoHundredRequestsAtOnceAllArrive() async throws {
        let script: LoopbackServer.Script = { request in
            let path = request.split(separator: " ").dropFirst().first ?? ""
            return LoopbackServer.answer("200 OK", [], Array(path.utf8))
        }
        try await withServer(script) { client, server in
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let response = try await client.send(HTTPRequest(.get, server.url + "/\(number)"))
                        #expect(response.body == Array("/\(number)".utf8))
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.requests.count == 200)
        }
    }

    @Test(arguments: [
        "", "no scheme", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a b/", "http://x\r\nY: z/",
    ])
    func addressesThatAreNotHTTPAreRefused(url: String) async {
        await withClient { client in
            await #expect(throws: HTTPClientError.invalidURL) { try await client.send(HTTPRequest(.get, url)) }
        }
    }

    @Test(arguments: [
        HTTPHeader("X-A", "1\r\nX-B: 2"), HTTPHeader("X A", "1"), HTTPHeader("", "1"), HTTPHeader("X:", ""),
    ])
    func headersThatCouldSmuggleAreRefused(header: HTTPHeader) async {
        await withClient { client in
            await #expect(throws: HTTPClientError.invalidHeader(name: header.name)) {
                try await client.send(HTTPRequest(.get, "http://127.0.0.1:1/", headers: [header]))
            }
        }
    }

    @Test func refusedBrokenAndMalformedAnswersHaveTheirErrors() async throws {
        let server = try LoopbackServer { _ in LoopbackServer.answer("200 OK") }
        server.stop()
        await withClient { client in
            await #expect(throws: HTTPClientError.connectionRefused) {
                try await client.send(HTTPRequest(.get, server.url))
            }
        }
        let script: LoopbackServer.Script = { _ in [] }
        try await withServer(script) { client, server in
            await #expect(throws: HTTPClientError.connectionLost) {
                try await client.send(HTTPRequest(.get, server.url))
            }
        }
        let secondScript: LoopbackServer.Script = { _ in Array("nonsense\r\n\r\n".utf8) }
        try await withServer(secondScript) { client, server in
            await #expect(throws: HTTPClientError.malformedResponse) {
                try await client.send(HTTPRequest(.get, server.url))
            }
        }
        let thirdScript: LoopbackServer.Script = { _ in Array("nonsense\r\n\r\n".utf8) }
        try await withServer(thirdScript) { client, server in
            let secure = "https://127.0.0.1:\(server.port)/"
            await #expect(throws: HTTPClientError.tlsFailed) { try await client.send(HTTPRequest(.get, secure)) }
        }
    }

    private func withServer(
        _ script: @escaping LoopbackServer.Script,
        _ body: (HTTPClient, LoopbackServer) async throws -> Void
    ) async throws {
        let server = try LoopbackServer(script: script)
        defer { server.stop() }
        let client = HTTPClient()
        do {
            try await body(client, server)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func withClient(_ body: (HTTPClient) async -> Void) async {
        let client = HTTPClient()
        await body(client)
        await client.shutdown()
    }
}
