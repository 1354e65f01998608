import Crypto
import Foundation
import Synchronization

@testable import Accounts

/// Answers as GitHub does to an OAuth app: token, user and addresses, in the shapes that its documentation shows.
///
/// One thread a connection, blocking calls: nothing here shares a pool with the client under test.
final class FakeGitHub: Sendable {
    private struct State {
        /// Codes that were given out, each with the challenge that came with it.
        var codes: [String: String] = [:]
        var tokens: Set<String> = []
        var answers: [String: String] = [:]
        var agents: [String] = []
    }

    let base: String
    private let listener: Int32
    private let state = Mutex(State())

    private static let user = """
        {"login":"octocat","id":583231,"node_id":"MDQ6VXNlcjU4MzIzMQ==","avatar_url":"https://example.com/a.png","type":"User",
        "site_admin":false,"name":"Mona Lisa Octocat","company":null,"email":null,"two_factor_authentication":true}
        """
    private static let emails = """
        [{"email":"583231+octocat@users.noreply.example.com","primary":false,"verified":true,"visibility":null},
        {"email":"octo@example.com","primary":true,"verified":true,"visibility":"private"}]
        """

    init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        listener = socket
        base = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread { self.acceptAll() }.start()
    }

    func stop() {
        // The accepting thread closes the descriptor, so that its number is not taken under it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// What each request said it came from: the real API refuses those that say nothing.
    var agents: [String] { state.withLock { $0.agents } }

    /// The person says yes; the code goes back with the browser.
    func authorize(challenge: String) -> String {
        let code = UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        state.withLock { $0.codes[String(code)] = challenge }
        return String(code)
    }

    func challenge(of verifier: String) -> String {
        SecretToken.base64URL(SHA256.hash(data: Array(verifier.utf8)))
    }

    /// Another answer than usual.
    func answer(_ path: String, with text: String) {
        state.withLock { $0.answers[path] = text }
    }

    private func reply(to request: String) -> (status: String, body: String) {
        let lines = request.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return ("400 Bad Request", "{}") }
        let header: (String) -> String? = { name in
            lines.first { $0.lowercased().hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        guard let agent = header("user-agent"), !agent.isEmpty else { return ("403 Forbidden", "{}") }
        state.withLock { $0.agents.append(agent) }
        if words[0] == "POST", words[1] == "/login/oauth/access_token" {
            return ("200 OK", token(request.components(separatedBy: "\r\n\r\n").last ?? ""))
        }
        let path = String(words[1])
        let bearer = header("authorization").map { String($0.dropFirst("Bearer ".count)) } ?? ""
        guard words[0] == "GET", state.withLock({ $0.tokens.contains(bearer) }) else {
            return ("401 Unauthorized", #"{"message":"Bad credentials","status":"401"}"#)
        }
        let answer = state.withLock { $0.answers[path] }
        switch path {
        case "/user": return ("200 OK", answer ?? Self.user)
        case "/user/emails": return ("200 OK", answer ?? Self.emails)
        default: return ("404 Not Found", #"{"message":"Not Found","status":"404"}"#)
        }
    }

    /// GitHub says 200 to a bad code too, with an error in the body.
    private func token(_ form: String) -> String {
        let fields = Dictionary(
            (URLComponents(string: "?\(form)")?.queryItems ?? []).map { ($0.name, $0.value ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
        let challenge = state.withLock { $0.codes.removeValue(forKey: fields["code"] ?? "") }
        guard let challenge, fields["client_id"] == "Iv1.harbour", fields["client_secret"] == "s3cret",
            challenge == self.challenge(of: fields["code_verifier"] ?? "")
        else {
            return #"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#
        }
        let token = "gho_" + UUID().uuidString.replacing("-", with: "")
        state.withLock { _ = $0.tokens.insert(token) }
        return #"{"access_token":"\#(token)","scope":"read:user,user:email","token_type":"bearer"}"#
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
        defer { close(connection) }
        while let request = read(from: connection) {
            let (status, body) = reply(to: request)
            let text = """
                HTTP/1.1 \(status)\r\nContent-Type: application/json; charset=utf-8\r\n\
                Content-Length: \(body.utf8.count)\r\n\r\n\(body)
                """
            let bytes = Array(text.utf8)
            guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
        }
    }

    private func read(from connection: Int32) -> String? {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let head = text.firstRange(of: "\r\n\r\n") {
                let length = text.firstMatch(of: /(?i)content-length: (\d+)/).flatMap { Int($0.output.1) } ?? 0
                if text[head.upperBound...].utf8.count >= length { return text }
            }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = Glibc.read(connection, &chunk, chunk.count)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
        }
    }
}
