import Testing

@testable import WhatsAppSandbox

/// Calls and limits over HTTP.
struct AccountOrderTests {
    @Test func callsAreMadeShownAndEnded() async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.call("POST", "/sandbox/phones", #"{"number":"15550002222","name":"Bob"}"#)
            let path = "/sandbox/phones/15550002222/calls"
            let made = try await sandbox.call("POST", path, #"{"to":"15550001111","video":true}"#)
            #expect(made.status == 201)
            #expect(made.json["video"] as? Bool == true)
            let id = try #require(made.json["id"] as? String)
            #expect(try await sandbox.call("GET", path + "/" + id).json["state"] as? String == "ringing")
            #expect(try await sandbox.call("DELETE", path + "/" + id).status == 200)
            #expect(try await sandbox.call("GET", path + "/" + id).json["state"] as? String == "ended")
            #expect(try await sandbox.call("POST", path, #"{"to":"15559999999"}"#).error == ["unknown-phone", nil])
            #expect(try await sandbox.call("POST", path, #"{"to":"15550002222"}"#).error == ["invalid", "callee"])
            #expect(try await sandbox.call("POST", path, "{}").status == 400)
            #expect(try await sandbox.call("GET", path + "/none").status == 400)
        }
    }

    @Test func limitsArePut() async throws {
        try await TestSandbox.run { sandbox in
            let path = "/sandbox/phones/15550001111/limits"
            let body = #"{"reachOutLocked":true,"until":1900000000,"newChatsUsed":3,"newChatsTotal":30}"#
            #expect(try await sandbox.call("POST", path, body).status == 200)
            #expect(try await sandbox.call("POST", path, #"{"reachOutLocked":7}"#).status == 400)
            let other = try await sandbox.call("POST", "/sandbox/phones/15559999999/limits", "{}")
            #expect(other.error == ["unknown-phone", nil])
        }
    }
}
