import Database
import Foundation
import Testing
import WharfTestSupport

@testable import Accounts
@testable import Web

/// What somebody typed is there again when it cannot be taken.
@Suite(.timeLimit(.minutes(5)))
struct TypedValuesTests {
    @Test func aPlansFormKeepsItsValues() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let plan = [
                "id": "Not good", "name": "Tiny plan", "bots": "17", "months": "6", "approves": "on", "version": "1",
            ]
            let page = try await root.post("/admin/plans", plan, from: "/admin/plans")
            #expect(page.status == 422)
            for kept in [#"value="Not good""#, #"value="Tiny plan""#, #"value="17""#, #"<option value="6" selected"#] {
                #expect(page.text.contains(kept), "\(kept)")
            }
            let changed = ["name": "", "bots": "23", "months": "1", "version": "1"]
            let again = try await root.post("/admin/plans/plus", changed, from: "/admin/plans")
            #expect(again.status == 422)
            #expect(again.text.contains(#"value="23""#))
            let given = ["email": "nobody@example.com", "plan": "unlimited"]
            let refused = try await root.post("/admin/subscriptions", given, from: "/admin/plans")
            #expect(refused.text.contains(#"value="nobody@example.com""#))
            #expect(refused.text.contains(#"<option value="unlimited" selected"#))
        }
    }

    @Test func aBotsSettingsKeepTheirs() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)/settings"
            let hours = ["schedule": "hours", "start": "09:15", "stop": "09:15", "zone": "Asia/Jakarta", "day": "6"]
            let schedule = try await ada.post("/bots/\(id)/schedule", hours, from: page).text
            #expect(schedule.contains(#"name="start" value="09:15""#))
            #expect(schedule.contains(#"<option value="Asia/Jakarta" selected"#))
            #expect(schedule.contains(#"name="day" value="6" checked"#))
            #expect(!schedule.contains(#"name="day" value="0" checked"#))
            let general = ["name": "", "prefix": "!", "phone": "", "rejectsCalls": "on"]
            let settings = try await ada.post("/bots/\(id)/settings", general, from: page).text
            #expect(settings.contains(#"name="rejectsCalls" value="on" checked"#))
            let share = ["email": "nobody@example.com", "operate": "on"]
            let shared = try await ada.post("/bots/\(id)/share", share, from: page).text
            #expect(shared.contains(#"name="operate" value="on" checked"#))
        }
    }

    @Test func anAnnouncementKeepsItsKindAndTime() async throws {
        try await withPanelSite { site, accounts in
            let root = try await site.administrator(accounts)
            let form = ["message": "", "kind": "warning", "days": "30"]
            let page = try await root.post("/admin/announcements", form, from: "/admin/announcements")
            #expect(page.status == 422)
            #expect(page.text.contains(#"<option value="warning" selected"#))
            #expect(page.text.contains(#"<option value="30" selected"#))
        }
    }

    /// A page that says to wait says for how long.
    @Test func aPageOfRefusalSaysWhenToComeBack() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            try await accounts.database.execute(
                "INSERT INTO server_states (server, is_in_maintenance, maintenance_text) VALUES ('main', true, '')"
            )
            let reply = try await ada.post("/deploy", ["name": "Another", "way": "link"], from: "/deploy")
            #expect(reply.status == 503)
            #expect(reply["Retry-After"] == "300")
            let link = try await ada.post("/bots/\(id)/link", [:], from: "/bots/\(id)")
            #expect(link.status == 503)
            #expect(link["Retry-After"] == "300")
        }
    }
}
