import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// The control API and the page over HTTP.
@Suite(.serialized) struct ControlAPITests {
    private let companion = TestCompanion()

    @Test func serverDescribesItself() async throws {
        try await TestSandbox.run { sandbox in
            let answer = try await sandbox.call("GET", "/sandbox")
            #expect(answer.status == 200)
            #expect(answer.json["webSocketURL"] as? String == "ws://127.0.0.1:\(sandbox.port)/ws/chat")
            #expect((answer.json["noiseRootKey"] as? String).map(hex) == sandbox.rootKey)
            #expect(answer.json["phones"] as? Int == 1)
            #expect(answer.json["connections"] as? Int == 0)
            #expect(answer.json["mediaURL"] as? String == "https://127.0.0.1:\(sandbox.port)")
        }
    }

    @Test func phonesComeAndGo() async throws {
        try await TestSandbox.run(phone: nil) { sandbox in
            let body = #"{"number":"15550001111","name":"Ada","platform":"smba","businessName":"Ada & Co"}"#
            let made = try await sandbox.call("POST", "/sandbox/phones", body)
            #expect(made.status == 201)
            #expect(made.json["jid"] as? String == "15550001111@s.whatsapp.net")
            #expect((made.json["lid"] as? String)?.count == 19)
            let again = try await sandbox.call("POST", "/sandbox/phones", body)
            #expect(again.status == 409)
            #expect(again.error == ["phone-exists", "number"])
            let list = try await sandbox.call("GET", "/sandbox/phones")
            #expect((list.json["phones"] as? [[String: Any]])?.count == 1)
            #expect(try await sandbox.call("GET", "/sandbox/phones/15550001111").json["name"] as? String == "Ada")
            #expect(try await sandbox.call("DELETE", "/sandbox/phones/15550001111").status == 200)
            #expect(try await sandbox.call("GET", "/sandbox/phones/15550001111").error == ["unknown-phone", nil])
        }
    }

    @Test func scanLinksAndDevicesAreListedAndUnlinked() async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await sandbox.register(companion)
            let reference = try #require(try await socket.next().child("pair-device")?.child("ref")?.text)
            let body = try JSONEncoder().encode(["qr": companion.qr(reference)])
            async let scan = sandbox.call(
                "POST",
                "/sandbox/phones/15550001111/scan",
                String(decoding: body, as: UTF8.self)
            )
            guard case .reply(let reply) = try companion.check(try await socket.next()) else { return }
            try await socket.send(reply)
            let answer = try await scan
            #expect(answer.status == 200)
            #expect(answer.json["status"] as? String == "linked")
            let path = "/sandbox/phones/15550001111/devices"
            let devices = try await sandbox.call("GET", path).json["devices"] as? [[String: Any]]
            #expect(devices?.first?["jid"] as? String == "15550001111:1@s.whatsapp.net")
            #expect(try await sandbox.call("DELETE", path + "/7").status == 404)
            #expect(try await sandbox.call("DELETE", path + "/x").status == 404)
            #expect(try await sandbox.call("DELETE", path + "/1").status == 200)
            #expect((try await sandbox.call("GET", path).json["devices"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func passkeyIsDemandedAndSigned() async throws {
        try await TestSandbox.run(phone: NewPhone(number: TestSandbox.number, hasPasskey: true)) { sandbox in
            let socket = try await sandbox.register(companion)
            let reference = try #require(try await socket.next().child("pair-device")?.child("ref")?.text)
            let body = try JSONEncoder().encode(["qr": companion.qr(reference)])
            let scan = try await sandbox.call(
                "POST",
                "/sandbox/phones/15550001111/scan",
                String(decoding: body, as: UTF8.self)
            )
            #expect(scan.status == 202)
            let options = try JSONSerialization.data(withJSONObject: ["options": try #require(scan.json["options"])])
            let path = "/sandbox/phones/15550001111/passkey-assertion"
            let signed = try await sandbox.call("POST", path, String(decoding: options, as: UTF8.self))
            #expect(signed.status == 200)
            #expect(signed.json["type"] as? String == "public-key")
            #expect((signed.json["response"] as? [String: Any])?["signature"] is String)
            #expect(try await sandbox.call("POST", path, "{}").error == ["invalid", "options"])
            let short = #"{"options":{"challenge":"!","rpId":"whatsapp.com"}}"#
            #expect(try await sandbox.call("POST", path, short).error == ["invalid", "options.challenge"])
        }
    }

    @Test func faultsAreListedAndCleared() async throws {
        try await TestSandbox.run { sandbox in
            let made = try await sandbox.call("POST", "/sandbox/faults", #"{"kind":"bad-hmac","times":3}"#)
            #expect(made.status == 201)
            let id = try #require(made.json["id"] as? Int)
            _ = try await sandbox.call("POST", "/sandbox/faults", #"{"kind":"split-frames","number":"15550001111"}"#)
            let list = try await sandbox.call("GET", "/sandbox/faults").json["faults"] as? [[String: Any]]
            #expect(list?.map { $0["kind"] as? String } == ["bad-hmac", "split-frames"])
            #expect(list?.first?["remaining"] as? Int == 3)
            #expect(try await sandbox.call("DELETE", "/sandbox/faults/\(id)").status == 200)
            #expect(try await sandbox.call("DELETE", "/sandbox/faults/\(id)").error == ["unknown-fault", nil])
            #expect(try await sandbox.call("DELETE", "/sandbox/faults").status == 200)
            #expect((try await sandbox.call("GET", "/sandbox/faults").json["faults"] as? [Any])?.isEmpty == true)
            let once = try await sandbox.call("POST", "/sandbox/faults", #"{"kind":"drop"}"#)
            #expect(once.status == 200)
            #expect(once.json["affected"] as? Int == 0)
        }
    }

    @Test(
        arguments: [
            ("POST", "/sandbox/phones", "", 400, ["invalid", "body"]),
            ("POST", "/sandbox/phones", "{", 400, ["invalid", "body"]),
            ("POST", "/sandbox/phones", "{}", 400, ["invalid", "number"]),
            ("POST", "/sandbox/phones", #"{"number":15550001111}"#, 400, ["invalid", "number"]),
            ("POST", "/sandbox/phones", #"{"number":"0155"}"#, 400, ["invalid", "number"]),
            ("POST", "/sandbox/phones", #"{"number":"+15550001111"}"#, 400, ["invalid", "number"]),
            ("POST", "/sandbox/phones", #"{"number":"15550002222","name":""}"#, 400, ["invalid", "name"]),
            ("POST", "/sandbox/phones", #"{"number":"15550002222","platform":"nokia"}"#, 400, ["invalid", "platform"]),
            (
                "POST", "/sandbox/phones", #"{"number":"15550002222","deviceLimit":-1}"#, 400,
                ["invalid", "deviceLimit"]
            ),
            ("POST", "/sandbox/phones/15550001111/scan", "{}", 400, ["invalid", "qr"]),
            ("POST", "/sandbox/phones/15550001111/scan", #"{"qr":"rubbish"}"#, 400, ["invalid", "qr"]),
            ("POST", "/sandbox/phones/15559999999/scan", #"{"qr":"rubbish"}"#, 404, ["unknown-phone", nil]),
            ("POST", "/sandbox/phones/15550001111/link", #"{"code":"ABCD1234"}"#, 409, ["no-code", "code"]),
            ("POST", "/sandbox/phones/15559999999/link", #"{"code":"ABCD1234"}"#, 404, ["unknown-phone", nil]),
            ("POST", "/sandbox/phones/15550001111/passkey-assertion", "{}", 400, ["invalid", "options"]),
            ("POST", "/sandbox/faults", #"{"kind":"meteor"}"#, 400, ["invalid", "kind"]),
            ("PUT", "/sandbox/phones", "{}", 405, ["method", nil]), ("POST", "/sandbox", "{}", 405, ["method", nil]),
            ("GET", "/sandbox/phones/15550001111/scan", nil, 405, ["method", nil]),
            ("GET", "/sandbox/nothing", nil, 404, ["not-found", nil]),
            ("GET", "/nothing", nil, 404, ["not-found", nil]),
            ("GET", "/sandbox/phones/%ff%00/devices", nil, 404, ["unknown-phone", nil]),
            ("GET", "/ws/chat", nil, 426, ["upgrade-required", nil]), ("POST", "/ws/chat", "", 405, ["method", nil]),
        ] as [(String, String, String?, Int, [String?])]
    )
    func badRequestsAreAnswered(_ method: String, path: String, body: String?, status: Int, error: [String?])
        async throws
    {
        try await TestSandbox.run { sandbox in
            let answer = try await sandbox.call(method, path, body)
            #expect(answer.status == status)
            #expect(answer.error == error)
        }
    }

    @Test func largeBodiesAreRefused() async throws {
        try await TestSandbox.run { sandbox in
            let large = #"{"number":"\#(String(repeating: "1", count: 70_000))"}"#
            #expect(try await sandbox.call("POST", "/sandbox/phones", large).status == 413)
            let connection = try await RawConnection.open(port: sandbox.port)
            try await connection.write("POST /sandbox/phones HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
            for _ in 0..<6 { try? await connection.write(chunk) }
            #expect(try TestSandbox.answer(await connection.readToEnd()).status == 413)
        }
    }

    @Test func deepJSONIsRefused() async throws {
        try await TestSandbox.run { sandbox in
            let deep = String(repeating: "[", count: 30_000)
            let answer = try await sandbox.call("POST", "/sandbox/phones", deep)
            #expect(answer.error == ["invalid", "body"])
        }
    }

    @Test func otherSitesPagesAreKeptOut() async throws {
        try await TestSandbox.run { sandbox in
            let own = "Origin: http://127.0.0.1:\(sandbox.port)\r\n"
            #expect(try await sandbox.call("GET", "/sandbox", headers: own).status == 200)
            let other = try await sandbox.call("DELETE", "/sandbox/faults", headers: "Origin: https://example.com\r\n")
            #expect(other.status == 403)
        }
    }

    @Test func connectionIsKeptForFurtherRequests() async throws {
        try await TestSandbox.run { sandbox in
            let connection = try await RawConnection.open(port: sandbox.port)
            for _ in 0..<3 {
                try await connection.write("GET /sandbox/faults HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = try await connection.readHead().lowercased()
                #expect(head.contains("connection: keep-alive"))
                #expect(String(decoding: try await connection.read(13), as: UTF8.self) == #"{"faults":[]}"#)
            }
            // Two at once are answered one after the other.
            try await connection.write(String(repeating: "GET /sandbox/faults HTTP/1.1\r\nHost: x\r\n\r\n", count: 2))
            for _ in 0..<2 {
                _ = try await connection.readHead()
                _ = try await connection.read(13)
            }
        }
    }

    @Test func noHTTPIsAnswered400() async throws {
        try await TestSandbox.run { sandbox in
            let connection = try await RawConnection.open(port: sandbox.port)
            try await connection.write("\u{1}\u{2}\u{3} rubbish\r\n\r\n")
            #expect(try TestSandbox.answer(await connection.readToEnd()).status == 400)
        }
    }

    @Test func pageHasAStrictPolicyAndNoOutsideAssets() async throws {
        try await TestSandbox.run { sandbox in
            let page = try await sandbox.call("GET", "/")
            #expect(page.status == 200)
            #expect(page.head.contains("content-security-policy: default-src 'none'"))
            #expect(!page.body.contains("http://") && !page.body.contains("https://"))
            #expect(!page.body.contains("style=") && !page.body.contains("onclick"))
            for path in ["/sandbox.css", "/sandbox.js"] {
                #expect(page.body.contains(path))
                #expect(try await sandbox.call("GET", path).status == 200)
            }
        }
    }

    @Test func logShowsStanzasWithoutContent() async throws {
        try await TestSandbox.run { sandbox in
            let socket = try await sandbox.register(companion)
            let reference = try #require(try await socket.next().child("pair-device")?.child("ref")?.text)
            let log = try await sandbox.call("GET", "/sandbox/log")
            #expect(log.body.contains("<pair-device><ref>58 bytes</ref>"))
            #expect(!log.body.contains(reference))
        }
    }
}
