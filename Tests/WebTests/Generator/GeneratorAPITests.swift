import Fleet
import Foundation
import Testing
import WhatsApp
import WhatsAppSandbox

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct GeneratorAPITests {
    @Test func aPhoneIsLinkedByQR() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let reply = try await site.post(
                "/api/session/generate",
                json: #"{"method":"qr","format":"exclamation-gzip","prefix":"BOT"}"#
            )
            #expect(reply.status == 201)
            let answer = try reply.json()
            let id = try #require(answer["id"] as? String)
            #expect(answer["webSocket"] as? String == "/ws")
            #expect(answer["topic"] as? String == "generator:\(id)")
            #expect(reply["Location"] == "/api/session/\(id)")
            #expect(reply["Cache-Control"] == "no-store")
            #expect((answer["expiresAt"] as? String)?.hasSuffix("Z") == true)

            let client = try await site.follow(id)
            let qr = try await client.event("qr")
            #expect((qr["svg"] as? String)?.hasPrefix("<svg") == true)
            #expect(qr["expiresAt"] as? String != nil)

            let scanned = try await site.post("/api/sandbox/scan", json: #"{"attempt":"\#(id)"}"#)
            #expect(scanned.status == 204)
            let jid = try #require(try await client.event("connected")["jid"] as? String)
            #expect(jid.hasPrefix(TestPhones.number))
            let generated = try await client.event("session-generated")
            let session = try #require(generated["sessionID"] as? String)
            #expect(session.hasPrefix("BOT!"))
            #expect(generated["dialect"] as? String == "exclamation-gzip")

            let shown = try await site.get("/api/session/\(id)")
            #expect(try shown.json()["state"] as? String == "done")
            #expect(!shown.text.contains(session.suffix(40)))

            let checked = try await site.post(
                "/api/session/validate",
                json: #"{"sessionID":"\#(session)","checkLogin":true}"#
            )
            let report = try checked.json()
            #expect(report["valid"] as? Bool == true)
            #expect(report["phone"] as? String == TestPhones.number)
            #expect((report["shape"] as? [String: Any])?["prefix"] as? String == "BOT")
            #expect((report["login"] as? [String: Any])?["ok"] as? Bool == true)

            #expect(try await site.request("DELETE", "/api/session/\(id)").status == 204)
            #expect(try await site.get("/api/session/\(id)").status == 410)
            #expect(try await site.request("DELETE", "/api/session/\(id)").errorCode == "generator.attempt_gone")
        }
    }

    @Test func aPhoneIsLinkedByCode() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let id = try await site.begin(#"{"method":"code","phone":"+1 (555) 000-2222"}"#)
            let client = try await site.follow(id)
            let code = try #require(try await client.event("pairing-code")["code"] as? String)
            #expect(code.count == 8)
            let again = try await site.post("/api/session/\(id)/code", json: #"{"phone":"15550002222"}"#)
            #expect(again.status == 429)
            #expect(again.errorCode == "generator.code_outstanding")
            #expect(again["Retry-After"] != nil)
            let split = "\(code.prefix(4))-\(code.suffix(4))".lowercased()
            let linked = try await site.post("/api/sandbox/link", json: #"{"attempt":"\#(id)","code":"\#(split)"}"#)
            #expect(linked.status == 204, "\(linked.text)")
            let generated = try await client.event("session-generated")
            #expect((generated["sessionID"] as? String)?.hasPrefix("WHARF~") == true)
        }
    }

    @Test func theQRComesAsPictureAndText() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let id = try await site.begin()
            let text = try #require(try await site.follow(id).event("qr")["text"] as? String)
            let path = "/api/session/qr/\(id)"
            for accept in [
                "*/*", "image/*", "image/svg+xml", "image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.5",
            ] {
                let reply = try await site.get(path, ["Accept": accept])
                #expect(reply["Content-Type"] == "image/svg+xml")
                #expect(reply.text.hasPrefix("<svg"))
                #expect(reply["Cache-Control"] == "no-store")
                #expect(reply["X-Expires-At"]?.hasSuffix("Z") == true)
                #expect(reply.all("Vary").joined(separator: ",").contains("Accept"))
            }
            let png = try await site.get(path, ["Accept": "image/svg+xml;q=0.1, image/png"])
            #expect(png["Content-Type"] == "image/png")
            #expect(png.body.starts(with: [0x89, 0x50, 0x4e, 0x47]))
            let plain = try await site.get(path, ["Accept": "text/plain"])
            #expect(plain.text == text)
            let none = try await site.get(path, ["Accept": "application/pdf"])
            #expect(none.status == 406)
            #expect(none.errorCode == "request.not_acceptable")
            #expect(try await site.request("HEAD", path).status == 200)
        }
    }

    @Test(arguments: [
        ("", 400, "request.malformed_json", nil), ("{", 400, "request.malformed_json", nil),
        ("[]", 400, "request.not_an_object", nil), ("{}", 422, "request.missing_field", "method"),
        (#"{"method":null}"#, 422, "request.missing_field", "method"),
        (#"{"method":7}"#, 422, "request.wrong_type", "method"),
        (#"{"method":"magic"}"#, 422, "request.invalid_field", "method"),
        (#"{"method":"qr","method":"qr"}"#, 400, "request.duplicate_field", "method"),
        (#"{"method":"qr","colour":"red"}"#, 422, "request.unknown_field", "colour"),
        (#"{"method":"code"}"#, 422, "request.missing_field", "phone"),
        (#"{"method":"code","phone":"0049 170"}"#, 422, "request.invalid_field", "phone"),
        (#"{"method":"code","phone":"12"}"#, 422, "request.invalid_field", "phone"),
        (#"{"method":"code","phone":"1234567890123456"}"#, 422, "request.invalid_field", "phone"),
        (#"{"method":"code","phone":"ring me"}"#, 422, "request.invalid_field", "phone"),
        (#"{"method":"code","phone":""}"#, 422, "request.invalid_field", "phone"),
        (#"{"method":"qr","format":"zip"}"#, 422, "request.invalid_field", "format"),
        (#"{"method":"qr","prefix":"a b"}"#, 422, "request.invalid_field", "prefix"),
        (#"{"method":"qr","prefix":"a___b"}"#, 422, "request.invalid_field", "prefix"),
    ])
    func badRequestsAreExplained(json: String, status: Int, code: String, field: String?) async throws {
        try await withSite { (site) async throws in
            let reply = try await site.post("/api/session/generate", json: json)
            #expect(reply.status == status)
            #expect(reply.errorCode == code)
            #expect(reply.error("field") == field)
            #expect(reply.error("message")?.isEmpty == false)
        }
    }

    @Test func bodiesAreJSONByTheirType() async throws {
        try await withSite { (site) async throws in
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
                let reply = try await site.request(
                    "POST",
                    "/api/session/generate",
                    ["Content-Type": type],
                    body: Array(#"{"method":"qr"}"#.utf8)
                )
                #expect(reply.status == 415, "\(type)")
                #expect(reply.errorCode == "request.unsupported_content_type")
            }
            let reply = try await site.post(
                "/api/session/generate",
                json: "{}",
                ["Content-Type": "Application/JSON; charset=utf-8"]
            )
            #expect(reply.status == 422)
        }
    }

    @Test func deepNestingIsRefused() async throws {
        try await withSite { (site) async throws in
            let json = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
            let reply = try await site.post("/api/session/generate", json: json)
            #expect(reply.status == 400)
            #expect(reply.errorCode == "request.json_too_deep")
        }
    }

    @Test func unknownAttemptsAreUnknown() async throws {
        try await withSite { (site) async throws in
            for id in [
                "AAAAAAAAAAAAAAAAAAAAAAAA", "x", "..", String(repeating: "A", count: 5000), "%00",
                "AAAA+AAA/AAAAAAAAAAAAAAA",
            ] {
                for (method, path, json) in [
                    ("GET", "/api/session/qr/\(id)", nil), ("DELETE", "/api/session/\(id)", nil),
                    ("POST", "/api/session/\(id)/code", #"{"phone":"15550001111"}"#),
                    ("POST", "/api/session/\(id)/passkey", #"{"assertion":{}}"#),
                    ("POST", "/api/session/\(id)/passkey/confirm", "{}"), ("GET", "/generate/\(id)", nil),
                ] {
                    let reply = try await site.request(
                        method,
                        path,
                        json == nil ? [:] : ["Content-Type": "application/json"],
                        body: json.map { Array($0.utf8) }
                    )
                    #expect(reply.status == 404, "\(method) \(path.prefix(60))")
                }
            }
        }
    }

    @Test func codesArePossibleOnlyWhenReady() async throws {
        try await withGeneratorSite { (site, sandbox) async throws in
            await sandbox.shutdown()
            let id = try await site.begin()
            let reply = try await site.post("/api/session/\(id)/code", json: #"{"phone":"15550001111"}"#)
            #expect(reply.status == 409)
            #expect(reply.errorCode == "generator.not_ready_for_code")
            let qr = try await site.get("/api/session/qr/\(id)")
            #expect(qr.status == 404)
            #expect(qr.errorCode == "generator.no_qr")
        }
    }

    @Test func aPasskeyIsHandedOver() async throws {
        try await withGeneratorSite(hasPasskey: true) { (site, sandbox) async throws in
            let id = try await site.begin()
            let client = try await site.follow(id)
            _ = try await client.event("qr")
            let early = try await site.post("/api/session/\(id)/passkey", json: #"{"assertion":{"id":"x"}}"#)
            #expect(early.status == 409)
            #expect(early.errorCode == "generator.no_passkey_requested")
            for (json, status) in [(#"{"assertion":"x"}"#, 422), ("{}", 422), (#"{"assertion":[]}"#, 422)] {
                #expect(try await site.post("/api/session/\(id)/passkey", json: json).status == status)
            }
            #expect(try await site.request("POST", "/api/session/\(id)/passkey/confirm").status == 409)

            #expect(try await site.post("/api/sandbox/scan", json: #"{"attempt":"\#(id)"}"#).status == 204)
            let passkey = try await client.event("passkey")
            #expect(passkey["kind"] as? String == "assertion")
            #expect(passkey["deadline"] as? String != nil)
            let options = try #require(passkey["options"] as? String)
            #expect((passkey["text"] as? String)?.isEmpty == false)
            let assertion = try await sandbox.passkeyAssertion(of: TestPhones.number, options: Array(options.utf8))
            let json = #"{"assertion":\#(String(decoding: assertion, as: UTF8.self))}"#
            #expect(try await site.post("/api/session/\(id)/passkey", json: json).status == 202)
            let confirmation = try await client.event("passkey")
            #expect(confirmation["kind"] as? String == "confirmation")
            #expect((confirmation["confirmationCode"] as? String)?.isEmpty == false)
            #expect(try await site.request("POST", "/api/session/\(id)/passkey/confirm").status == 202)
            _ = try await client.event("session-generated")
        }
    }
}
