import Fleet
import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct GeneratorLimitsTests {
    @Test func limitsAreSaidWithATime() async throws {
        var limits = GeneratorConfiguration()
        limits.attemptsPerHour = 2
        limits.attemptsAtOnce = 1
        try await withGeneratorSite(limits: limits) { (site, _) async throws in
            let id = try await site.begin()
            let busy = try await site.post("/api/session/generate", json: #"{"method":"qr"}"#)
            #expect(busy.status == 429)
            #expect(busy.errorCode == "generator.too_many_at_once")
            #expect(try await site.request("DELETE", "/api/session/\(id)").status == 204)
            let other = try await site.begin()
            #expect(try await site.request("DELETE", "/api/session/\(other)").status == 204)
            let reply = try await site.post("/api/session/generate", json: #"{"method":"qr"}"#)
            #expect(reply.status == 429)
            #expect(reply.errorCode == "generator.too_many_attempts")
            let wait = try #require(reply["Retry-After"].flatMap { Int($0) })
            #expect((3500...3600).contains(wait))
        }
    }

    @Test func limitsCountTheClientBehindATrustedProxy() async throws {
        var limits = GeneratorConfiguration()
        limits.attemptsPerHour = 1
        let trusting = WebConfiguration.test { configuration in
            configuration.proxies = ProxyTrust(ranges: ["127.0.0.1"].compactMap { AddressRange($0) })
        }
        try await withGeneratorSite(limits: limits, configuration: trusting) { (site, _) async throws in
            let begin: (String) async throws -> Int = { address in
                try await site.post("/api/session/generate", json: #"{"method":"qr"}"#, ["X-Forwarded-For": address])
                    .status
            }
            #expect(try await begin("203.0.113.1") == 201)
            #expect(try await begin("203.0.113.1") == 429)
            #expect(try await begin("1.2.3.4, 203.0.113.1") == 429)
            #expect(try await begin("2001:db8::1") == 201)
            #expect(try await begin("2001:db8::ffff:1") == 429)
        }
        try await withGeneratorSite(limits: limits) { (site, _) async throws in
            for (address, status) in [("203.0.113.1", 201), ("203.0.113.2", 429)] {
                let reply = try await site.post(
                    "/api/session/generate",
                    json: #"{"method":"qr"}"#,
                    ["X-Forwarded-For": address]
                )
                #expect(reply.status == status)
            }
        }
    }

    @Test(arguments: [
        "", "x", "WHARF~", "WHARF~%%%", "Gifted~H4sI", "https://mega.nz/file/abc#def", "{\"noiseKey\":1}",
    ])
    func whatIsNoSessionIDIsExplained(text: String) async throws {
        try await withGeneratorSite { (site, _) async throws in
            let json = try JSONSerialization.data(withJSONObject: ["sessionID": text])
            let reply = try await site.post("/api/session/validate", json: String(decoding: json, as: UTF8.self))
            #expect(reply.status == 422)
            #expect(reply.error("field") == "sessionID")
            #expect(reply.errorCode?.contains(".") == true)
        }
    }

    @Test func aLongSessionIDIsReadAndTooLongIsNot() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let long = String(repeating: "A", count: 1_900_000)
            #expect(try await site.post("/api/session/validate", json: #"{"sessionID":"\#(long)"}"#).status == 422)
            let longer = String(repeating: "A", count: 2 << 20)
            #expect(try await site.post("/api/session/validate", json: #"{"sessionID":"\#(longer)"}"#).status == 413)
        }
    }

    @Test func outsideTheSandboxThereAreNoPhones() async throws {
        try await withSite { (site) async throws in
            #expect(try await site.post("/api/sandbox/scan", json: "{}").status == 404)
            #expect(try await site.post("/api/sandbox/link", json: "{}").status == 404)
        }
    }

    @Test func sandboxRefusalsAreTold() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let id = try await site.begin(#"{"method":"code","phone":"15550003333"}"#)
            _ = try await site.follow(id).event("pairing-code")
            let reply = try await site.post("/api/sandbox/link", json: #"{"attempt":"\#(id)","code":"AAAA-AAAA"}"#)
            #expect(reply.status == 409)
            #expect(reply.errorCode == "sandbox.refused")
            let short = try await site.post("/api/sandbox/link", json: #"{"attempt":"\#(id)","code":"AAA"}"#)
            #expect(short.status == 422)
            let unknown = try await site.post("/api/sandbox/scan", json: #"{"attempt":"x"}"#)
            #expect(unknown.status == 404)
        }
    }
}
