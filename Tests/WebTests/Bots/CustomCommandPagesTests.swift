import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Own commands, as pages and as API.
@Suite(.timeLimit(.minutes(5)))
struct CustomCommandPagesTests {
    @Test func ownCommandsAreMadePreviewedAndSigned() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let path = "/bots/\(id)/custom"
            let form = [
                "name": "prices", "summary": "Prices", "kind": "text", "who": "everybody", "isOn": "on",
                "text": "Hello {name}: {1}", "choice-title": "Tea", "choice-text": "Tea is 1 €",
            ]
            for (name, value) in [
                ("name", "Bad Name"), ("name", "ping"), ("text", ""), ("summary", String(repeating: "x", count: 201)),
            ] {
                let reply = try await ada.post(path, form.merging([name: value]) { $1 }, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
                #expect(AccessibilityLint(reply.text).complaints == [], "\(name)")
            }
            let menu = try await ada.post(path, form.merging(["choice-text": ""]) { $1 }, from: path)
            #expect(menu.status == 422)
            #expect(menu.text.contains("Each choice needs a title"))
            let preview = try await ada.post("\(path)/preview", form.merging(["words": "two teas"]) { $1 }, from: path)
            #expect(preview.status == 200)
            #expect(preview.text.contains("Hello Ada: two"))
            #expect(preview.text.contains("1. Tea"))
            let chosen = try await ada.post("\(path)/preview", form.merging(["words": "1"]) { $1 }, from: path)
            #expect(chosen.text.contains("<p class=\"bubble\">Tea is 1 €</p>"))
            let asking = [
                "kind": "request", "text": "{response:price} €", "request.url": "https://api.example.com/x?q={1}",
                "request.hosts": "api.example.com", "sample": #"{"price":5}"#,
            ]
            let asked = try await ada.post("\(path)/preview", form.merging(asking) { $1 }, from: path)
            #expect(asked.text.contains("5 €"))
            for (name, value) in [
                ("request.url", "ftp://x"), ("request.hosts", "not a_host!"), ("request.seconds", "99"),
            ] {
                let wrong = form.merging(asking) { $1 }.merging([name: value]) { $1 }
                let reply = try await ada.post(path, wrong, from: path)
                #expect(reply.status == 422, "\(name)")
                #expect(reply.text.contains("id=\"line-\(name)-error\""), "\(name)")
            }
            #expect(try await ada.post(path, form, from: path).status == 303)
            #expect(try await ada.post(path, form, from: path).text.contains("id=\"line-name-error\""))
            #expect(
                try await ada.post(path, form.merging(["command": "prices", "text": "New"]) { $1 }, from: path).status
                    == 303
            )
            let hook = ["name": "order", "kind": "webhook", "webhook.url": "https://example.com/hook"]
            #expect(try await ada.post(path, hook.merging(["webhook.url": "nowhere"]) { $1 }, from: path).status == 422)
            #expect(try await ada.post(path, hook, from: path).status == 303)
            let secret = try await ada.post("\(path)/secret", ["command": "order"], from: path)
            #expect(secret.text.firstMatch(of: #/data-testid="secret-text">[0-9a-f]{64}</#) != nil)
            #expect(try await ada.get("\(path)?command=order").text.firstMatch(of: #/[0-9a-f]{64}</#) == nil)
            #expect(try await ada.post("\(path)/secret", ["command": "none"], from: path).status == 404)
            #expect(try await ada.post("\(path)/switch", ["command": "prices"], from: path).status == 303)
            let shown = try #require(
                try await ada.get("/api/bots/\(id)/custom-commands").json()["commands"] as? [[String: Any]]
            )
            #expect(shown.map { $0["name"] as? String } == ["order", "prices"])
            #expect(shown.map { $0["on"] as? Bool } == [false, false])
            #expect(shown.first?["hasSecret"] as? Bool == true)
            #expect(shown.last?["text"] as? String == "New")
            #expect(try await ada.post("\(path)/delete", ["command": "prices"], from: path).status == 303)
            #expect(try await ada.post("\(path)/delete", ["command": "prices"], from: path).status == 404)
            try await customAPI(ada, id)
        }
    }

    private func customAPI(_ ada: PanelBrowser, _ id: String) async throws {
        let api = "/api/bots/\(id)/custom-commands"
        let token = try #require(try await ada.get("/bots/\(id)/custom").csrf)
        let body = #"{"text":"Hi {name}","menu":[{"title":"Tea","text":"1 €"}],"forAdmins":true}"#
        let made = try await ada.call("PUT", "\(api)/greet", json: body, token: token)
        #expect(made.status == 200)
        #expect(try made.json()["forAdmins"] as? Bool == true)
        let preview = try await ada.call(
            "POST",
            "\(api)/greet/preview",
            json:
                #"{"command":{"text":"{1} {response:a}","request":{"url":"https://x.example/","hosts":["x.example"]}},"words":"go","response":"{\"a\":7}"}"#,
            token: token
        )
        #expect(try preview.json()["answer"] as? String == "go 7")
        for (name, body, field) in [
            ("ping", #"{"text":"x"}"#, "name"), ("-x", #"{"text":"x"}"#, "name"), ("a", "{}", "text"),
            ("a", #"{"text":"x","menu":{}}"#, "menu"), ("a", #"{"text":"x","menu":[{"title":"","text":"x"}]}"#, "menu"),
            ("a", #"{"webhook":{"url":"nowhere"}}"#, "webhook.url"),
            ("a", #"{"webhook":{"url":"https://e.example/","seconds":60}}"#, "webhook.seconds"),
            ("a", #"{"text":"x","request":{"url":"https://e.example/","hosts":[]}}"#, "request.hosts"),
            (
                "a", #"{"text":"x","request":{"url":"https://e.example/","hosts":["e.example"],"method":"PUT"}}"#,
                "request.method"
            ),
            ("a", #"{"text":"x","file":"\#(UUID())"}"#, "file"), ("a", #"{"text":"x","odd":1}"#, "odd"),
        ] {
            let refused = try await ada.call("PUT", "\(api)/\(name)", json: body, token: token)
            #expect(refused.status == 422, "\(body)")
            #expect(refused.errorField == field, "\(body)")
        }
        let secret = try await ada.call("POST", "\(api)/greet/secret", token: token)
        #expect((try secret.json()["secret"] as? String)?.count == 64)
        #expect(try await ada.call("POST", "\(api)/nothing/secret", token: token).status == 404)
        #expect(try await ada.call("DELETE", "\(api)/greet", token: token).status == 204)
        #expect(try await ada.call("DELETE", "\(api)/greet", token: token).status == 404)
    }
}
