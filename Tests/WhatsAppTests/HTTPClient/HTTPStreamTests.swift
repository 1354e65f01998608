import Foundation
import HTTPClient
import Synchronization
import Testing
import WharfTestSupport

@Suite(.timeLimit(.minutes(3)))
struct HTTPStreamTests {
    @Test func bodyComesInPiecesThatAreBounded() async throws {
        let content = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK", ["X-Kind: big"], content) }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.get, server.url)
            request.responseLimit = content.count
            let response = try await client.stream(request, bufferLimit: 100_000)
            #expect(response.status == 200)
            #expect(response.header("x-kind") == "big")
            var body: [UInt8] = []
            while let piece = try await response.body.next() {
                // Never more than the limit, or than libcurl reads at once.
                #expect((1...(256 << 10)).contains(piece.count))
                body += piece
            }
            #expect(body == content)
            #expect(try await response.body.next() == nil)
        }
    }

    @Test func streamBeyondItsLimitBreaksOff() async throws {
        let content = [UInt8](repeating: 1, count: 1_000_000)
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK", [], content) }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.get, server.url)
            request.responseLimit = 999_999
            await #expect(throws: HTTPClientError.responseTooLarge(limit: 999_999)) {
                let response = try await client.stream(request)
                _ = try await response.body.collect(limit: .max)
            }
        }
    }

    @Test func headWithoutBodyArrives() async throws {
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("404 Not Found") }
        try await withServer(script) { client, server in
            let response = try await client.stream(HTTPRequest(.get, server.url))
            #expect(response.status == 404)
            #expect(try await response.body.next() == nil)
        }
    }

    @Test func connectionThatBreaksInTheMiddleIsNoticed() async throws {
        let script: LoopbackServer.Script = { _ in Array("HTTP/1.0 200 OK\r\ncontent-length: 100\r\n\r\nhalf".utf8) }
        try await withServer(script) { client, server in
            let response = try await client.stream(HTTPRequest(.get, server.url))
            await #expect(throws: HTTPClientError.connectionLost) {
                _ = try await response.body.collect(limit: 1_000)
            }
        }
    }

    @Test func lettingGoOfABodyClosesTheConnection() async throws {
        let script: LoopbackServer.Script = { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8) }
        try await withServer(script) { client, server in
            do {
                let response = try await client.stream(HTTPRequest(.get, server.url))
                #expect(try await response.body.next() == Array("half".utf8))
            }
            var closures = server.closures.makeAsyncIterator()
            await closures.next()
        }
    }

    @Test func cancellingTheReaderClosesTheConnection() async throws {
        let script: LoopbackServer.Script = { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8) }
        try await withServer(script) { client, server in
            let response = try await client.stream(HTTPRequest(.get, server.url))
            #expect(try await response.body.next() == Array("half".utf8))
            let task = Task { try await response.body.next() }
            task.cancel()
            await #expect(throws: HTTPClientError.cancelled) { try await task.value }
            var closures = server.closures.makeAsyncIterator()
            await closures.next()
        }
    }

    @Test func bodyThatStandsStillTimesOut() async throws {
        let script: LoopbackServer.Script = { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8) }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.get, server.url)
            request.stallTimeout = .seconds(1)
            let response = try await client.stream(request)
            await #expect(throws: HTTPClientError.timedOut) { _ = try await response.body.collect(limit: 1_000) }
        }
    }

    @Test func partOfAFileIsSent() async throws {
        let file = try temporaryFile(Array("0123456789".utf8))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK") }
        try await withServer(script) { client, server in
            let progress = Mutex<[UInt64]>([])
            var request = HTTPRequest(.post, server.url)
            request.bodyFile = HTTPFileBody(path: file, offset: 3, length: 5) { count in
                progress.withLock { $0.append(count) }
            }
            let response = try await client.send(request)
            #expect(response.status == 200)
            let received = try #require(server.requests.first)
            #expect(received.hasPrefix("POST / HTTP/1.1\r\n"))
            #expect(received.contains("Content-Length: 5\r\n"))
            #expect(received.hasSuffix("\r\n\r\n34567"))
            #expect(progress.withLock { $0.last } == 5)
        }
    }

    @Test func fileThatIsShorterThanSaidIsRefused() async throws {
        let file = try temporaryFile(Array("0123456789".utf8))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let script: LoopbackServer.Script = { _ in LoopbackServer.answer("200 OK") }
        try await withServer(script) { client, server in
            var request = HTTPRequest(.post, server.url)
            request.bodyFile = HTTPFileBody(path: file, offset: 3, length: 8)
            await #expect(throws: HTTPClientError.unreadableBody) { try await client.send(request) }
            request.bodyFile = HTTPFileBody(path: file + ".absent", length: 1)
            await #expect(throws: HTTPClientError.unreadableBody) { try await client.send(request) }
        }
    }

    private func temporaryFile(_ content: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "wharf-http-\(UUID().uuidString)").path
        try Data(content).write(to: URL(filePath: path))
        return path
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
}
