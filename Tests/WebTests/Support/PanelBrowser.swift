import Accounts
import Database
import Foundation
import Outreach
import Synchronization
import WharfTestSupport

@testable import Web

/// A browser that keeps its cookies and fills in forms as they were shown.
final class PanelBrowser: Sendable {
    let site: TestSite
    private let kept = Mutex<[String: String]>([:])

    init(_ site: TestSite) {
        self.site = site
    }

    var cookies: [String: String] { kept.withLock { $0 } }

    func set(_ name: String, _ value: String?) {
        kept.withLock { $0[name] = value }
    }

    func get(_ path: String, _ fields: [String: String] = [:]) async throws -> WebReply {
        let reply = try await site.get(path, fields.merging(cookieField) { $1 })
        learn(reply)
        return reply
    }

    /// Sends a form with the token of the page that it stands on.
    func post(_ path: String, _ form: [String: String], from page: String? = nil) async throws -> WebReply {
        let shown = try await get(page ?? "/login")
        let token = shown.csrf ?? kept.withLock { $0["wharf-form"] } ?? ""
        return try await send(path, form.merging(["csrf": token]) { $1 })
    }

    /// Sends a form as it is.
    func send(_ path: String, _ form: [String: String], _ fields: [String: String] = [:]) async throws -> WebReply {
        var all = ["Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:\(site.port)"]
        all.merge(fields) { $1 }
        all.merge(cookieField) { $1 }
        let body = form.map { "\($0.key.formEncoded)=\($0.value.formEncoded)" }.joined(separator: "&")
        let reply = try await site.request("POST", path, all, body: Array(body.utf8))
        learn(reply)
        return reply
    }

    /// Makes an account and is logged in with it.
    func register(
        _ email: String = "ada@example.com",
        name: String = "Ada Lovelace",
        password: String = TestPassword.good
    ) async throws -> WebReply {
        try await post("/register", ["email": email, "name": name, "password": password], from: "/register")
    }

    func logIn(
        _ email: String = "ada@example.com",
        password: String = TestPassword.good,
        next: String? = nil
    ) async throws -> WebReply {
        var form = ["email": email, "password": password]
        form["next"] = next
        return try await post("/login", form)
    }

    private var cookieField: [String: String] {
        let text = kept.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
        return text.isEmpty ? [:] : ["Cookie": text]
    }

    private func learn(_ reply: WebReply) {
        kept.withLock { kept in
            for line in reply.all("Set-Cookie") {
                let pair = line.prefix { $0 != ";" }.split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                guard pair.count == 2 else { continue }
                kept[String(pair[0])] = line.contains("Max-Age=0") ? nil : String(pair[1])
            }
        }
    }
}

enum TestPassword {
    static let good = "harbour crane at dawn"
    static let other = "seven gulls over rope"
}

extension WebReply {
    /// The token of the page's forms.
    var csrf: String? {
        text.firstMatch(of: #/name="csrf" (?:value|content)="([^"]+)"/#).map { String($0.1) }
    }
}

extension String {
    var formEncoded: String {
        utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).suffix(2)
        }.joined()
    }
}

/// Runs a server with accounts on a database of its own.
func withPanelSite(
    configuration: WebConfiguration = .test(),
    logins: Int = 100,
    _ body: @Sendable (TestSite, AccountsService) async throws -> Void
) async throws {
    try await withTestDatabase { database in
        let accounts = try makeAccounts(database) { configuration in
            configuration.logins.count = logins
            configuration.resets.count = 100
            configuration.registrations.count = 100
        }
        var configuration = configuration
        configuration.formKey = accounts.formKey
        // In a sandbox, so that all routes there are answer.
        try await withSite(
            accounts: accounts,
            phones: configuration.isSandbox ? NoPhones() : nil,
            bots: makeBots(database),
            links: ShortLinks(database: database, origin: "https://wharf.example"),
            configuration: configuration
        ) { site in
            try await body(site, accounts)
        }
    }
}
