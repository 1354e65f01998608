import Crypto
import Foundation
import Synchronization
import WharfTestSupport

@testable import Accounts

/// Answers as GitHub does to an OAuth app: token, user and addresses, in the shapes that its documentation shows.
final class FakeGitHub: Sendable {
    private let answers = GitHubAnswers()
    private let server: LoopbackServer

    init() throws {
        server = try LoopbackServer { [answers] request in
            let (status, body) = answers.reply(to: request)
            return LoopbackServer.answer(status, ["Content-Type: application/json; charset=utf-8"], Array(body.utf8))
        }
    }

    var base: String { server.url }
    /// What each request said it came from: the real API refuses those that say nothing.
    var agents: [String] { answers.agents }

    func stop() { server.stop() }

    /// The person says yes; the code goes back with the browser.
    func authorize(challenge: String) -> String { answers.authorize(challenge: challenge) }

    func challenge(of verifier: String) -> String { answers.challenge(of: verifier) }

    /// Another answer than usual.
    func answer(_ path: String, with text: String) { answers.answer(path, with: text) }
}

/// What GitHub knows of codes and tokens, and says.
private final class GitHubAnswers: Sendable {
    private struct State {
        /// Codes that were given out, each with the challenge that came with it.
        var codes: [String: String] = [:]
        var tokens: Set<String> = []
        var answers: [String: String] = [:]
        var agents: [String] = []
    }

    private let state = Mutex(State())

    private static let user = """
        {"login":"octocat","id":583231,"node_id":"MDQ6VXNlcjU4MzIzMQ==","avatar_url":"https://example.com/a.png","type":"User",
        "site_admin":false,"name":"Mona Lisa Octocat","company":null,"email":null,"two_factor_authentication":true}
        """
    private static let emails = """
        [{"email":"583231+octocat@users.noreply.example.com","primary":false,"verified":true,"visibility":null},
        {"email":"octo@example.com","primary":true,"verified":true,"visibility":"private"}]
        """

    var agents: [String] { state.withLock { $0.agents } }

    func authorize(challenge: String) -> String {
        let code = UUID().uuidString.lowercased().replacing("-", with: "").prefix(20)
        state.withLock { $0.codes[String(code)] = challenge }
        return String(code)
    }

    func challenge(of verifier: String) -> String {
        SecretToken.base64URL(SHA256.hash(data: Array(verifier.utf8)))
    }

    func answer(_ path: String, with text: String) {
        state.withLock { $0.answers[path] = text }
    }

    func reply(to request: String) -> (status: String, body: String) {
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
        let parts = words[1].split(separator: "?", maxSplits: 1)
        let path = String(parts[0])
        let bearer = header("authorization").map { String($0.dropFirst("Bearer ".count)) } ?? ""
        guard words[0] == "GET", state.withLock({ $0.tokens.contains(bearer) }) else {
            return ("401 Unauthorized", #"{"message":"Bad credentials","status":"401"}"#)
        }
        let answer = state.withLock { $0.answers[path] }
        switch path {
        case "/user": return ("200 OK", answer ?? Self.user)
        case "/user/emails": return ("200 OK", Self.page(answer ?? Self.emails, parts.count > 1 ? parts[1] : ""))
        default: return ("404 Not Found", #"{"message":"Not Found","status":"404"}"#)
        }
    }

    /// The first page of a list: thirty, unless another size up to a hundred is asked for.
    private static func page(_ list: String, _ query: Substring) -> String {
        let size =
            query.split(separator: "&").first { $0.hasPrefix("per_page=") }.flatMap { Int($0.dropFirst(9)) } ?? 30
        guard let items = try? JSONSerialization.jsonObject(with: Data(list.utf8)) as? [Any],
            let page = try? JSONSerialization.data(withJSONObject: Array(items.prefix(min(size, 100))))
        else { return list }
        return String(decoding: page, as: UTF8.self)
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
}
