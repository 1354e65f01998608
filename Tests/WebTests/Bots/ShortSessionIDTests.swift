import Fleet
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct ShortSessionIDTests {
    private static let short = "AbCdEfGhIjKlMnOpQrStUv_-"

    @Test(arguments: [short, " \(short)\n", "https://wharf.example/generate/\(short)", "/generate/\(short)"])
    func aTryIsNamedByItsIdOrItsAddress(text: String) {
        #expect(ShortSessionID(text)?.attempt.text == Self.short)
    }

    @Test(arguments: [
        "", "WHARF~H4sIAAAAAAAAA", "{}", "a/\(short)", short + "x", "javascript:/\(short)",
        "WHARF~\(short)", String(repeating: "A", count: 400),
    ])
    func everythingElseIsASessionID(text: String) {
        #expect(ShortSessionID(text) == nil)
    }

    @Test func aTryThatIsOverIsSaidAtTheField() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let form = ["name": "Helper", "prefix": "!", "way": "paste", "sessionID": Self.short]
            let reply = try await ada.post("/deploy", form, from: "/deploy")
            #expect(reply.status == 404)
            #expect(reply.text.contains("There is no such attempt."))
            let token = try #require(try await ada.get("/deploy").csrf)
            let body = #"{"name":"Helper","sessionID":"\#(Self.short)"}"#
            let call = try await ada.call("POST", "/api/bots", json: body, token: token)
            #expect(call.errorCode == "generator.unknown_attempt")
        }
    }
}
