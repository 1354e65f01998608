import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 that answers by a function; one thread a connection, blocking calls.
final class TestHTTPServer: Sendable {
    struct Request: Sendable {
        var path = ""
        /// By name in lower case.
        var headers: [String: String] = [:]
        var body = ""
    }

    struct Response: Sendable {
        var status = "200 OK"
        var type = "text/plain"
        var body = ""
    }

    let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (Request) -> Response

    var url: String { "http://127.0.0.1:\(port)" }

    static func start(_ answer: @escaping @Sendable (Request) -> Response) async throws -> TestHTTPServer {
        try TestHTTPServer(answer)
    }

    private init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        listener = socket
        port = UInt16(bigEndian: address.sin_port)
        self.answer = answer
        Thread { self.acceptAll() }.start()
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func acceptAll() {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread { self.serve(connection) }.start()
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = read(connection) else { return }
        let response = answer(request)
        let body = Array(response.body.utf8)
        let head =
            "HTTP/1.1 \(response.status)\r\nContent-Type: \(response.type)\r\n"
            + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        let bytes = Array(head.utf8) + body
        _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func read(_ connection: Int32) -> Request? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = text.range(of: "\r\n\r\n") {
                var request = Request()
                let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
                request.path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { continue }
                    request.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                }
                request.body = String(text[end.upperBound...])
                let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
                if request.body.utf8.count >= length { return request }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }
}
