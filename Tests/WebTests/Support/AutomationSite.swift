import Database
import Testing

@testable import Accounts

extension PanelBrowser {
    /// A rule, a command and a planned message.
    func fill(_ id: String) async throws {
        let token = try await get("/bots/\(id)/rules").csrf ?? ""
        for (method, path, body) in [
            ("POST", "rules", #"{"pattern":"price","answer":"cheap","priority":3,"scope":"groups"}"#),
            ("PUT", "custom-commands/prices", #"{"text":"Tea","menu":[{"title":"Tea","text":"1"}],"forOwners":true}"#),
            ("POST", "scheduled-messages", #"{"chat":"15550002222","text":"x","cron":"0 8 * * *"}"#),
        ] {
            let reply = try await call(method, "/api/bots/\(id)/\(path)", json: body, token: token)
            #expect(reply.status < 300, "\(path): \(reply.text)")
        }
    }

    func upload(_ path: String, _ bytes: [UInt8], _ type: String, _ token: String) async throws -> WebReply {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        let fields = [
            "Content-Type": type, "Origin": "http://127.0.0.1:\(site.port)", "X-CSRF-Token": token, "Cookie": cookie,
        ]
        return try await site.request("POST", path, fields, body: bytes)
    }
}

extension AccountsService {
    /// Makes somebody a member of the only team, who may look at its bots.
    func share(with email: String) async throws {
        try await database.execute(
            """
            INSERT INTO team_members (member_id, owner_id, joined_at)
            SELECT member.id, owner.id, now() FROM accounts AS member, accounts AS owner
            WHERE member.email = \(email) AND owner.email = 'ada@example.com'
            """
        )
        try await database.execute(
            """
            INSERT INTO bot_shares (bot_id, account_id, may_operate, created_at)
            SELECT bots.id, accounts.id, false, now() FROM bots, accounts WHERE accounts.email = \(email)
            """
        )
    }
}
