import Foundation
import HTTPClient

/// Attempts from the request to what the browser's socket brings.
struct GeneratorRun {
    struct Unexpected: Error {
        let what: String
    }

    let server: BenchmarkedServer.Address
    let client: HTTPClient
    private let clock = ContinuousClock()

    init(server: BenchmarkedServer.Address, client: HTTPClient) {
        self.server = server
        self.client = client
    }

    private struct Ticket: Decodable {
        let id: String
        let topic: String
    }

    private struct Waiting {
        let ticket: Ticket
        let socket: BrowserSocket
        let qr: String
        /// From the request to the QR event.
        let delay: Double
    }

    func oneAtATime(_ count: Int) async throws {
        var delays: [Double] = []
        for _ in 0..<count {
            let waiting = try await begin()
            delays.append(waiting.delay)
            try await end(waiting)
        }
        report("request to QR, one at a time, \(count): \(Sample(delays).inMilliseconds)")
    }

    /// Opens attempts until `count` wait, and keeps asking for one more while they do.
    func atOnce(_ count: Int) async throws {
        let before = server.residentMemory
        var all: [Waiting] = []
        for _ in 0..<count { all.append(try await begin()) }
        let each = (server.residentMemory - before) / max(count, 1)
        report("memory a waiting attempt adds, \(count) open, both ends in the process: \(each / 1024) KiB")

        var delays: [Double] = []
        for _ in 0..<50 {
            let waiting = try await begin()
            delays.append(waiting.delay)
            try await end(waiting)
        }
        report("request to QR with \(count) open: \(Sample(delays).inMilliseconds)")

        for waiting in all { try await end(waiting) }
        let together = try await withThrowingTaskGroup(of: Waiting.self) { group in
            for _ in 0..<count { group.addTask { try await begin() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        report("request to QR, \(count) asked for at once: \(Sample(together.map(\.delay)).inMilliseconds)")
        for waiting in together { try await end(waiting) }
    }

    /// From the phone's scan to the session ID.
    func linking(_ count: Int) async throws {
        var delays: [Double] = []
        for index in 0..<count {
            let number = "1555\(1_000_000 + index)"
            try await call(.post, server.sandbox + "/sandbox/phones", ["number": number, "name": "Ada"])
            let waiting = try await begin()
            let start = clock.now
            async let scan = call(.post, server.sandbox + "/sandbox/phones/\(number)/scan", ["qr": waiting.qr])
            _ = try await event("session-generated", of: waiting.socket)
            delays.append((clock.now - start).seconds)
            _ = try await scan
            try await end(waiting)
        }
        report("scan to session ID, \(count): \(Sample(delays).inMilliseconds)")
    }

    private func begin() async throws -> Waiting {
        let socket = try await BrowserSocket.open(port: server.port)
        let start = clock.now
        let body = try await call(.post, server.base + "/api/session/generate", ["method": "qr"])
        let ticket = try JSONDecoder().decode(Ticket.self, from: Data(body))
        socket.subscribe(to: ticket.topic)
        let qr = try await event("qr", of: socket)
        return Waiting(ticket: ticket, socket: socket, qr: qr.data?.text ?? "", delay: (clock.now - start).seconds)
    }

    private func end(_ waiting: Waiting) async throws {
        try await call(.delete, server.base + "/api/session/\(waiting.ticket.id)")
        waiting.socket.close()
    }

    private func event(_ name: String, of socket: BrowserSocket) async throws -> BrowserSocket.Event {
        for await event in socket.events where event.event == name { return event }
        throw Unexpected(what: "the socket closed before \(name)")
    }

    @discardableResult
    private func call(
        _ method: HTTPRequest.Method,
        _ url: String,
        _ fields: [String: String]? = nil
    ) async throws -> [UInt8] {
        let headers = fields == nil ? [] : [HTTPHeader("content-type", "application/json")]
        let body = try fields.map { Array(try JSONEncoder().encode($0)) } ?? []
        let response = try await client.send(HTTPRequest(method, url, headers: headers, body: body))
        guard (200..<300).contains(response.status) else {
            throw Unexpected(what: "\(url) answered \(response.status)")
        }
        return response.body
    }
}
