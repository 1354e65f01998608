import Foundation
import WharfTestSupport

/// An HTTP server on 127.0.0.1 that answers by a function of what it is asked.
struct TestHTTPServer: Sendable {
    struct Request: Sendable {
        var path = ""
        /// By name in lower case.
        var headers: [String: String] = [:]
        var body = ""

        init(_ text: String) {
            let halves = text.components(separatedBy: "\r\n\r\n")
            let lines = halves[0].components(separatedBy: "\r\n")
            path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            body = halves.dropFirst().joined(separator: "\r\n\r\n")
        }
    }

    struct Response: Sendable {
        var status = "200 OK"
        var type = "text/plain"
        var body = ""
    }

    private let server: LoopbackServer

    var url: String { server.url }

    static func start(_ answer: @escaping @Sendable (Request) -> Response) throws -> TestHTTPServer {
        let server = try LoopbackServer { text in
            let response = answer(Request(text))
            return LoopbackServer.answer(
                response.status,
                ["Content-Type: \(response.type)"],
                Array(response.body.utf8)
            )
        }
        return TestHTTPServer(server: server)
    }

    func stop() { server.stop() }
}
