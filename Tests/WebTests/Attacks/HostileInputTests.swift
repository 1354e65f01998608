import Database
import Foundation
import HTTPTypes
import Testing

@testable import Accounts
@testable import Web

/// Every address of the server, asked with what nobody means well with: an answer of our own, and nothing of it taken for markup,
/// SQL or a field.
@Suite(.timeLimit(.minutes(10)))
struct HostileInputTests {
    /// What a browser would run, and what a template would fill in.
    private static let markup = "'\"><script>alert(1)</script>{{csrf}}${7*7}"

    /// As they stand in an address.
    private static let values = [
        markup.percentEncoded, "%27%3B%20DROP%20TABLE%20bots%3B%20--%00", "%ff%0d%0aX-Evil%3A%201",
        "..%2f..%2fetc%2fpasswd", "-1", "99999999999999999999", "NaN",
    ]

    private static let parameters = [
        "q", "page", "sort", "order", "after", "before", "state", "status", "span", "days", "level", "limit", "all",
        "role", "action", "since", "until", "account", "search", "next", "chat", "code", "error",
    ]

    /// What ends the session that the test goes on with, or is tested with a server of its own.
    private static func isLeftOut(_ route: Route) -> Bool {
        ["/logout", "/logout-as", "/api/logout", "/ws"].contains(route.path) || route.path.hasPrefix("/api/session")
            || route.path.hasPrefix("/generate") || route.path.hasPrefix("/api/sandbox") || route.path.hasSuffix("**")
    }

    /// An administrator's browser, and a bot whose name is an attack itself.
    private func withWorld(
        _ body: @Sendable (TestSite, PanelBrowser, _ bot: String, _ token: String) async throws -> Void
    ) async throws {
        try await withPanelSite(configuration: .test { $0.isSandbox = true }) { site, accounts in
            let root = try await site.administrator(accounts)
            // Whatever happens to the settings meanwhile.
            try await accounts.database.execute("UPDATE accounts SET email_verified_at = now()")
            let bot = try await root.deploy(String(Self.markup.prefix(40)))
            let token = try #require(try await root.get("/deploy").csrf)
            #expect(try await root.get("/dashboard").text.contains("&lt;script&gt;"))
            try await body(site, root, bot, token)
            // All of it is still there.
            #expect(try await root.get("/dashboard").status == 200)
            #expect(try await root.get("/bots/\(bot)").status == 200)
        }
    }

    /// Several routes at the same time, because each answer waits for the database more than it works.
    private func each(
        _ routes: [Route],
        _ body: @escaping @Sendable (Route) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, route) in routes.enumerated() {
                if index >= 6 { try await group.next() }
                group.addTask { try await body(route) }
            }
            try await group.waitForAll()
        }
    }

    private func check(_ reply: WebReply, _ name: String) {
        #expect(reply.status < 500, "\(name): \(reply.status)")
        #expect(reply["X-Evil"] == nil, "\(name)")
        if reply["Content-Type"]?.hasPrefix("text/html") == true {
            #expect(!reply.text.contains("<script>alert"), "\(name)")
        }
        if let location = reply["Location"] {
            #expect(location.hasPrefix("/") && !location.hasPrefix("//"), "\(name): \(location)")
        }
    }

    @Test func pagesAndCallsBearAnyQuery() async throws {
        let routes = try allRoutes().filter { $0.method == .get && !Self.isLeftOut($0) }
        try await withWorld { _, root, bot, _ in
            try await each(routes) { route in
                for value in Self.values {
                    let query = Self.parameters.map { "\($0)=\(value)" }.joined(separator: "&")
                    let reply = try await root.get("\(route.address(bot))?\(query)")
                    check(reply, "\(route.name)?\(value.prefix(40))")
                }
            }
        }
    }

    @Test func addressesBearAnyName() async throws {
        let routes = try allRoutes().filter { $0.path.contains("{") && !Self.isLeftOut($0) }
        try await withWorld { _, root, _, token in
            try await each(routes) { route in
                for value in Self.values {
                    let name = "\(route.name) \(value.prefix(40))"
                    let path = route.address(value)
                    let reply: WebReply
                    if route.isForMachines {
                        reply = try await root.call(route.method.rawValue, path, token: token)
                    } else if route.method == .post {
                        reply = try await root.send(path, ["csrf": token])
                    } else {
                        reply = try await root.get(path)
                    }
                    check(reply, name)
                    // Nothing has such a name.
                    #expect(reply.status >= 300, "\(name): \(reply.status)")
                }
            }
        }
    }

    @Test func formsBearAnything() async throws {
        let routes = try allRoutes().filter { $0.method == .post && !$0.isForMachines && !Self.isLeftOut($0) }
        let fields = [
            "name", "email", "password", "current", "code", "months", "bot", "back", "action", "text", "switch", "plan",
            "prefix", "phone", "way", "sessionID", "recipient", "member", "confirmation", "role", "language", "return",
            "next",
            "message", "kind", "days", "scope", "id", "bots", "sessions", "messages", "storage", "memory", "processor",
            "start",
            "stop", "zone", "free-name", "free-value", "chat", "version", "command", "category",
        ]
        let texts = [Self.markup, "'; DROP TABLE bots; --\0", "a\r\nX-Evil: 1", "1e999", "//evil.example"]
        try await withWorld { _, root, bot, token in
            try await each(routes) { route in
                for text in texts {
                    let form = Dictionary(uniqueKeysWithValues: fields.map { ($0, text) })
                    let sent = form.merging(["csrf": token]) { $1 }
                    check(try await root.send(route.address(bot), sent), "\(route.name) \(text)")
                }
                // No form at all.
                let cookie = root.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
                for (type, body) in [
                    ("application/x-www-form-urlencoded", "%zz&=&==&csrf"), ("multipart/form-data", "--x"),
                    ("application/json", "{}"), ("text/plain", "csrf=\(token)"),
                ] {
                    let head = ["Cookie": cookie, "Content-Type": type, "Origin": "http://127.0.0.1:\(root.site.port)"]
                    let reply = try await root.site.request("POST", route.address(bot), head, body: Array(body.utf8))
                    check(reply, "\(route.name) \(type)")
                    #expect((400..<500).contains(reply.status), "\(route.name) \(type): \(reply.status)")
                }
            }
        }
    }

    @Test func callsBearAnyBody() async throws {
        let routes = try allRoutes().filter { $0.path.hasPrefix("/api/") && $0.method != .get && !Self.isLeftOut($0) }
        let document = try Self.document()
        let described = Dictionary(uniqueKeysWithValues: routes.map { ($0.name, Self.fields(of: $0, in: document)) })
        let junk = [
            "", "{", "[]", "null", "\"x\"", "{\"nothing\":1}", String(repeating: "[", count: 20_000), "{\"a\":1e999}",
            "{\"name\":\"\\ud800\"}", "{\"name\":\"\\u0000\"}",
        ]
        try await withWorld { _, root, bot, token in
            try await each(routes) { route in
                let path = route.method == .delete ? route.address() : route.address(bot)
                let fields = described[route.name] ?? []
                for body in junk + Self.bodies(fields) {
                    let name = "\(route.name) \(body.prefix(60))"
                    let reply = try await root.call(route.method.rawValue, path, json: body, token: token)
                    check(reply, name)
                    guard reply.status >= 400 else { continue }
                    #expect(reply.errorCode != nil, "\(name): \(reply.text.prefix(200))")
                    #expect(reply.error("message")?.isEmpty == false, "\(name)")
                }
                guard !fields.isEmpty else { return }
                let head = ["Content-Type": "application/json", "Content-Length": "\(5 << 20)"]
                let reply = try await root.announce(route.method.rawValue, path, head, token: token)
                #expect(reply.status == 413, "\(route.name): \(reply.status)")
            }
        }
    }

    // MARK: Bodies as they are described, with values of other kinds

    private static func document() throws -> [String: Any] {
        let bytes = try ShareFolder(path: sharePath).contents(of: "docs/openapi.json")
        return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private static func fields(of route: Route, in document: [String: Any]) -> [String] {
        func inside(_ value: Any?, _ names: String...) -> [String: Any]? {
            names.reduce(value) { ($0 as? [String: Any])?[$1] } as? [String: Any]
        }
        let operation = inside(document, "paths", route.path, route.method.rawValue.lowercased())
        var schema = inside(operation, "requestBody", "content", "application/json", "schema")
        if let reference = schema?["$ref"] as? String, let name = reference.split(separator: "/").last {
            schema = inside(document, "components", "schemas", String(name))
        }
        return inside(schema, "properties")?.keys.sorted() ?? []
    }

    /// Every field with the same strange value, and each field alone with it.
    private static func bodies(_ fields: [String]) -> [String] {
        let values = [
            "null", "true", "-1", "1e308", "18446744073709551615", "\"\"", "\"'; DROP TABLE bots; --\"", "[]", "[[]]",
            "{}",
            "{\"x\":{\"y\":[1]}}", "\"\(String(repeating: "x", count: 5_000))\"",
        ]
        // Some fail before the next field is looked at, so each is sent alone too.
        let alone = ["\"\\r\\nX-Evil: 1\"", "\"\\u0007\"", "-1"]
        return values.map { value in "{" + fields.map { "\"\($0)\":\(value)" }.joined(separator: ",") + "}" }
            + alone.flatMap { value in fields.map { "{\"\($0)\":\(value)}" } }
    }
}

extension PanelBrowser {
    /// A call that says how long its body is, and sends none of it.
    fileprivate func announce(
        _ method: String,
        _ path: String,
        _ fields: [String: String],
        token: String
    ) async throws -> WebReply {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let own = ["Origin": "http://127.0.0.1:\(site.port)", "Cookie": cookie, "X-CSRF-Token": token]
        return try await site.request(method, path, own.merging(fields) { $1 })
    }
}
