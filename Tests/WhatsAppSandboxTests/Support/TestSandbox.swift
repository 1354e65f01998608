import Foundation
import Logging
import NIOPosix
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// A sandbox on a free port.
struct TestSandbox {
    static let number = "15550001111"

    let server: SandboxServer
    let port: Int
    let rootKey: [UInt8]

    static func run(
        _ configuration: SandboxConfiguration = SandboxConfiguration(port: 0),
        phone: NewPhone? = NewPhone(number: number, name: "Ada"),
        _ body: (TestSandbox) async throws -> Void
    ) async throws {
        let server = SandboxServer(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await server.start()
        do {
            if let phone { try await server.createPhone(phone) }
            let address = try server.httpURL
            let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
            try await body(TestSandbox(server: server, port: port, rootKey: server.noiseRootKey))
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }

    func register(_ companion: TestCompanion) async throws -> SocketCompanion {
        try await SocketCompanion(
            port: port,
            companion: companion,
            rootKey: rootKey,
            payload: try companion.registration()
        )
    }

    func logIn(_ companion: TestCompanion, device: UInt32, routingInfo: [UInt8]? = nil) async throws
        -> SocketCompanion
    {
        try await SocketCompanion(
            port: port,
            companion: companion,
            rootKey: rootKey,
            payload: try companion.login(number: 15_550_001_111, device: device),
            routingInfo: routingInfo,
            path: routingInfo == nil ? "/ws/chat" : "/ws/chat?ED=CA0QAhgH"
        )
    }

    /// Links by QR over the socket; the outcome at the phone.
    func link(_ companion: TestCompanion) async throws -> SandboxDevice {
        let socket = try await register(companion)
        let reference = try #require(try await socket.next().child("pair-device")?.child("ref")?.text)
        let server = server
        let qr = companion.qr(reference)
        async let scan = server.scan(qr, with: Self.number)
        let success = try await socket.next()
        guard case .reply(let reply) = try companion.check(success) else { throw SandboxError.timedOut }
        try await socket.send(reply)
        #expect(try await socket.next() == BinaryNode("stream:error", ["code": "515"]))
        guard case .linked(let device) = try await scan else { throw SandboxError.timedOut }
        return device
    }

    // MARK: HTTP

    struct Answer {
        let status: Int
        let head: String
        let body: String

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        }

        /// Code and field of an error.
        var error: [String?] {
            let error = json["error"] as? [String: Any]
            return [error?["code"] as? String, error?["field"] as? String]
        }
    }

    /// One request on a connection of its own.
    func call(_ method: String, _ path: String, _ body: String? = nil, headers: String = "") async throws -> Answer {
        let connection = try await RawConnection.open(port: port)
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(headers)"
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try await connection.write(text + "\r\n" + (body ?? ""))
        return try Self.answer(await connection.readToEnd())
    }

    static func answer(_ bytes: [UInt8]) throws -> Answer {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.range(of: "\r\n\r\n"))
        let head = String(text[..<end.lowerBound])
        let status = try #require(head.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return Answer(status: status, head: head, body: String(text[end.upperBound...]))
    }
}
