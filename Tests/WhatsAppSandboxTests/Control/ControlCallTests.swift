import Foundation
import Testing

@testable import WhatsAppSandbox

/// Everything that can be ordered over HTTP, each call at least once.
@Suite(.serialized) struct ControlCallTests {
    private static let ada = TestSandbox.number
    private static let bob = "15550002222"

    /// A sandbox with two phones.
    private func run(_ body: (TestSandbox) async throws -> Void) async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.call("POST", "/sandbox/phones", #"{"number":"\#(Self.bob)","name":"Bob"}"#)
            try await body(sandbox)
        }
    }

    private func write(_ body: String, at number: String = ada, _ sandbox: TestSandbox) async throws -> String {
        let answer = try await sandbox.call("POST", "/sandbox/phones/\(number)/messages", body)
        #expect(answer.status == 201, "\(body): \(answer.body)")
        return answer.json["id"] as? String ?? ""
    }

    private func messages(_ number: String, _ sandbox: TestSandbox) async throws -> [[String: Any]] {
        let answer = try await sandbox.call("GET", "/sandbox/phones/\(number)/messages")
        return answer.json["messages"] as? [[String: Any]] ?? []
    }

    @Test func phonesWriteEveryKind() async throws {
        try await run { sandbox in
            let text = try await write(#"{"to":"\#(Self.bob)","text":"hello"}"#, sandbox)
            let poll = try await write(#"{"to":"\#(Self.bob)","poll":{"name":"Lunch","options":["A","B"]}}"#, sandbox)
            let bodies = [
                #"{"to":"\#(Self.bob)","text":"quoted","quote":"\#(text)"}"#,
                #"{"to":"\#(Self.bob)","text":"@Bob","mentions":["\#(Self.bob)@s.whatsapp.net"]}"#,
                #"{"reaction":{"to":"\#(text)","emoji":"👍"}}"#, #"{"edit":{"id":"\#(text)","text":"hello!"}}"#,
                #"{"pin":"\#(text)"}"#, #"{"unpin":"\#(text)"}"#,
                #"{"to":"\#(Self.bob)","location":{"latitude":1,"longitude":2,"name":"Pier"}}"#,
                #"{"to":"\#(Self.bob)","contact":{"name":"Cy","vCard":"BEGIN:VCARD\nEND:VCARD"}}"#,
                #"{"to":"\#(Self.bob)","disappearing":86400}"#, #"{"to":"\#(Self.bob)","content":"CgJoaQ=="}"#,
                #"{"revoke":"\#(text)"}"#,
            ]
            for body in bodies { _ = try await write(body, sandbox) }
            for kind in ["image", "video", "gif", "audio", "voice", "document", "sticker"] {
                _ = try await write(#"{"to":"\#(Self.bob)","media":{"kind":"\#(kind)","bytes":"AAEC"}}"#, sandbox)
            }
            _ = try await write(#"{"vote":{"poll":"\#(poll)","options":["B"]}}"#, at: Self.bob, sandbox)
            let path = "/sandbox/phones/\(Self.bob)/messages"
            for body in [
                #"{"read":["\#(poll)"]}"#, #"{"played":["\#(poll)"]}"#, #"{"to":"\#(Self.ada)","typing":true}"#,
                #"{"to":"\#(Self.ada)","typing":false}"#,
            ] {
                #expect(try await sandbox.call("POST", path, body).status == 200, "\(body)")
            }
            let sent = try await messages(Self.ada, sandbox)
            #expect(try await messages(Self.bob, sandbox).count == sent.count)
            #expect(sent.last?["choices"] as? [String] == ["B"])
            let receipts = sent.first { $0["id"] as? String == poll }?["receipts"] as? [[String: Any]] ?? []
            #expect(receipts.contains { $0["type"] as? String == "read" })
        }
    }

    @Test(
        arguments: [
            (#"{"text":"x"}"#, ["invalid", "to"]), (#"{"to":"15550002222"}"#, ["invalid", "text"]),
            (#"{"to":"15559999999","text":"x"}"#, ["unknown-recipient", "to"]),
            (#"{"to":"1@g.us","text":"x"}"#, ["unknown-recipient", "to"]),
            (#"{"to":"x y","text":"x"}"#, ["invalid", "to"]), (#"{"revoke":"NONE"}"#, ["unknown-message", nil]),
            (#"{"to":"15550002222","media":{"kind":"film","bytes":""}}"#, ["invalid", "media.kind"]),
            (#"{"to":"15550002222","media":{"kind":"image","bytes":"&"}}"#, ["invalid", "media.bytes"]),
            (#"{"to":"15550002222","poll":{"name":"x","options":[]}}"#, ["invalid", "poll.options"]),
            (#"{"to":"15550002222","content":"/w=="}"#, ["invalid", "content"]),
            (#"{"typing":true}"#, ["invalid", "to"]),
            (#"{"read":["NONE"]}"#, ["unknown-message", nil]), ("[]", ["invalid", "body"]),
        ] as [(String, [String?])]
    )
    func badMessagesAreRefused(_ body: String, error: [String?]) async throws {
        try await run { sandbox in
            let answer = try await sandbox.call("POST", "/sandbox/phones/\(Self.ada)/messages", body)
            #expect(answer.error == error, "\(answer.body)")
            #expect((400..<500).contains(answer.status))
        }
    }

    @Test(
        arguments: [
            (#""base64":"AAEC","type":"image/png""#, "image"), (#""bytes":"AAEC","type":"video/mp4""#, "video"),
            (#""bytes":"AAEC","type":"text/plain""#, "document"), (#""bytes":"AAEC","type":"sticker""#, "sticker"),
        ]
    )
    func theKindOfMediaFollowsFromItsType(_ media: String, kind: String) async throws {
        try await run { sandbox in
            _ = try await write(#"{"to":"\#(Self.bob)","media":{\#(media)}}"#, sandbox)
            #expect(try await messages(Self.bob, sandbox).last?["kind"] as? String == kind)
        }
    }

    @Test func messagesAfterOneAreNamedByIDOrNumber() async throws {
        try await run { sandbox in
            let first = try await write(#"{"to":"\#(Self.bob)","text":"one"}"#, sandbox)
            let second = try await write(#"{"to":"\#(Self.bob)","text":"two"}"#, sandbox)
            let path = "/sandbox/phones/\(Self.bob)/messages?after="
            let number = try #require(try await messages(Self.bob, sandbox).first?["number"] as? Int)
            for seen in [first, "\(number)"] {
                let rest = try await sandbox.call("GET", path + seen).json["messages"] as? [[String: Any]]
                #expect(rest?.compactMap { $0["id"] as? String } == [second])
            }
            #expect(try await sandbox.call("GET", path + "NONE").error == ["invalid", "after"])
        }
    }

    @Test func groupsAreMadeAndChanged() async throws {
        try await run { sandbox in
            let body = #"{"subject":"Harbour","owner":"\#(Self.ada)","members":["\#(Self.bob)"]}"#
            let made = try await sandbox.call("POST", "/sandbox/groups", body)
            #expect(made.status == 201)
            let id = try #require(made.json["id"] as? String)
            let path = "/sandbox/groups/\(id)"
            for (action, by, numbers) in [
                ("promote", Self.ada, [Self.bob]), ("demote", Self.ada, [Self.bob]), ("remove", Self.ada, [Self.bob]),
                ("add", Self.ada, [Self.bob]), ("leave", Self.bob, []), ("join", Self.bob, []),
                ("modify", Self.ada, [Self.bob]),
            ] {
                let list = numbers.map { "\"\($0)\"" }.joined()
                let change = #"{"action":"\#(action)","by":"\#(by)","numbers":[\#(list)]}"#
                let answer = try await sandbox.call("POST", path + "/members", change)
                #expect(answer.status == 200, "\(action): \(answer.body)")
            }
            let settings = #"""
                {"by":"\#(Self.ada)","subject":"Pier","description":"By the sea","announcement":true,"locked":true,
                "ephemeral":86400,"adminsAdd":true,"adminsLink":true,"joinApproval":true}
                """#
            let changed = try await sandbox.call("POST", path + "/settings", settings)
            #expect(changed.json["subject"] as? String == "Pier" && changed.json["locked"] as? Bool == true)
            let picture = Data([0xff, 0xd8, 0xff, 1]).base64EncodedString()
            let order = #"{"by":"\#(Self.ada)","picture":"\#(picture)"}"#
            #expect(try await sandbox.call("POST", path + "/picture", order).json["pictureID"] is String)
            let foreign = #"{"by":"\#(Self.bob)","picture":"\#(picture)"}"#
            #expect(try await sandbox.call("POST", path + "/picture", foreign).error == ["group-refused", nil])
            let text = #"{"by":"\#(Self.ada)","picture":"AAEC"}"#
            #expect(try await sandbox.call("POST", path + "/picture", text).error == ["invalid", "picture"])
            #expect(try await sandbox.call("POST", "/sandbox/groups/1/picture", order).error == ["unknown-group", nil])
            let privacy = "/sandbox/phones/\(Self.bob)/group-privacy"
            #expect(try await sandbox.call("POST", privacy, #"{"groupAdd":"none"}"#).status == 200)
            #expect(try await sandbox.call("DELETE", path).status == 200)
            #expect(try await sandbox.call("GET", "/sandbox/groups").body == #"{"groups":[]}"#)
        }
    }

    @Test func profileAndHistoryAreChanged() async throws {
        try await run { sandbox in
            let path = "/sandbox/phones/\(Self.ada)/profile"
            let body = #"{"about":"At sea","block":["\#(Self.bob)"],"privacy":{"last":"none"},"demandsTokens":true}"#
            let changed = try await sandbox.call("POST", path, body)
            #expect(changed.json["about"] as? String == "At sea")
            #expect(changed.json["blocked"] as? [String] == [Self.bob])
            #expect(try await sandbox.call("GET", path).body == changed.body)
            #expect(try await sandbox.call("POST", path, #"{"picture":"AAEC"}"#).error == ["invalid", "picture"])
            let shoes = #"{"privacy":{"shoes":"x"}}"#
            #expect(try await sandbox.call("POST", path, shoes).error == ["invalid", "privacy"])
            #expect(try await sandbox.call("POST", path, #"{"block":["1"]}"#).error == ["invalid", "block"])
            let nobody = "/sandbox/phones/15559999999/profile"
            #expect(try await sandbox.call("GET", nobody).error == ["unknown-phone", nil])
            let history = "/sandbox/phones/\(Self.ada)/history"
            #expect(try await sandbox.call("POST", history, #"{"chats":2,"messages":3}"#).status == 200)
            let fewer = #"{"chats":-1,"messages":3}"#
            #expect(try await sandbox.call("POST", history, fewer).error == ["invalid", "chats"])
        }
    }

    @Test func everyFaultIsInTheManual() throws {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let page = try String(contentsOf: folder.appending(path: "docs/sandbox.md"), encoding: .utf8)
        for kind in FaultRequest.kinds { #expect(page.contains("`\(kind)`"), "\(kind)") }
    }

    @Test func everyFaultCanBeOrdered() async throws {
        let fields = [
            "drop": #","when":"now""#, "stream-error": #","code":515"#, "refuse-login": #","reason":401"#,
            "delay": #","milliseconds":1"#, "wrong-certificate": #","flaw":"root""#,
            "pairing-code-error": #","code":429"#,
            "mute": #","xmlns":"w:p""#, "refuse-message": #","code":463"#,
            "refuse-prekeys": #","code":503"#, "media-slow": #","milliseconds":1"#,
            "media-refuse-upload": #","code":500"#, "revoke-device": #","number":"15550001111""#,
            "reinstall": #","number":"15550001111""#,
        ]
        try await run { sandbox in
            for kind in FaultRequest.kinds where kind != "server-restart" {
                let answer = try await sandbox.call(
                    "POST",
                    "/sandbox/faults",
                    #"{"kind":"\#(kind)"\#(fields[kind] ?? "")}"#
                )
                #expect((200...201).contains(answer.status), "\(kind): \(answer.body)")
                #expect(answer.json["kind"] as? String == kind)
            }
            #expect(try await sandbox.call("DELETE", "/sandbox/faults").status == 200)
            let unknown = try await sandbox.call("POST", "/sandbox/faults", #"{"kind":"earthquake"}"#)
            #expect(unknown.error == ["invalid", "kind"])
            _ = try await sandbox.call("POST", "/sandbox/faults", #"{"kind":"server-restart"}"#)
        }
    }
}
