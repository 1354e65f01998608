import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 that answers by a script and notes what it was asked.
///
/// One thread a connection, blocking calls: nothing here shares a pool with the client under test.
package final class LoopbackServer: Sendable {
    /// What to write for a request, byte by byte; nil keeps the connection open in silence.
    package typealias Script = @Sendable (_ request: String) -> [UInt8]?

    package let port: UInt16
    private let listener: Int32
    private let script: Script
    private let received = Mutex<[String]>([])
    private let closed: AsyncStream<Void>.Continuation
    /// One element for each connection that the other side ended.
    package let closures: AsyncStream<Void>

    package init(script: @escaping Script) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 64) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard status else { throw POSIXError(.EADDRNOTAVAIL) }
        listener = socket
        port = UInt16(bigEndian: address.sin_port)
        self.script = script
        (closures, closed) = AsyncStream.makeStream()
        Thread { self.acceptAll() }.start()
    }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [String] { received.withLock { $0 } }

    package func stop() {
        // Refuses from here on; the accepting thread closes the descriptor, so that its number is not taken under it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package static func answer(_ status: String, _ headers: [String] = [], _ body: [UInt8] = []) -> [UInt8] {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    private func acceptAll() {
        defer { close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread { self.serve(connection) }.start()
        }
    }

    private func serve(_ connection: Int32) {
        defer {
            close(connection)
            closed.yield()
        }
        while let request = readRequest(connection) {
            received.withLock { $0.append(request) }
            guard let answer = script(request) else { continue }
            var rest = answer[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return }
                rest = rest.dropFirst(sent)
            }
            // An answer without a length ends with the connection.
            if !String(decoding: answer.prefix(400), as: UTF8.self).contains("Content-Length") { return }
        }
    }

    private func readRequest(_ connection: Int32) -> String? {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            // A TLS handshake, which has no lines to wait for.
            if bytes.first == 0x16 { return text }
            if let head = text.firstRange(of: "\r\n\r\n") {
                let length = text.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
                if text[head.upperBound...].utf8.count >= length { return text }
            }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
        }
    }
}
